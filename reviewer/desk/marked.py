"""Where a mark of a rater lies: in seconds, and in words for people.

Invariant: a marked time span is named as it was marked; a marked text of a recording by the
segments that it touches.
"""

from reviewer.export.wording import clock, time_span
from reviewer.intake.artifact import Artifact
from reviewer.store.remarks import EvidenceMark


def times_of(mark: EvidenceMark, artifact: Artifact) -> tuple[float, float] | None:
    """From and to in seconds; null in a document."""
    if mark.times is not None:
        return mark.times
    touched = [one for one in artifact.segments if one.start < mark.end and mark.start < one.end]
    if not touched or touched[0].start_s is None or touched[-1].end_s is None:
        return None
    return touched[0].start_s, touched[-1].end_s


def place_of(mark: EvidenceMark, artifact: Artifact) -> str:
    """The file's name, and the time or page of the mark where it has one."""
    if mark.times is not None:
        return f"{artifact.name}, {time_span(*mark.times)}"
    if (times := times_of(mark, artifact)) is not None:
        return f"{artifact.name}, {clock(times[0])}"
    page = next((one.number for one in artifact.pages if one.start <= mark.start < one.end), None)
    return artifact.name if page is None else f"{artifact.name}, p. {page}"
