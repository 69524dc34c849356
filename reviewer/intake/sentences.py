"""Where sentences begin within a paragraph; rules for text that teachers and pupils write.

Invariant: `sentence_starts` yields rising positions inside the text, each of a character that is
not white space; it changes nothing, and takes time proportional to the length of the text.

A full stop is a boundary unless an abbreviation, a number, an address or a quotation that goes on
says otherwise; a stop without a space after it, or with one before it, still is. Measured against
five libraries in docs/decisions/0024-sentences.md.
"""

import re
from collections.abc import Iterator

from reviewer.intake.abbreviations import (
    BEFORE_NAMES,
    BEFORE_NUMBERS,
    OPENING_WORDS,
    SAYERS,
    SAYING,
    SHORTENED,
    UNITS,
)

_CLOSERS = "\"'”’»)\\]）」』】〉》"
_OPENERS = "\"'“‘«(\\[（「『【〈《¿¡"
_EMOJI = "\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55\u231a\u231b\u23e9-\u23fa\ufe0f\u200d"
_FULL_WIDTH = "。！？｡．"
_STRONG = "!?؟।॥۔։።፧።།။៕⁇⁈⁉‽"

_TERMINATOR = re.compile(
    rf"(?P<wide>[{_FULL_WIDTH}]+)(?P<wide_close>[{_CLOSERS}]*)"
    rf"|(?P<stop>(?:[.…]|[{_STRONG}])+)(?P<close>[{_CLOSERS}]*)(?P<emoji>(?:\s*[{_EMOJI}])*)"
    rf"|(?P<face>[{_EMOJI}]+)"
)
_SPACE = re.compile(r"\s*")
_OPENED = re.compile(rf"[{_OPENERS}*_~#>•·–—-]*")
_WORD_BEFORE = re.compile(r"[^\s(\[{“\"‘—/]+\Z")
_ADDRESS = re.compile(r"://|@|\A(?:www|ftp)\.|\A/|\\", re.IGNORECASE)
_INNER_STOPS = re.compile(r"(?:[^\W\d_]{1,3}\.)+[^\W\d_]{1,3}\Z")
_ENUMERATOR = re.compile(r"[\s(*_#>-]*(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})\Z")
_CAPITAL_WORD = re.compile(r"[^\W\d_a-zß-öø-ÿ][a-zß-öø-ÿ’']+(?!\.[a-z0-9])|I(?=[\s’'])|A(?=\s)")
_NEXT_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)?")
_SAID = re.compile(rf"(?:[^\W\d_][\w’'-]*\.?\s+){{0,3}}?(?:{SAYING})\b")
_GOES_ON = re.compile(r"[,;:)\]}，、；：）」』】％%&/=+]|[.…]")
_QUOTING = re.compile(r"[とっ、，,]")
_CAMEL = re.compile(r"[a-z]+[A-Z]")
_BACK = 40  # characters: no abbreviation or address part that matters is longer
_WORDS_BEFORE_TIME = 4  # "At 5 a.m. Ms. Brown came": with fewer words before it, a time goes on
_SURE_WORD = 4  # letters: a word this long before a stop is no abbreviation that is not listed


def sentence_starts(text: str) -> Iterator[int]:
    """Positions at which a new sentence begins, rising; the first sentence's start is not among.

    >>> text = "Ms. Brown waits. Then she reads."
    >>> [text[at:] for at in sentence_starts(text)]
    ['Then she reads.']
    """
    begun = 0
    for found in _TERMINATOR.finditer(text):
        start = _SPACE.match(text, found.end()).end()  # type: ignore[union-attr]  # matches nothing
        if start >= len(text) or start <= begun:
            continue
        if _ends_sentence(text, begun, found, start):
            begun = start
            yield start


