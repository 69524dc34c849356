"""Why nothing can be drafted for an element, whatever the work says.

Invariant: what hinders is either about the engine (abstention), about the medium (not observable)
or about the work (insufficient evidence), and the reason says which.
"""

from collections.abc import Sequence

from reviewer.intake.artifact import Artifact, ArtifactKind
from reviewer.rubric import Credential, Element
from reviewer.scoring import rationale
from reviewer.scoring.draft import DraftKind
from reviewer.scoring.language import Language
from reviewer.scoring.work import Work

MOST_DOUBT = 0.5  # share of the characters heard in doubt, beyond which nothing is drafted


def hindered(
    credential: Credential,
    element: Element,
    artifacts: Sequence[Artifact],
    allowed: Sequence[Artifact],
    work: Work,
) -> tuple[DraftKind, str] | None:
    """What hinders a draft, with the reason; None where one can be tried.

    `allowed` are the artifacts in which the element may be seen, `work` the element's part.
    """
    media = set(element.observable_in)
    if media == {"picture"}:
        return DraftKind.NOT_OBSERVABLE, (
            f"“{element.title}” shows only in the picture, which is not read. Watch the recording."
        )
    recordings = [one for one in artifacts if one.kind not in {None, ArtifactKind.DOCUMENT}]
    if "text" not in media and not recordings:
        return DraftKind.NOT_OBSERVABLE, (
            f"“{element.title}” shows only in what is said, and there is no recording to hear."
        )
    readable = [one for one in allowed if one.problem is None and one.segments]
    if not readable:
        if any(one.problem is not None for one in allowed):
            return DraftKind.ABSTENTION, (
                f"The artifacts that could show “{element.title}” could not be read."
            )
        return DraftKind.INSUFFICIENT_EVIDENCE, rationale.nothing_found(
            credential, element, work.queries, []
        )
    if all(work.languages[one.id] is Language.OTHER for one in readable):
        return DraftKind.ABSTENTION, (
            "This engine reads English only, and the work is in another language. Score it by hand."
        )
    return _badly_heard(element, readable)


def _badly_heard(element: Element, readable: Sequence[Artifact]) -> tuple[DraftKind, str] | None:
    spans = [(one, segment) for one in readable for segment in one.segments]
    total = sum(segment.end - segment.start for _, segment in spans)
    doubted = sum(seg.end - seg.start for _, seg in spans if seg.doubt is not None)
    if doubted <= MOST_DOUBT * total:
        return None
    return DraftKind.ABSTENTION, (
        f"{round(100 * doubted / total)} % of what could show “{element.title}” was heard so badly "
        "that it may not be what was said. Listen to the recording."
    )
