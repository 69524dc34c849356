"""What an account finds of a review when it opens the submission: its part, the policy, the end.

Invariant: one query, however many submissions; it is asked at every act, so nothing is kept of it
but policies, by their text.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import and_, bindparam, exists, select

from reviewer.review.permission import Kind, Part, Purpose
from reviewer.review.policy import Policy
from reviewer.review.rating import Sight
from reviewer.store.database import Database
from reviewer.store.outcomes import Finalized, finalized_of
from reviewer.store.people_schema import account, assignment
from reviewer.store.program_schema import program_policy, routing
from reviewer.store.review_schema import outcome, sight
from reviewer.store.schema import submission

_ENTERED = exists().where(
    sight.c.submission == submission.c.id,
    sight.c.rater == bindparam("account"),
    sight.c.sight == Sight.WORK.value,
)
_OPENED = (
    select(
        submission.c.id,
        assignment.c.kind,
        assignment.c.purpose,
        program_policy.c.policy,
        outcome.c.submission,
        outcome.c.outcome,
        outcome.c.levels,
        outcome.c.at,
        account.c.name,
        _ENTERED.label("entered"),
    )
    .outerjoin(
        assignment,
        and_(
            assignment.c.submission == submission.c.id, assignment.c.account == bindparam("account")
        ),
    )
    .outerjoin(routing, routing.c.submission == submission.c.id)
    .outerjoin(program_policy, program_policy.c.number == routing.c.policy)
    .outerjoin(outcome, outcome.c.submission == submission.c.id)
    .outerjoin(account, account.c.id == outcome.c.rater)
    .where(submission.c.id.in_(bindparam("submissions")))
    .order_by(outcome.c.id)  # so the latest is the last
)


@dataclass(frozen=True, slots=True)
class Opening:
    """One submission before one account: its part (null: not assigned to it), how it is reviewed.

    `policy` is that which the work was distributed under, null where it was assigned by hand;
    `finalized` is null while the review is not. `entered`: it is kept that they opened it.
    """

    part: Part | None
    policy: Policy | None
    finalized: Finalized | None
    entered: bool


class Openings:
    """The openings of one store; safe to share among threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, submissions: Collection[str], account_id: str) -> dict[str, Opening]:
        """By submission, of those that are here."""
        asked = {"submissions": list(submissions), "account": account_id}
        with self._database.reading() as connection:
            return {
                row.id: Opening(
                    row.kind and Part(Kind(row.kind), Purpose(row.purpose)),
                    row.policy and _policy(row.policy),
                    row.outcome and finalized_of(row),
                    row.entered,
                )
                for row in connection.execute(_OPENED, asked)
            }


@lru_cache(maxsize=64)
def _policy(written: str) -> Policy:
    """A store of many submissions holds few policies."""
    return Policy.model_validate_json(written)
