"""Lines of a transcript and turns of voices, brought together.

Invariant: what `attribute` returns holds the characters of the lines that it was given, but for
white space at a cut; lines stay in order; no word is cut; a line that has a speaker keeps it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reviewer.intake.speech.turns import Turn
from reviewer.intake.transcript import Line, Word

LEAST_S = 0.6  # a shorter run of words is a sliver
LEAST_WORDS = 2  # so is one with fewer words
CLEAR = 0.8  # confidence at which even a sliver is a line of its own
REACH_S = 0.3  # how far a word may lie from the turn that it belongs to: clocks differ


@dataclass(frozen=True, slots=True)
class _Spoken:
    """Words that are written without a space between them, and the voice heard there."""

    words: tuple[Word, ...]
    speaker: str | None
    confidence: float | None

    @property
    def seconds(self) -> float:
        return max(self.words[-1].end_s - self.words[0].start_s, 0.01)


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring words that become one line; not all need have been heard as its speaker's."""

    spoken: tuple[_Spoken, ...]
    speaker: str | None

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for spoken in self.spoken for word in spoken.words)

    @property
    def seconds(self) -> float:
        return self.spoken[-1].words[-1].end_s - self.spoken[0].words[0].start_s

    @property
    def confidence(self) -> float | None:
        """Mean over the time of the words; those of another voice count as 0."""
        if self.speaker is None:
            return None
        own = sum(
            spoken.seconds * (spoken.confidence or 0.0)
            for spoken in self.spoken
            if spoken.speaker == self.speaker
        )
        return round(own / sum(spoken.seconds for spoken in self.spoken), 3)

    @property
    def sliver(self) -> bool:
        if self.seconds >= LEAST_S and len(self.words) >= LEAST_WORDS:
            return False
        return (self.confidence or 0.0) < CLEAR


def attribute(
    lines: Sequence[Line], words: Sequence[Word], turns: Sequence[Turn]
) -> tuple[Line, ...]:
    """The lines with speaker and confidence, cut where the speaker changes between two words.

    Words and turns rise in time, words in the text as well. A line is cut only where its words
    leave at least one character between them (white space: words carry their punctuation). The
    hearing of a cut line is the mean confidence of its words; its doubt is that of the whole.
    """
    starts = [word.start for word in words]
    found: list[Line] = []
    for line in lines:
        inside = words[bisect_left(starts, line.start) : bisect_left(starts, line.end)]
        found.extend(_spoken(line, tuple(inside), turns))
    return tuple(found)


def _spoken(line: Line, words: tuple[Word, ...], turns: Sequence[Turn]) -> list[Line]:
    if line.speaker is not None:
        return [line]
    if not words:
        speaker, confidence = _voice(line.start_s, line.end_s, turns)
        return [replace(line, speaker=speaker, speaker_confidence=confidence)]
    runs = _without_slivers([_Run((spoken,), spoken.speaker) for spoken in _glued(words, turns)])
    if len(runs) == 1:
        run = runs[0]
        return [replace(line, speaker=run.speaker, speaker_confidence=run.confidence)]
    last = len(runs) - 1
    return [
        replace(
            line,
            start=line.start if index == 0 else run.words[0].start,
            end=line.end if index == last else run.words[-1].end,
            start_s=line.start_s if index == 0 else run.words[0].start_s,
            end_s=line.end_s if index == last else run.words[-1].end_s,
            speaker=run.speaker,
            speaker_confidence=run.confidence,
            hearing=_hearing(run.words),
        )
        for index, run in enumerate(runs)
    ]


def _glued(words: tuple[Word, ...], turns: Sequence[Turn]) -> list[_Spoken]:
    """Words with no space between them stay together: parts of one written word."""
    groups: list[list[Word]] = []
    for word in words:
        if groups and word.start - groups[-1][-1].end < 1:
            groups[-1].append(word)
        else:
            groups.append([word])
    return [
        _Spoken(tuple(group), *_voice(group[0].start_s, group[-1].end_s, turns)) for group in groups
    ]


def _voice(start_s: float, end_s: float, turns: Sequence[Turn]) -> tuple[str | None, float | None]:
    """Who speaks longest between two seconds (or nearest to them), and how sure that is."""
    seconds: dict[str | None, float] = {}
    weighted: dict[str | None, float] = {}
    first = bisect_right(turns, start_s - REACH_S, key=lambda turn: turn.end_s)
    for turn in turns[first:]:
        if turn.start_s >= end_s + REACH_S:
            break
        # a turn that is only near counts next to nothing, and so only where there is no other
        shared = max(min(end_s, turn.end_s) - max(start_s, turn.start_s), 0.0)
        apart = max(turn.start_s - end_s, start_s - turn.end_s, 0.0)
        shared = shared or 1e-6 * (1 - apart / REACH_S)
        seconds[turn.speaker] = seconds.get(turn.speaker, 0.0) + shared
        weighted[turn.speaker] = weighted.get(turn.speaker, 0.0) + shared * (turn.confidence or 0.0)
    if not seconds:
        return None, None
    speaker = max(seconds, key=lambda name: seconds[name])
    if speaker is None:
        return None, None
    return speaker, round(weighted[speaker] / sum(seconds.values()), 3)


def _without_slivers(runs: list[_Run]) -> list[_Run]:
    """Runs of one speaker joined; then the shortest sliver goes to its longer neighbour."""
    while True:
        runs = _joined(runs)
        slivers = [index for index, run in enumerate(runs) if run.sliver]
        if len(runs) == 1 or not slivers:
            return runs
        at = min(slivers, key=lambda index: runs[index].seconds)
        beside = [index for index in (at - 1, at + 1) if 0 <= index < len(runs)]
        taker = max(beside, key=lambda index: runs[index].seconds)
        runs[at] = replace(runs[at], speaker=runs[taker].speaker)


def _joined(runs: list[_Run]) -> list[_Run]:
    joined: list[_Run] = []
    for run in runs:
        if joined and joined[-1].speaker == run.speaker:
            joined[-1] = replace(joined[-1], spoken=joined[-1].spoken + run.spoken)
        else:
            joined.append(run)
    return joined


def _hearing(words: tuple[Word, ...]) -> float | None:
    known = [word.confidence for word in words if word.confidence is not None]
    return round(sum(known) / len(known), 3) if known else None
