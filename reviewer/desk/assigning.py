"""What stands against assigning a submission to somebody by hand.

Invariant: the same rules as where works are distributed: who gets a part has the role for it, an
adjudicator did not rate the work, and live work goes to qualified evaluators alone where the issuer
says so.
"""

from reviewer.desk.case import Case
from reviewer.errors import ReviewError
from reviewer.review.adjudication import refuse_rater
from reviewer.review.permission import Act, Kind, Object, Part, Person, may, roles_for
from reviewer.store.human import HumanRecords


def refuse_to_assign(case: Case, records: HumanRecords, to: Person, kind: Kind) -> None:
    """Raise `ReviewError` if the submission of the case may not be assigned to `to` as this."""
    if kind is Kind.ADJUDICATION:
        rated = {one.rater for _, one in records.reviews.ratings([case.record.id])}
        refuse_rater(to.name, to.id, rated)
    if not may(to, Act.READ_WORK, Object(case.record.credential, Part.of(kind))):
        raise ReviewError(
            f"{to.name} cannot be given this part: it is for people with the role "
            f"{' or '.join(roles_for(kind))} for this credential."
        )
    if kind not in (Kind.FIRST, Kind.SECOND):
        return
    version = (case.credential.id, case.credential.rubric_hash)
    if not records.qualifications.may_take_live_work(to.id, *version, demo=records.demo):
        raise ReviewError(
            f"{to.name} holds no qualification for this version of the credential, whose live "
            "work is for qualified evaluators alone."
        )
