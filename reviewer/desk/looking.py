"""One element before one rater: what they may see of it now, and what they wrote.

Invariant: a sight is kept before anything is handed out, so `aid` can never be better than what
was really seen.
"""

from dataclasses import dataclass, replace

from reviewer.desk.case import Case
from reviewer.desk.marked import place_of
from reviewer.evidence.citation import Stance
from reviewer.export.wording import place as place_cited
from reviewer.intake.artifact import Artifact
from reviewer.review.feedback import Quoted, feedback
from reviewer.review.rating import Sight
from reviewer.review.resubmission import earlier_visible
from reviewer.review.reveal import Terms, View, decides_about, view
from reviewer.review.standing import Standing
from reviewer.rubric import Element
from reviewer.scoring.draft import DraftedLevel, DraftKind, ElementDraft
from reviewer.scoring.first_pass import FirstPass
from reviewer.store.human import HumanRecords
from reviewer.store.remarks import EvidenceMark, RemarkKind

_TELLING = (DraftKind.DRAFT, DraftKind.INSUFFICIENT_EVIDENCE)
"""What the engine says about the work, and so counts as seen; an abstention says nothing of it."""


@dataclass(frozen=True, slots=True)
class Look:
    """One element as one rater sees it now.

    `decidable` is the revealed draft that a decision would confirm or override (null: it would
    score). `awaits_reveal`: the level is stored, and there is something to reveal. `carried` holds
    the earlier level (in a tuple of one) where it stands and may be seen.
    """

    number: int
    element: Element
    open: bool
    standing: Standing
    view: View
    decidable: ElementDraft | None
    awaits_reveal: bool
    note: str
    feedback: str
    feedback_is_ours: bool
    marks: tuple[EvidenceMark, ...]
    carried: tuple[float | None, ...]
    earlier: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """What one rater wrote about a submission: the latest texts, and the marks that stand."""

    written: dict[tuple[str, RemarkKind], str]
    marks: tuple[EvidenceMark, ...]


def own_of(case: Case, records: HumanRecords) -> Own:
    """What the case's person wrote."""
    with records.reading():
        return Own(
            records.remarks.written(case.record.id, case.person.id),
            records.remarks.marks(case.record.id, case.person.id),
        )


def look(
    case: Case, first_pass: FirstPass, own: Own, records: HumanRecords, element_id: str
) -> Look:
    """What the case's person sees of an element; keeps the sights that this gives."""
    element = case.element(element_id)
    number = 1 + [one.id for one in case.credential.elements].index(element_id)
    is_open = case.kind is not None and element_id in case.open
    draft = next((one for one in first_pass.elements if one.element == element_id), None)
    seen = View(None, None)
    if is_open:
        seen = _view(case, draft, first_pass.artifacts, element_id)
        case = _keep(case, records, seen, element_id)
    standing = case.standing(element_id)
    revealed = seen.draft if standing.revealed else None
    decidable = decides_about(draft, case.credential.gate) if revealed else None
    marks = tuple(one for one in own.marks if one.element == element_id)
    words = own.written.get((element_id, RemarkKind.FEEDBACK), "")
    ours = ""
    if not words and standing.decision is not None:
        ours = suggestion(case, first_pass, element, standing, marks, revealed)
    return Look(
        number,
        element,
        is_open,
        standing,
        seen,
        decidable,
        standing.scored and awaits_reveal(case, draft, element_id),
        own.written.get((element_id, RemarkKind.NOTE), ""),
        words or ours,
        not words and bool(ours),
        marks,
        _carried(case, element_id),
        _before(case, element_id),
    )


def awaits_reveal(case: Case, draft: ElementDraft | None, element_id: str) -> bool:
    """Whether there is something that the rater has to look at before deciding."""
    standing = case.standing(element_id)
    if draft is None or case.independent or standing.revealed:
        return False
    terms = Terms(case.credential.review_mode, case.credential.gate, case.independent, scored=True)
    shown = view(terms, draft, ()).draft
    return shown is not None and shown.kind in _TELLING


def _view(
    case: Case, draft: ElementDraft | None, artifacts: tuple[Artifact, ...], element_id: str
) -> View:
    standing = case.standing(element_id)
    mode = case.credential.review_mode
    scored = standing.scored and (standing.revealed or not awaits_reveal(case, draft, element_id))
    terms = Terms(mode, case.credential.gate, case.independent, scored)
    return view(terms, draft, artifacts)


def _keep(case: Case, records: HumanRecords, seen: View, element_id: str) -> Case:
    """Keep the sights that a view gives; the case with the standings as they are after it."""
    sights = []
    if seen.excerpts:
        sights.append((Sight.EXCERPTS, ""))
    if seen.draft is not None and seen.draft.kind in _TELLING:
        sights.append((Sight.DRAFT, engine_of(seen.draft)))
    if not sights:
        return case
    place = case.place(element_id)
    for what, detail in sights:
        records.reviews.saw(place, what, detail)
    return replace(case, standings=records.reviews.standings(case.record.id, case.person.id))


def engine_of(draft: ElementDraft | DraftedLevel) -> str:
    """The engine as the record of events names it."""
    return f"{draft.engine.id} {draft.engine.version} {draft.engine.weights_sha256}"


def suggestion(
    case: Case,
    first_pass: FirstPass,
    element: Element,
    standing: Standing,
    marks: tuple[EvidenceMark, ...],
    revealed: ElementDraft | None,
) -> str:
    """The first paragraph of feedback: own marks first, then what was revealed."""
    artifacts = {one.id: one for one in first_pass.artifacts}
    quotes = [
        Quoted(place_of(one, found), found.quote(one.start, one.end), Stance.SUPPORTS)
        for one in marks
        if (found := artifacts.get(one.artifact)) is not None
    ]
    for one in revealed.citations if revealed else ():
        cited = artifacts.get(one.artifact)
        where = place_cited(one, cited).split(" · ")[0]
        name = cited.name if cited else one.artifact
        quotes.append(Quoted(f"{name}, {where}" if where else name, one.quote, one.stance))
    decided = standing.decision
    assert decided is not None
    return feedback(case.credential, element, decided.level, quotes).paragraph


def _carried(case: Case, element_id: str) -> tuple[float | None, ...]:
    """The level that stands from the attempt before, once it may be seen."""
    if case.earlier is None or element_id in case.open:
        return ()
    return _before(case, element_id)


def _before(case: Case, element_id: str) -> tuple[float | None, ...]:
    if case.earlier is None or element_id not in case.earlier.levels:
        return ()
    scored = [one for one, standing in case.standings.items() if standing.scored]
    rating = case.kind is not None and case.finalized is None
    if rating and not earlier_visible(case.open, scored):
        return ()
    return (case.earlier.levels[element_id],)
