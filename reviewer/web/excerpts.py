"""Passages as the pages list them: excerpts without stance, one's own marks, hits of a search.

Invariant: `number` names the mark in the text that a passage belongs to (``4-2``, ``4-m7``);
nothing here tells what a draft makes of a passage.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from reviewer.desk.looking import Look
from reviewer.export.wording import clock, time_span
from reviewer.intake.artifact import Artifact, ArtifactKind
from reviewer.review.reveal import Passage
from reviewer.store.remarks import EvidenceMark

MOST_HITS = 60
AROUND = 40
"""Characters shown on each side of a hit."""


@dataclass(frozen=True, slots=True)
class PassageView:
    """A quoted span and where it lies; `seconds` is null in a document.

    `quote` is empty for a time span of a recording in which nothing is said.
    """

    number: str
    artifact: str
    name: str
    place: str
    seconds: float | None
    quote: str
    start: int
    end: int
    before: str = ""
    after: str = ""


def excerpt_views(seen: Look, artifacts: Mapping[str, Artifact]) -> tuple[PassageView, ...]:
    """The excerpts in the order of the work."""
    return tuple(
        passage(f"{seen.number}-{number}", artifacts[one.artifact], one.start, one.end)
        for number, one in numbered(seen)
        if one.artifact in artifacts
    )


def numbered(seen: Look) -> list[tuple[int, Passage]]:
    """The excerpts in the order of the work with their numbers.

    Where a draft is shown its citations have theirs, and what it does not cite has the next ones.
    """
    cited = seen.view.draft.citations if seen.view.draft else ()
    known = {
        (one.artifact, one.start, one.end): number for number, one in enumerate(cited, start=1)
    }
    others = count(len(cited) + 1)
    return [
        (known.get((one.artifact, one.start, one.end)) or next(others), one)
        for one in seen.view.excerpts or ()
    ]


def mark_views(seen: Look, artifacts: Mapping[str, Artifact]) -> tuple[PassageView, ...]:
    """One's own evidence for the element."""
    return tuple(
        _mark_view(f"{seen.number}-m{one.number}", artifacts[one.artifact], one)
        for one in seen.marks
        if one.artifact in artifacts
    )


def _mark_view(number: str, artifact: Artifact, mark: EvidenceMark) -> PassageView:
    view = passage(number, artifact, mark.start, mark.end)
    if mark.times is None:
        return view
    return replace(view, place=time_span(*mark.times), seconds=mark.times[0])


def hits(artifacts: Sequence[Artifact], words: str) -> tuple[PassageView, ...]:
    """Where `words` stand in the work, whatever the case and the white space between them."""
    parts = words.split()
    if not parts:
        return ()
    pattern = re.compile(r"\s+".join(re.escape(part) for part in parts), re.IGNORECASE)
    found: list[PassageView] = []
    for artifact in artifacts:
        for hit in pattern.finditer(artifact.text):
            found.append(passage("0-1", artifact, hit.start(), hit.end()))
            if len(found) == MOST_HITS:
                return tuple(found)
    return tuple(found)


def passage(number: str, artifact: Artifact, start: int, end: int) -> PassageView:
    """The span of an artifact as a list shows it."""
    place, seconds = "", None
    segment = next((one for one in artifact.segments if start < one.end and one.start < end), None)
    if segment is not None and segment.start_s is not None:
        seconds = segment.start_s
        place = clock(seconds) + (f" · {segment.speaker}" if segment.speaker else "")
    elif artifact.kind is ArtifactKind.DOCUMENT:
        page = next((one for one in artifact.pages if one.start <= start < one.end), None)
        place = f"{'slide' if page.unit == 'slide' else 'p.'} {page.number}" if page else ""
    return PassageView(
        number,
        artifact.id,
        artifact.name,
        place,
        seconds,
        artifact.quote(start, end),
        start,
        end,
        artifact.text[max(0, start - AROUND) : start],
        artifact.text[end : end + AROUND],
    )
