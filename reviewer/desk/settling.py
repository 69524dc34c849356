"""What follows from an act of a rater for the whole work: a second score, an adjudication.

Invariant: nothing is settled before the rater's part is complete; whoever was told nothing of the
other rating is told nothing by it.
"""

from collections.abc import Callable, Iterable

from reviewer.desk.case import Case
from reviewer.review.permission import Kind
from reviewer.review.resubmission import carried, open_elements
from reviewer.scoring.draft import DraftKind, ElementDraft
from reviewer.store.human import HumanRecords
from reviewer.store.settling import Reviewed, complete


def settle(case: Case, records: HumanRecords, drafts: Callable[[], Iterable[ElementDraft]]) -> None:
    """Settle the work of a case where its person's part has become complete.

    `drafts` gives the drafts as the gate lets them be shown; it is called only where they count.
    """
    own = records.reviews.standings(case.record.id, case.person.id)
    if case.kind is None or not complete(case.kind, case.open, own):
        return
    levels = {
        one.element: one.level
        for one in drafts()
        if one.kind is DraftKind.DRAFT and one.level is not None
    }
    credential, earlier = case.credential, case.earlier
    records.settling.settle(
        Reviewed(
            case.record.id,
            credential,
            open_elements(credential, earlier),
            carried(credential, earlier),
            levels,
        )
    )


def adjudicated(case: Case, records: HumanRecords) -> bool:
    """Whether the person decides a work whose adjudication is over: their levels are fixed."""
    work = case.record.id
    if case.kind is not Kind.FIRST or records.settling.adjudicated(work) is None:
        return False
    return not records.settling.held(work)
