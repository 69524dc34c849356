"""Everything that is kept of people and their reviews, opened together.

Invariant: all parts share one database, so that what one of them appends the others read.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from reviewer.store.accounts import Accounts, Clock, now
from reviewer.store.assignments import Assignments
from reviewer.store.database import Database
from reviewer.store.distribution import Distribution
from reviewer.store.entries import Entries
from reviewer.store.live_ratings import LiveRatings
from reviewer.store.monitored import Monitored
from reviewer.store.openings import Openings
from reviewer.store.outcomes import Outcomes
from reviewer.store.overview import Overviews
from reviewer.store.programs import Programs
from reviewer.store.qualifications import Qualifications
from reviewer.store.remarks import Remarks
from reviewer.store.reviews import Reviews
from reviewer.store.settling import Settling
from reviewer.store.sittings import Sittings
from reviewer.store.training_sets import TrainingSets
from reviewer.store.validity import ValidityWorks


@dataclass(frozen=True, slots=True)
class HumanRecords:
    """The human side of one store; what is read inside ``with reading():`` is one state of it.

    `demo`: whether synthetic works qualify for live ones.
    """

    reading: Callable[[], AbstractContextManager[object]]
    accounts: Accounts
    entries: Entries
    assignments: Assignments
    reviews: Reviews
    remarks: Remarks
    outcomes: Outcomes
    openings: Openings
    programs: Programs
    distribution: Distribution
    settling: Settling
    validity: ValidityWorks
    overviews: Overviews
    monitored: Monitored
    live: LiveRatings
    training_sets: TrainingSets
    sittings: Sittings
    qualifications: Qualifications
    demo: bool


def human_records(database: Database, clock: Clock = now, *, demo: bool = False) -> HumanRecords:
    """The human side of an opened database; in the demo, synthetic works qualify for live ones."""
    return HumanRecords(
        database.reading,
        Accounts(database, clock),
        Entries(database, clock),
        Assignments(database, clock),
        Reviews(database, clock),
        Remarks(database, clock),
        Outcomes(database, clock),
        Openings(database),
        Programs(database, clock),
        Distribution(database, clock, demo=demo),
        Settling(database, clock, demo=demo),
        ValidityWorks(database, clock),
        Overviews(database),
        Monitored(database, clock),
        LiveRatings(database),
        TrainingSets(database, clock),
        Sittings(database, clock),
        Qualifications(database, clock),
        demo,
    )
