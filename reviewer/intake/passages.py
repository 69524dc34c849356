"""Spans of a text: its paragraphs, the sentences in them, and pieces of sentences too long to cite.

Invariant: spans lie within the text, rise, do not overlap and begin and end with a character that
is not white space; together they cover every such character. All in time proportional to the text.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise

from reviewer.intake.sentences import sentence_starts

Span = tuple[int, int]
"""Characters ``[start, end)``."""

MOST_WORDS = 80
"""A sentence with more words is cut, so that every citation is short enough to be checked."""

_MOST_CHARACTERS = 800  # about 100 words; bounds text without spaces

_LINE = re.compile(r"[^\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_BREAK = re.compile(r"[\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_MARKER = re.compile(
    r"\s*(?:[-+*•◦▪▫■□●○‣⁃∙·–—>]|#{1,6}|\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)])(?:\s|\Z)"
)
_UNJOINED = re.compile(r"\s*(?:#{1,6}\s|\||```|~~~)")  # headings, tables and code end with the line
_WORD = re.compile(r"\S+")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_PAUSE = re.compile(r"[,;:—–、，；：][\"'”’)\]]*\Z")
_INNER_PAUSE = "、，；：,;:"

_WRAPPED_AT = range(50, 121)  # characters a line; longer lines were not wrapped by hand
_LONG_LINES = 0.05  # share of lines that may be longer, such as addresses
_LIST_LINE = 30  # characters: a shorter line before a small letter is an item, not wrapped text
_LOWER_SHARE = 0.5  # of the lines that look wrapped, those that go on in small letters


def paragraphs(text: str) -> Iterator[Span]:
    """Paragraphs, headings, list items and table rows.

    A blank line ends a paragraph; a line end does unless the line was wrapped there.
    """
    lines = _lines(text)
    width = _wrap_width(text, lines)
    begun: Span | None = None
    for before, line in zip([None, *lines], lines, strict=False):
        if begun is not None and before is not None and _goes_on(text, before, line, width):
            begun = begun[0], line[1]
            continue
        if begun is not None:
            yield begun
        begun = line
    if begun is not None:
        yield begun


def sentences(text: str, span: Span) -> Iterator[Span]:
    """The sentences of a paragraph; the cells of a row are apart, long sentences are cut."""
    whole = _whole_sentences(text, span)
    return with_closers(text, (piece for one in whole for piece in cut_long(text, one)))


def with_closers(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """The spans, those without letter or digit (quotation marks, dots) put to the one before."""
    held: Span | None = None
    for start, end in spans:
        if held is not None and _LETTER_OR_DIGIT.search(text, start, end) is None:
            held = held[0], end
            continue
        if held is not None:
            yield held
        held = start, end
    if held is not None:
        yield held


def pieces(text: str, span: Span, starts: Iterable[int]) -> Iterator[Span]:
    """`span` cut at the rising `starts`, each piece without white space around it."""
    begun = span[0]
    for start in (*starts, span[1]):
        piece = trimmed(text, begun, start)
        if piece is not None:
            yield piece
        begun = start


def trimmed(text: str, start: int, end: int) -> Span | None:
    """The span without white space at its ends; null if it holds nothing else."""
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip())
    end -= len(inner) - len(inner.rstrip())
    return (start, end) if start < end else None


def cut_long(text: str, span: Span, most: int = MOST_WORDS) -> Iterator[Span]:
    """`span` whole, or cut at commas or spaces to pieces of at most `most` words each."""
    start, last_pause, count = span[0], -1, 0
    if span[1] - start < min(2 * most, _MOST_CHARACTERS):  # too short for so many words
        yield from pieces(text, span, ())
        return
    at = start
    while (word := _WORD.search(text, at, span[1])) is not None:
        if word.end() - word.start() > _MOST_CHARACTERS:
            yield from pieces(text, (start, word.start()), ())
            yield from _cut_word(text, word.span())
            start, last_pause, count = word.end(), -1, 0
        elif count == most or word.end() - start > _MOST_CHARACTERS:
            cut = last_pause if last_pause > 0 else word.start()
            yield from pieces(text, (start, cut), ())
            start, last_pause, count = cut, -1, 0
            at = cut
            continue
        else:
            count += 1
            if 2 * count > most and _PAUSE.search(text, max(word.end() - 4, start), word.end()):
                last_pause = word.end()
        at = word.end()
    yield from pieces(text, (start, span[1]), ())


def _whole_sentences(text: str, span: Span) -> Iterator[Span]:
    for start, end in _cells(text, span):
        starts = (start + at for at in sentence_starts(text[start:end]))
        yield from pieces(text, (start, end), starts)


def _cells(text: str, span: Span) -> Iterator[Span]:
    """The cells of a row with tabs, or of a Markdown table; whole if it is neither."""
    start, end = span
    marks = []
    if "\t" in text[start:end]:
        marker = _MARKER.match(text, start, end)
        first = marker.end() if marker else start
        marks += [tab.end() for tab in re.finditer(r"\t+", text[first:end])]
        marks = [first + mark for mark in marks]
    elif text[start] == "|":
        marks = [start + bar.start() for bar in re.finditer(r"\|", text[start:end])][1:]
    yield from pieces(text, span, marks)


def _cut_word(text: str, span: Span) -> Iterator[Span]:
    """A stretch without spaces, cut where a reader would pause, never within one character."""
    start, end = span
    while end - start > _MOST_CHARACTERS:
        window = text[start + _MOST_CHARACTERS // 2 : start + _MOST_CHARACTERS]
        pause = max(window.rfind(mark) for mark in _INNER_PAUSE)
        cut = start + (_MOST_CHARACTERS if pause < 0 else _MOST_CHARACTERS // 2 + pause + 1)
        while cut < end and cut - start < 2 * _MOST_CHARACTERS and _joins(text, cut):
            cut += 1
        yield start, cut
        start = cut
    if start < end:
        yield start, end


def _joins(text: str, at: int) -> bool:
    """Whether the character at `at` belongs to the one before: marks, joiners, skin tones."""
    here = text[at]
    return (
        unicodedata.category(here) in ("Mn", "Mc", "Me", "Cf")
        or text[at - 1] == "\u200d"
        or "\U0001f3fb" <= here <= "\U0001f3ff"
        or "\U0001f1e6" <= here <= "\U0001f1ff"
    )


def _lines(text: str) -> list[Span]:
    """The lines with something on them, without white space at their ends."""
    found = (trimmed(text, *line.span()) for line in _LINE.finditer(text))
    return [line for line in found if line is not None]


def _wrap_width(text: str, lines: list[Span]) -> int | None:
    """Characters at which the text was wrapped by hand; null if it was not."""
    lengths = [end - start for start, end in lines]
    short = [length for length in lengths if length <= _WRAPPED_AT[-1]]
    if not short or len(short) < (1 - _LONG_LINES) * len(lengths):
        return None
    width = max(short)
    full = [
        text[after[0]].islower()
        for before, after in pairwise(lines)
        if _adjoin(text, before, after) and _had_no_room(text, before, after, width)
    ]
    wrapped = width in _WRAPPED_AT and full and sum(full) >= _LOWER_SHARE * len(full)
    return width if wrapped else None


def _goes_on(text: str, before: Span, line: Span, width: int | None) -> bool:
    """Whether a line goes on with the paragraph of the line before."""
    if not _adjoin(text, before, line):
        return False
    if _LETTER_OR_DIGIT.search(text, *line) is None:
        return True  # an underline, or a mark of its own, belongs to what is above
    if _MARKER.match(text, line[0], line[1]) or _UNJOINED.match(text, line[0], line[1]):
        return False
    if _UNJOINED.match(text, before[0], before[1]) or "\t" in text[before[0] : before[1]]:
        return False
    if _MARKER.match(text, before[0], before[1]) and _indent(text, line) > _indent(text, before):
        return True
    if text[line[0]].islower() and before[1] - before[0] >= _LIST_LINE:
        return True
    return width is not None and _had_no_room(text, before, line, width)


def _adjoin(text: str, before: Span, line: Span) -> bool:
    """Whether no blank line stands between."""
    return len(_BREAK.findall(text, before[1], line[0])) <= 1


def _indent(text: str, line: Span) -> int:
    """Characters of white space before a line."""
    at = line[0]
    while at > 0 and text[at - 1] in " \t":
        at -= 1
    return line[0] - at


def _had_no_room(text: str, before: Span, line: Span, width: int) -> bool:
    """Whether the first word of a line would not have fitted on the line before."""
    first = _WORD.match(text, line[0], line[1])
    return first is not None and before[1] - before[0] + 1 + first.end() - line[0] > width