def _ends_sentence(text: str, begun: int, found: re.Match[str], start: int) -> bool:
    if found["wide"]:
        return not (found["wide_close"] and _QUOTING.match(text, start))
    after = _OPENED.match(text, start).end()  # type: ignore[union-attr]  # matches nothing
    spaced = start > found.end()
    if found["face"]:
        return spaced and text[after : after + 1].isupper()
    if _GOES_ON.match(text, start) or after >= len(text):
        return False
    if found["close"] and (text[after].islower() or _says_who(text, after)):
        return False
    if not spaced:
        return _ends_without_space(text, found, start)
    if not text[after].isalnum():
        return True
    stop = found["stop"]
    if stop == ".":
        return _full_stop_ends(text, begun, found, after)
    if set(stop) <= {".", "…"}:
        return _capital_word(text, after) and text[after : after + 2] not in ("I ", "I’", "I'")
    return True


def _ends_without_space(text: str, found: re.Match[str], start: int) -> bool:
    """Whether the writer forgot the space: ``lunch.Then``, ``lunch .Then``, ``Really?Yes``."""
    if found["emoji"]:
        return text[start].isupper()
    before = _word_before(text, found.start())
    if _ADDRESS.search(before) or _ADDRESS.search(text[start : start + _BACK].split()[0]):
        return False
    if found["stop"] not in (".", ".."):
        return text[start].isupper()
    if not before:  # a space before the stop
        return bool(_CAPITAL_WORD.match(text, start))
    whole_word = before[-1].isdigit() or (before[-1].islower() and len(before) >= 3)
    return (whole_word or bool(found["close"])) and bool(_CAPITAL_WORD.match(text, start))


def _full_stop_ends(text: str, begun: int, found: re.Match[str], after: int) -> bool:
    """Whether a single full stop with a space after it ends the sentence."""
    if found["close"]:
        return True
    at = found.start()
    word = _word_before(text, at)
    lower = word.lower().lstrip("’'")
    number_next = text[after].isdigit()
    if _ADDRESS.search(word):
        return not text[after].islower()
    if _ENUMERATOR.match(text, begun, at):  # "1. Greet each other": the mark of an item
        return False
    if lower in BEFORE_NUMBERS and number_next:
        return False
    if _INNER_STOPS.match(word):
        return _after_initials(text, begun, at, lower, after)
    if text[after].islower() and not _CAMEL.match(text, after):
        return word.isalpha() and len(word) >= _SURE_WORD and lower not in SHORTENED
    if lower in BEFORE_NAMES:
        return lower not in ("mr", "mrs", "ms", "mx", "dr") and _opens(text, after)
    if lower in UNITS:
        return not number_next
    if lower in SHORTENED or (len(word) == 1 and word.isupper() and word != "I"):
        return _opens(text, after)
    return True


def _after_initials(text: str, begun: int, at: int, lower: str, after: int) -> bool:
    """After ``e.g``, ``a.m``, ``U.S``, ``Ph.D`` and the like."""
    if lower in ("e.g", "i.e") or text[after].islower():
        return False
    if lower in ("a.m", "p.m"):
        long_enough = len(text[max(begun, at - 200) : at].split()) >= _WORDS_BEFORE_TIME
        return long_enough or _opens(text, after)
    return _opens(text, after)


def _opens(text: str, after: int) -> bool:
    """Whether the next word is one that rarely follows an abbreviation within a sentence."""
    word = _NEXT_WORD.match(text, after)
    return word is not None and word.group() in OPENING_WORDS


def _says_who(text: str, after: int) -> bool:
    """Whether what was said goes on with who said it: ``Maya asked``, ``the teacher replied``."""
    first = _NEXT_WORD.match(text, after)
    if first is None or (first.group() in OPENING_WORDS and first.group() not in SAYERS):
        return False
    return _SAID.match(text, after) is not None


def _capital_word(text: str, after: int) -> bool:
    return text[after].isupper() or not (text[after].islower() or text[after].isdigit())


def _word_before(text: str, at: int) -> str:
    """The characters directly before `at`, back to white space or an opening sign."""
    word = _WORD_BEFORE.search(text[max(0, at - _BACK) : at])
    return word.group() if word else ""
