"""An artifact's text laid out for reading, with the cited characters marked.

Invariant: the runs of one block, joined, are ``text[block.start:block.end]``; blocks stand in
order, do not overlap, and leave out nothing but white space; the runs that carry a mark, joined
over all blocks, are the mark's characters (less white space between blocks).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from reviewer.intake.artifact import Artifact, ArtifactKind, Doubt, PageSpan, Segment

UNSURE = "?"
_PARAGRAPH_BREAK = re.compile(r"\n\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters ``[start, end)`` of one artifact that the citation `number` (``4-2``) quotes."""

    number: str
    start: int
    end: int
    stance: str
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that the same marks cover; `opens` begin, and `closes` end, with this run."""

    text: str
    marks: tuple[Mark, ...] = ()
    opens: tuple[Mark, ...] = ()
    closes: tuple[Mark, ...] = ()

    @property
    def stance(self) -> str:
        """The stance of all its marks, or ``both`` where they differ."""
        stances = {mark.stance for mark in self.marks}
        return stances.pop() if len(stances) == 1 else "both"


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of a document or one line of a transcript.

    `page` is set on the first block of each page, `speaker` where it differs from the line above
    (`UNSURE` where others have a speaker and this line has none).
    """

    start: int
    end: int
    runs: tuple[Run, ...]
    page: PageSpan | None = None
    start_s: float | None = None
    end_s: float | None = None
    speaker: str | None = None
    doubt: Doubt | None = None


def lay_out(artifact: Artifact, marks: Sequence[Mark] = ()) -> tuple[Block, ...]:
    """Cut `artifact` into blocks: lines for a recording, paragraphs and pages for a document."""
    spoken = artifact.kind in (ArtifactKind.VIDEO, ArtifactKind.AUDIO)
    segments = {segment.start: segment for segment in artifact.segments} if spoken else {}
    named = any(segment.speaker for segment in segments.values())
    pages = list(artifact.pages)
    blocks: list[Block] = []
    opened: set[str] = set()
    voice = None
    for start, end in _bounds(artifact, by_segment=spoken):
        page = None
        while pages and pages[0].start <= start:
            page = pages.pop(0)
        runs = tuple(_runs(artifact.text, start, end, marks, opened))
        segment = segments.get(start)
        if segment is None:
            blocks.append(Block(start, end, runs, page))
            continue
        before, voice = voice, (segment.speaker or UNSURE) if named else None
        blocks.append(
            Block(
                start,
                end,
                runs,
                page,
                segment.start_s,
                segment.end_s,
                speaker=voice if voice != before else None,
                doubt=segment.doubt,
            )
        )
    return tuple(blocks)


def in_doubt(segments: Iterable[Segment], start: int, end: int) -> bool:
    """Whether any segment that shares a character with ``[start, end)`` was badly heard."""
    return any(
        segment.doubt is not None and segment.start < end and start < segment.end
        for segment in segments
    )


def _bounds(artifact: Artifact, *, by_segment: bool) -> Iterable[tuple[int, int]]:
    """Block spans without the white space around them; empty ones are left out."""
    text = artifact.text
    starts = {0} | {page.start for page in artifact.pages}
    if artifact.segments:
        paragraph = None
        for segment in artifact.segments:
            if by_segment or segment.paragraph != paragraph:
                starts.add(segment.start)
            paragraph = segment.paragraph
    else:
        starts |= {gap.end() for gap in _PARAGRAPH_BREAK.finditer(text)}
    cuts = sorted(cut for cut in starts if cut < len(text))
    for start, end in pairwise([*cuts, len(text)]):
        piece = text[start:end]
        left = start + len(piece) - len(piece.lstrip())
        right = start + len(piece.rstrip())
        if left < right:
            yield left, right


def _runs(
    text: str, start: int, end: int, marks: Sequence[Mark], opened: set[str]
) -> Iterable[Run]:
    """Cut ``text[start:end]`` wherever a mark begins or ends; `opened` remembers who has begun."""
    here = [mark for mark in marks if mark.start < end and start < mark.end]
    cuts = {start, end}
    for mark in here:
        cuts |= {max(start, mark.start), min(end, mark.end)}
    for left, right in pairwise(sorted(cuts)):
        covering = tuple(mark for mark in here if mark.start <= left and right <= mark.end)
        yield Run(
            text[left:right],
            covering,
            opens=tuple(mark for mark in covering if mark.number not in opened),
            closes=tuple(mark for mark in covering if mark.end == right),
        )
        opened.update(mark.number for mark in covering)
