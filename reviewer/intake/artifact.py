"""What intake hands on: artifacts whose every span is ``text[start:end]``, verbatim.

Invariant: for each `Segment` of an `Artifact`, ``0 <= start < end <= len(text)``, segments of one
artifact do not overlap and stand in rising order, and ``text[start:end]`` begins and ends with a
character that is not white space. Offsets count Unicode code points (Python characters).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class ArtifactKind(StrEnum):
    """Kind by content, never by file name."""

    DOCUMENT = "document"
    VIDEO = "video"
    AUDIO = "audio"


class Doubt(StrEnum):
    """Why a segment of a transcript may not be what was said."""

    LOW_CONFIDENCE = "low confidence"
    REPEATED = "repeated"
    SILENCE = "words where no voice was heard"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an artifact could not be used. `kind` is the class name in `reviewer.errors`."""

    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class PageSpan:
    """One page or slide: number from 1, characters ``[start, end)`` of the canonical text."""

    number: int
    start: int
    end: int
    unit: Literal["page", "slide"] = "page"


@dataclass(frozen=True, slots=True)
class Segment:
    """Smallest addressable span: one sentence of a document or of a transcript.

    `paragraph` numbers paragraphs (speaker turns, for a recording) from 0; times are seconds from
    the start of the recording; `hearing` is the mean word confidence in [0, 1], null where the
    text was not heard (documents, captions).
    """

    artifact: str
    index: int
    start: int
    end: int
    paragraph: int = 0
    page: int | None = None
    start_s: float | None = None
    end_s: float | None = None
    speaker: str | None = None
    speaker_confidence: float | None = None
    hearing: float | None = None
    doubt: Doubt | None = None


@dataclass(frozen=True, slots=True)
class HearingReport:
    """How well a recording was heard; `source` says who wrote the words.

    `voiced_s` seconds with voice, `share_confident` the share of recognized words (0 to 1) that
    lie in segments not in doubt; null share for captions, which nobody heard.
    """

    source: Literal["recognition", "captions"]
    language: str | None
    voiced_s: float | None
    share_confident: float | None
    segments: int
    segments_in_doubt: int


@dataclass(frozen=True, slots=True)
class Artifact:
    """One submitted file, read: canonical text and its segments, or the problem that prevented it.

    `id` is stable for equal bytes: the first 12 hex digits of `sha256`.
    """

    id: str
    name: str
    slot: str | None
    kind: ArtifactKind | None
    sha256: str
    text: str = ""
    pages: tuple[PageSpan, ...] = ()
    segments: tuple[Segment, ...] = ()
    duration_s: float | None = None
    hearing: HearingReport | None = None
    problem: Problem | None = None

    def quote(self, start: int, end: int) -> str:
        """The verbatim characters ``[start, end)``."""
        return self.text[start:end]

    def said_between(self, start_s: float, end_s: float) -> tuple[int, int]:
        """Characters ``[start, end)`` of the segments that lie, even partly, in these seconds.

        Where nothing is said, `start` and `end` are equal: the place where it would stand.
        """
        timed = [
            (one.start_s, one.end_s, one)
            for one in self.segments
            if one.start_s is not None and one.end_s is not None
        ]
        inside = [one for begins, ends, one in timed if begins < end_s and start_s < ends]
        if inside:
            return inside[0].start, inside[-1].end
        place = max((one.end for _, ends, one in timed if ends <= start_s), default=0)
        return place, place
