"""Words of a text as the engine counts them, and whether a text repeats another's words.

Invariant: `words` lower-cases, keeps apostrophes inside words (a lost one, U+FFFD, counts as one),
and keeps masked names such as @PERSON1 whole; equal texts always give equal words.
"""

import re
from collections.abc import Iterable, Sequence

_APOSTROPHES = "'’‘�"
_WORD = re.compile(
    rf"@[A-Za-z]+\d*|[^\W\d_]+(?:[{_APOSTROPHES}][^\W\d_]+)*|\d+(?:[.:,/]\d+)*", re.UNICODE
)
_TO_APOSTROPHE = str.maketrans(dict.fromkeys(_APOSTROPHES, "'"))


def tokens(text: str) -> list[str]:
    """The words of `text` as written: letters with inner apostrophes, numbers, masked names."""
    return _WORD.findall(text)


def words(text: str) -> list[str]:
    """The words of `text`, lower case, every kind of apostrophe written as ``'``."""
    return [token.lower().translate(_TO_APOSTROPHE) for token in tokens(text)]


class KnownRuns:
    """All runs of `length` consecutive words that stand in some texts, and the texts themselves."""

    def __init__(self, texts: Iterable[str], length: int) -> None:
        self._length = length
        known = [words(text) for text in texts]
        self._runs = {run for text in known for run in _runs(text, length)}
        self._texts = [f" {' '.join(text)} " for text in known]

    def repeated_in(self, text_words: Sequence[str]) -> bool:
        """Whether any run of `length` of these words stands in one of the texts."""
        return any(run in self._runs for run in _runs(text_words, self._length))

    def hold(self, text_words: Sequence[str]) -> bool:
        """Whether all these words stand, in a row, in one of the texts."""
        sought = f" {' '.join(text_words)} "
        return any(sought in text for text in self._texts)


def _runs(text_words: Sequence[str], length: int) -> list[tuple[str, ...]]:
    return [
        tuple(text_words[start : start + length]) for start in range(len(text_words) - length + 1)
    ]
