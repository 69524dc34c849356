"""Everything that is kept of people and their reviews, opened together.

Invariant: all parts share one database, so that what one of them appends the others read.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from reviewer.store.accounts import Accounts, Clock, now
from reviewer.store.assignments import Assignments
from reviewer.store.database import Database
from reviewer.store.entries import Entries
from reviewer.store.outcomes import Outcomes
from reviewer.store.qualifications import Qualifications
from reviewer.store.remarks import Remarks
from reviewer.store.reviews import Reviews
from reviewer.store.sittings import Sittings
from reviewer.store.training_sets import TrainingSets


@dataclass(frozen=True, slots=True)
class HumanRecords:
    """The human side of one store; what is read inside ``with reading():`` is one state of it."""

    reading: Callable[[], AbstractContextManager[object]]
    accounts: Accounts
    entries: Entries
    assignments: Assignments
    reviews: Reviews
    remarks: Remarks
    outcomes: Outcomes
    training_sets: TrainingSets
    sittings: Sittings
    qualifications: Qualifications


def human_records(database: Database, clock: Clock = now) -> HumanRecords:
    """The human side of an opened database."""
    return HumanRecords(
        database.reading,
        Accounts(database, clock),
        Entries(database, clock),
        Assignments(database, clock),
        Reviews(database, clock),
        Remarks(database, clock),
        Outcomes(database, clock),
        TrainingSets(database, clock),
        Sittings(database, clock),
        Qualifications(database, clock),
    )
