"""Evidence of one recording as WEBVTT chapters: jump from one shown element to the next.

Invariant: cues rise by time and lie within the recording; a title is one line of plain text.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reviewer.export.captions import clock_stamp, escaped_cue


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stretch of the recording, in seconds, that is evidence for the element `title`."""

    start_s: float
    end_s: float
    title: str


def chapters_vtt(chapters: Sequence[Chapter], duration_s: float | None) -> str:
    """The chapters as WEBVTT; of equal stretches each stands once a title."""
    blocks = ["WEBVTT"]
    end = duration_s if duration_s is not None else float("inf")
    ordered = sorted(set(chapters), key=lambda one: (one.start_s, one.end_s, one.title))
    for one in ordered:
        start_s, end_s = max(0.0, one.start_s), min(one.end_s, end)
        if start_s < end_s:
            times = f"{clock_stamp(start_s, '.')} --> {clock_stamp(end_s, '.')}"
            blocks.append(f"{times}\n{escaped_cue(' '.join(one.title.split()))}")
    return "\n\n".join(blocks) + "\n"
