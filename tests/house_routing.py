"""A store with works that are distributed, scored and settled, without any page."""

from datetime import UTC, datetime, timedelta

import house_credentials as credentials
from sqlalchemy import insert

from reviewer.calibration.gate import Thresholds
from reviewer.review.permission import Grant, Kind, Person, Role
from reviewer.review.policy import Policy
from reviewer.review.rating import RaterType
from reviewer.review.routing import Routing
from reviewer.rubric import Credential
from reviewer.store.database import Database
from reviewer.store.distribution import Distributed
from reviewer.store.human import HumanRecords
from reviewer.store.parts import Holder, holders
from reviewer.store.review_schema import outcome
from reviewer.store.reviews import Place
from reviewer.store.schema import submission
from reviewer.store.settling import Reviewed

CREDENTIAL = credentials.graded(elements=2, levels=4, required=2)
ONCE = Policy(
    routing=Routing(
        share=0, near_cut=False, gap=None, hearing=0, first_of_version=0, first_of_evaluator=0
    ),
    validity=0,
)
"""A policy under which nothing is scored twice."""

SEED = 7
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def person(records: HumanRecords, name: str, role: Role = Role.EVALUATOR) -> Person:
    known = records.accounts.named(name)
    if known is None:
        records.accounts.add(name, None, [Grant(role)])
        known = records.accounts.named(name)
    assert known is not None
    return known


def hand_in(
    database: Database, *names: str, credential: Credential = CREDENTIAL, candidate: str = ""
) -> None:
    with database.writing() as connection:
        for number, name in enumerate(names):
            connection.execute(
                insert(submission).values(
                    id=name,
                    credential_id=credential.id,
                    rubric_hash=credential.rubric_hash,
                    credential=credential.model_dump_json(),
                    candidate=candidate or f"C-{name}",
                    attempt=1,
                    consent=True,
                    messages="[]",
                    created_at=BEGAN + timedelta(minutes=number),
                )
            )


def end(database: Database, name: str, rater: Person) -> None:
    """Let the work have been awarded at the moment that it came."""
    with database.writing() as connection:
        connection.execute(
            insert(outcome).values(
                submission=name, rater=rater.id, outcome="awarded", levels="{}", at=BEGAN
            )
        )


def policy(records: HumanRecords, issuer: Person, chosen: Policy = ONCE) -> None:
    records.programs.set_policy(CREDENTIAL.id, chosen, Thresholds(), SEED, issuer)


def distribute(records: HumanRecords, issuer: Person, heard: float | None = None) -> Distributed:
    stored = records.programs.policy(CREDENTIAL.id)
    assert stored is not None
    waiting = records.distribution.prepare(CREDENTIAL.id, issuer)
    known = {one.submission: heard for one in waiting}
    return records.distribution.distribute(stored, known, issuer)


def who(database: Database, work: str) -> dict[Kind, Holder]:
    with database.reading() as connection:
        return {one.part.kind: one for one in holders(connection, work)}


def rate(
    records: HumanRecords,
    holder: Holder,
    work: str,
    levels: dict[str, float],
    rater_type: RaterType = RaterType.EVALUATOR,
) -> None:
    """Score everything as this holder, decide where the part decides, and settle."""
    rater = records.accounts.person(holder.account)
    assert rater is not None
    for element, level in levels.items():
        place = Place(work, element, rater, rater_type, CREDENTIAL.rubric_hash)
        version = records.reviews.standings(work, rater.id).get(element)
        standing = records.reviews.rate(place, level, version.version if version else 0)
        if holder.part.kind is not Kind.SECOND:
            records.reviews.decide(place, level, None, standing.version)
    settle(records, work)


def settle(records: HumanRecords, work: str, drafts: dict[str, float] | None = None) -> None:
    elements = tuple(one.id for one in CREDENTIAL.elements)
    records.settling.settle(Reviewed(work, CREDENTIAL, elements, {}, drafts or {}))
