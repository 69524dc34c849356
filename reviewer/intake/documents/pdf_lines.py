"""From the lines of a PDF page to its paragraphs: PDF knows where characters stand, and no more.

Invariant: paragraphs hold the characters of the lines in their order; the only ones that change are
line breaks within a paragraph (a space, or nothing between East Asian characters) and the hyphen
of a word broken at a line end.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

BROKEN_WORD = "\x02"
"""Stands at the end of a line for a hyphen that PDFium takes for a word break."""

_MARKER = re.compile(
    r"(?:[•◦▪▫■□●○‣⁃∙·*–—\uf000-\uf0ff-]|\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,4})[.)])\s"
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST_WORD = re.compile(r"([^\W\d_]+)\Z")
_FIRST_WORD = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)")
_FINISHED = re.compile(r"[.!?:…。！？][\"'”’»)\]]*\Z")
_EAST_ASIAN = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_KEPT_PREFIXES = frozenset({"self", "well", "ex", "all", "half", "cross"})
_KEPT_LETTERS = 4  # in each half, if both are words of the document: student-centered

_SIZE_STEP = 0.07  # share by which lines of one paragraph may differ in height
_GAP_STEP = 1.3  # times the distance of lines within paragraphs: a new paragraph
_SAME_LINE = 0.35  # of a line's height: baselines this close are one line
_LEAST_FALL = 0.8  # of a line's height, from one line to the next
_INDENT = 3.0  # line heights by which left edges of one column may differ
_WIDEST_DISTANCE = 2.5  # line heights between the lines of one paragraph
_LINES_OF_A_COLUMN = 3  # fewer do not show where its right edge is
_LEAST_SIZE = 0.1  # points
_SPACE = 0.25  # of a line's height
_NARROW = 0.5  # of the widest column: here a line that starts with a capital starts an item


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page in points from the lower left; `first_word` is a width."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    first_word: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a document, lower case, to judge a hyphen at a line end by."""

    words: frozenset[str]
    compounds: frozenset[str]


def vocabulary(pages: Iterable[Sequence[Line]]) -> Vocabulary:
    """The words that stand within lines, so that no broken half is taken for a word."""
    words: set[str] = set()
    compounds: set[str] = set()
    for lines in pages:
        for line in lines:
            inner = line.text.rpartition(" ")[0] if line.text.endswith(BROKEN_WORD) else line.text
            for word in _WORD.findall(inner.lower()):
                (compounds if "-" in word else words).add(word)
    return Vocabulary(frozenset(words), frozenset(compounds))


def paragraphs(lines: Sequence[Line], known: Vocabulary) -> list[str]:
    """The paragraphs of one page, in the order of its lines."""
    if not lines:
        return []
    page = _Page(lines)
    found = [[lines[0].text]]
    for at, (before, line) in enumerate(pairwise(lines)):
        if _on_one_line(before, line):
            found[-1] += ["\t", line.text]
        elif page.starts_paragraph(before, line, at):
            found.append([line.text])
        else:
            kept, glue = seam(found[-1][-1], line.text, known)
            found[-1][-1:] = [kept, glue, line.text]
    texts = ("".join(parts).replace(BROKEN_WORD, "-").strip() for parts in found)
    return [text for text in texts if text]


def continues(before: str, after: str) -> bool:
    """Whether a paragraph goes on over a page break: unfinished above, lower case below."""
    return bool(before) and not _FINISHED.search(before) and after[:1].islower()


def seam(before: str, after: str, known: Vocabulary) -> tuple[str, str]:
    """What is left of a line before the next one of its paragraph, and what comes between them."""
    if before.endswith(BROKEN_WORD):
        return before[:-1], "-" if _keeps_hyphen(before[:-1], after, known) else ""
    if before.endswith("-") and before[-2:-1].isalnum() and after[:1].isalnum():
        return before, ""
    if _EAST_ASIAN.match(before[-1:]) and _EAST_ASIAN.match(after[:1]):
        return before, ""
    return before, " "


def _keeps_hyphen(before: str, after: str, known: Vocabulary) -> bool:
    left, right = _LAST_WORD.search(before), _FIRST_WORD.match(after)
    if left is None or right is None or not after[0].islower():
        return True
    first, second = left.group().lower(), right.group().lower()
    if f"{first}-{second}" in known.compounds or "-" in second:
        return True
    if first + second in known.words:
        return False
    both_words = {first, second} <= known.words and min(len(first), len(second)) >= _KEPT_LETTERS
    return first in _KEPT_PREFIXES or both_words


class _Page:
    """What the lines of a page have in common: their distance, and the columns they stand in."""

    def __init__(self, lines: Sequence[Line]) -> None:
        size = max(median(line.size for line in lines), _LEAST_SIZE)
        falls = sorted(
            before.baseline - line.baseline
            for before, line in pairwise(lines)
            if _alike(before, line) and before.baseline - line.baseline > _LEAST_FALL * line.size
        )
        # Paragraphs stand further apart than their lines: the near ones show the distance of lines.
        near = falls[len(falls) // 10] if falls else size
        self._distance = min(near, _WIDEST_DISTANCE * size)
        self._width = max(line.right for line in lines) - min(line.left for line in lines)
        self._step = _INDENT * size
        self._rights = self._right_edges(lines)

    def starts_paragraph(self, before: Line, line: Line, at: int) -> bool:
        """Whether `line` begins a paragraph, rather than going on from the one before, at `at`."""
        if before.text.endswith(BROKEN_WORD):
            return False
        unfinished = not _FINISHED.search(before.text) and line.text[:1].islower()
        if _MARKER.match(line.text) or not (_alike(before, line) or unfinished):
            return True
        fall = before.baseline - line.baseline
        if fall <= 0:  # the next column, or a place further up
            return not unfinished
        if fall > _GAP_STEP * self._distance:
            return True
        right = self._rights[at]
        room = right - before.right - _SPACE * before.size
        if unfinished:
            return room > _NARROW * (right - before.left)
        if room > line.first_word:
            return True  # the first word would have had room above: the writer ended the line
        narrow = right - before.left < _NARROW * self._width
        return narrow and line.text[:1].isupper() and before.text[-1:].isalnum()

    def _right_edges(self, lines: Sequence[Line]) -> list[float]:
        """For each line the right edge of its column.

        That is of the lines that it stands among without a gap, or, where these are too few to
        show it, of all lines of the page that begin as far to the left.
        """
        by_left: dict[int, float] = {}
        for line in lines:
            key = int(line.left // self._step)
            by_left[key] = max(by_left.get(key, line.right), line.right)
        runs = [[lines[0]]]
        for before, line in pairwise(lines):
            if self._in_column(before, line):
                runs[-1].append(line)
            else:
                runs.append([line])
        edges: list[float] = []
        for run in runs:
            edge = max(line.right for line in run)
            if len(run) < _LINES_OF_A_COLUMN:
                key = int(run[0].left // self._step)
                edge = max(by_left.get(near, edge) for near in range(key - 1, key + 2))
            edges += [edge] * len(run)
        return edges

    def _in_column(self, before: Line, line: Line) -> bool:
        fall = before.baseline - line.baseline
        near = abs(before.left - line.left) < self._step
        return _alike(before, line) and near and 0 < fall <= _GAP_STEP * self._distance


def _alike(one: Line, other: Line) -> bool:
    return abs(one.size - other.size) <= _SIZE_STEP * max(one.size, other.size)


def _on_one_line(before: Line, line: Line) -> bool:
    near = abs(before.baseline - line.baseline) < _SAME_LINE * max(before.size, line.size)
    return near and line.left >= before.right
