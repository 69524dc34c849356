"""A transcript, whoever wrote it: recognized speech and captions end in the same value.

Invariant: `text` is the spoken words alone; every line and word is a span of it; times never
decrease from line to line.
"""

from dataclasses import dataclass

from reviewer.intake.artifact import Doubt, HearingReport


@dataclass(frozen=True, slots=True)
class Word:
    """One word: characters ``[start, end)`` of the text, seconds, confidence in [0, 1] or null."""

    start: int
    end: int
    start_s: float
    end_s: float
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of speech by one speaker: a caption cue or a recognized phrase.

    `speaker` is a name only where captions gave one; otherwise S1, S2 …, or null where unsure.
    """

    start: int
    end: int
    start_s: float
    end_s: float
    speaker: str | None = None
    speaker_confidence: float | None = None
    hearing: float | None = None
    doubt: Doubt | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """Everything known about what was said in one recording."""

    text: str
    lines: tuple[Line, ...]
    words: tuple[Word, ...]
    duration_s: float
    hearing: HearingReport
    language_confidence: float | None = None
