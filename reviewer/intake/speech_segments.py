"""The turns of a transcript, the sentences spoken in them, and what is known of each stretch.

Invariant: turns cover the whole text in order, each by one speaker (or by nobody known); spans of a
turn are as in `passages`; a stretch begins no earlier than its first word and ends with its last.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TypeVar

from reviewer.intake.artifact import Doubt, Segment
from reviewer.intake.passages import Span, cut_long, pieces, with_closers
from reviewer.intake.sentences import sentence_starts
from reviewer.intake.transcript import Line, Transcript, Word

MOST_SPOKEN_WORDS = 40
"""Speech without a full stop is cut after so many words at the latest."""

_LONG_SENTENCE = 20  # words; a longer one is cut at its pauses
_PAUSE_S = 0.6  # seconds between two words at which a long sentence is cut
_SILENCE_S = 5.0  # seconds at which any sentence is
_FEWEST_WORDS = 4  # on either side of a cut at a pause
_COMMA = re.compile(r"[,;:—–、，；：]")
_TOKEN = re.compile(r"\S+")
_WORST_FIRST = (Doubt.SILENCE, Doubt.REPEATED, Doubt.LOW_CONFIDENCE)


_Item = TypeVar("_Item", Line, Word)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says in a row: characters ``[start, end)``, its lines and its words."""

    start: int
    end: int
    lines: tuple[Line, ...]
    words: tuple[Word, ...]

    def lines_in(self, span: Span) -> Sequence[Line]:
        """The lines that a stretch touches; the one before it, where it stands between lines."""
        return _touched(self.lines, span) or self.lines[: _before(self.lines, span) or 1][-1:]

    def words_in(self, span: Span) -> Sequence[Word]:
        """The words that a stretch touches."""
        return _touched(self.words, span)


def turns_of(transcript: Transcript) -> Iterator[Turn]:
    """The speaker turns in order; where a line has no timed words, its time is spread over it."""
    lines = sorted((line for line in transcript.lines if line.start < line.end), key=_start)
    if not lines and transcript.text.strip():
        lines = [Line(0, len(transcript.text), 0.0, transcript.duration_s)]
    groups = [tuple(group) for _, group in groupby(lines, key=lambda line: line.speaker)]
    begins = [0, *(group[0].start for group in groups[1:]), len(transcript.text)]
    words = sorted(transcript.words, key=_start)
    for group, (start, end) in zip(groups, pairwise(begins), strict=False):
        given = words[bisect_left(words, start, key=_start) : bisect_left(words, end, key=_start)]
        yield Turn(start, end, group, tuple(_timed(transcript.text, group, given)))


def speech_spans(text: str, turn: Turn) -> Iterator[Span]:
    """The sentences of a turn; long ones are cut at pauses, then at commas or between words."""
    starts = (turn.start + at for at in sentence_starts(text[turn.start : turn.end]))
    return with_closers(
        text,
        (
            short
            for sentence in pieces(text, (turn.start, turn.end), starts)
            for piece in pieces(text, sentence, _cuts(text, turn.words_in(sentence)))
            for short in cut_long(text, piece, MOST_SPOKEN_WORDS)
        ),
    )


def spoken_segment(artifact: str, index: int, paragraph: int, turn: Turn, span: Span) -> Segment:
    """The segment of a stretch of a turn, with all that its words and lines say of it."""
    words, lines = turn.words_in(span), turn.lines_in(span)
    start_s = min((word.start_s for word in words), default=lines[0].start_s)
    end_s = max((word.end_s for word in words), default=lines[-1].end_s)
    sure = [line.speaker_confidence for line in lines if line.speaker_confidence is not None]
    doubts = {line.doubt for line in lines}
    return Segment(
        artifact,
        index,
        *span,
        paragraph=paragraph,
        start_s=start_s,
        end_s=max(start_s, end_s),
        speaker=turn.lines[0].speaker,
        speaker_confidence=min(sure, default=None),
        hearing=_hearing(span, words, lines),
        doubt=next((doubt for doubt in _WORST_FIRST if doubt in doubts), None),
    )


def _timed(text: str, lines: Sequence[Line], given: Sequence[Word]) -> Iterator[Word]:
    """The given words, and for lines without any, their words with times spread over the line."""
    made = [
        word
        for line in lines
        if not _touched(given, (line.start, line.end))
        for word in _spread(text, line)
    ]
    return iter(sorted([*given, *made], key=_start) if made else given)


def _spread(text: str, line: Line) -> Iterator[Word]:
    each = (line.end_s - line.start_s) / (line.end - line.start)
    for token in _TOKEN.finditer(text, line.start, line.end):
        start, end = token.span()
        yield Word(
            start,
            end,
            line.start_s + (start - line.start) * each,
            line.start_s + (end - line.start) * each,
        )


def _cuts(text: str, words: Sequence[Word]) -> list[int]:
    """Where a sentence of these words is cut: starts of words, rising."""
    cuts: list[int] = []
    begun = at = 0
    long = len(words) > _LONG_SENTENCE
    while at + 1 < len(words):
        spoken, left = at + 1 - begun, len(words) - at - 1
        pause = _pause(words, at)
        if pause >= _SILENCE_S or (
            long and pause >= _PAUSE_S and min(spoken, left) >= _FEWEST_WORDS
        ):
            begun = at + 1
        elif spoken >= MOST_SPOKEN_WORDS:
            window = range(begun + MOST_SPOKEN_WORDS // 2, at + 1)
            begun = 1 + max(
                window, key=lambda one: (_at_comma(text, words, one), _pause(words, one))
            )
        else:
            at += 1
            continue
        cuts.append(words[begun].start)
        at = begun
    return cuts


def _pause(words: Sequence[Word], at: int) -> float:
    return words[at + 1].start_s - words[at].end_s


def _at_comma(text: str, words: Sequence[Word], at: int) -> bool:
    return _COMMA.search(text, words[at].start, words[at + 1].start) is not None


def _hearing(span: Span, words: Sequence[Word], lines: Sequence[Line]) -> float | None:
    """The mean confidence of the words; where they have none, that of their lines by length."""
    heard = [word.confidence for word in words if word.confidence is not None]
    if heard:
        return sum(heard) / len(heard)
    by_line = [
        (line.hearing, max(1, min(line.end, span[1]) - max(line.start, span[0])))
        for line in lines
        if line.hearing is not None
    ]
    length = sum(shared for _, shared in by_line)
    return sum(hearing * shared for hearing, shared in by_line) / length if by_line else None


def _start(item: Line | Word) -> int:
    return item.start


def _before(items: Sequence[_Item], span: Span) -> int:
    """How many of the items, which rise and do not overlap, begin before the span ends."""
    return bisect_left(items, span[1], key=_start)


def _touched(items: Sequence[_Item], span: Span) -> Sequence[_Item]:
    """The items, which rise and do not overlap, that share a character with the span."""
    last = _before(items, span)
    first = min(bisect_right(items, span[0], key=_start), last)
    while first > 0 and items[first - 1].end > span[0]:
        first -= 1
    return items[first:last]
