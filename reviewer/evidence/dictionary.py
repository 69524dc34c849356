"""How common an English word is, and whether it is one.

Invariant: answers depend on the word alone; the word list is that of the pinned pyspellchecker.
"""

import math
from functools import lru_cache

from spellchecker import SpellChecker

COMMONEST, RAREST = 0.5, 8.0  # bounds of `rarity`

_ENDINGS = (
    *(("s", ""), ("es", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("er", "")),
    *(("er", "e"), ("ly", ""), ("ness", ""), ("less", ""), ("ies", "y"), ("ied", "y")),
)


@lru_cache(maxsize=1)
def _list() -> SpellChecker:
    return SpellChecker(language="en", distance=1)


@lru_cache(maxsize=50_000)
def is_word(word: str) -> bool:
    """Whether a lower-case word is English, also as a regular form of a known word."""
    known = _list().word_frequency
    if len(word) == 1:
        return word in "ai"
    if word in known:
        return True
    stem, _, rest = word.partition("'")
    if rest:
        return rest in {"s", "t", "ll", "ve", "re", "d", "m"} and is_word(stem)
    return any(
        word.endswith(ending)
        and len(word) - len(ending) >= 3
        and word[: len(word) - len(ending)] + replaced in known
        for ending, replaced in _ENDINGS
    )


@lru_cache(maxsize=50_000)
def rarity(word: str) -> float:
    """Orders of magnitude by which a lower-case word is rarer than all words together.

    In [COMMONEST, RAREST]; about 1.5 for "the", 4.5 for "patience", RAREST for unknown words.
    """
    known = _list().word_frequency
    count = known[word] if word in known else 0  # noqa: SIM401 (it has no get)
    return min(RAREST, max(COMMONEST, -math.log10((count + 1) / known.total_words)))
