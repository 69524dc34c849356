"""What an account finds of reviews when it opens them, on both databases."""

import pytest
from house_routing import BEGAN, ONCE, distribute, end, hand_in, person, policy

from reviewer.review.outcome import Outcome
from reviewer.review.permission import Kind, Part, Role
from reviewer.review.rating import RaterType, Sight
from reviewer.store import audit
from reviewer.store.database import Database
from reviewer.store.human import HumanRecords, human_records
from reviewer.store.openings import Opening
from reviewer.store.outcomes import Finalized
from reviewer.store.reviews import Place

NOTHING = Opening(None, None, None, entered=False)


@pytest.fixture
def records(database: Database) -> HumanRecords:
    return human_records(database)


def test_it_tells_the_part_the_policy_and_the_end_of_each_work_asked_about(
    database: Database, records: HumanRecords
) -> None:
    issuer, ann = person(records, "issuer", Role.ISSUER), person(records, "ann")
    hand_in(database, "routed")
    policy(records, issuer)
    distribute(records, issuer)
    end(database, "routed", ann)
    hand_in(database, "by-hand", "free")
    records.assignments.assign("by-hand", ann, Kind.SECOND, issuer.name)
    first, second = Part.of(Kind.FIRST), Part.of(Kind.SECOND)
    done = Finalized("routed", Outcome.AWARDED, {}, "ann", BEGAN)
    assert records.openings.of(["routed", "by-hand", "free", "nowhere"], ann.id) == {
        "routed": Opening(first, ONCE, done, entered=False),
        "by-hand": Opening(second, None, None, entered=False),
        "free": NOTHING,
    }
    assert records.openings.of(["routed"], issuer.id)["routed"].part is None


def test_that_a_work_was_opened_is_kept_once_and_of_who_opened_it_alone(
    database: Database, records: HumanRecords
) -> None:
    ann, ben = person(records, "ann"), person(records, "ben")
    hand_in(database, "w")
    place = Place("w", "", ann, RaterType.EVALUATOR, "hash")
    for _ in range(2):
        records.reviews.entered(place)
    assert records.openings.of(["w"], ann.id)["w"].entered
    assert records.openings.of(["w"], ben.id)["w"] == NOTHING
    shown = [one.details for one in audit.events(database) if one.event == "shown"]
    assert [one["sight"] for one in shown] == [Sight.WORK.value]


def test_another_sight_does_not_say_that_the_work_was_opened(
    database: Database, records: HumanRecords
) -> None:
    ann = person(records, "ann")
    hand_in(database, "w")
    records.reviews.saw(
        Place("w", "greeting", ann, RaterType.EVALUATOR, "hash"), Sight.EXCERPTS, ""
    )
    assert records.openings.of(["w"], ann.id)["w"] == NOTHING
