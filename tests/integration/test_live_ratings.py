"""The long table of all live works: the rows that each work gives, read in a few queries."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from house_store import CREDENTIAL, ENGINE, House
from sqlalchemy import event

from reviewer.desk.desk import Desk
from reviewer.desk.exports import Exports
from reviewer.desk.rating_rows import live_rows
from reviewer.export.badge import Issuer
from reviewer.review.permission import Grant, Kind, Person, Role
from reviewer.review.rating import Aid, Sight
from reviewer.scoring.gate import engine_version

pytestmark = pytest.mark.slow  # a store a test, on both databases

PLANS = ("Each child is greeted by name.", "We sing a song.", "The weather is read from a chart.")


@pytest.fixture
def house(url: str, tmp_path: Path) -> Iterator[House]:
    """Three works: two reviewed, with time spent on the first; all drafted."""
    opened = House(url, tmp_path)
    works = [
        opened.hand_in(f"C-{at}", {f"{at}.txt": plan}) for at, plan in enumerate(PLANS, start=1)
    ]
    for work in works[:2]:
        opened.review(work)
    opened.records.remarks.spend(opened.place(works[0]), 40.0, Aid.NONE)
    opened.records.remarks.spend(opened.place(works[0]), 2.5, Aid.NONE)
    yield opened
    opened.database.close()


@pytest.fixture
def exports(house: House) -> Exports:
    return Exports(Desk(house.repository, house.records), Issuer())


def person(house: House, name: str, *grants: Grant) -> Person:
    house.records.accounts.add(name, None, list(grants))
    found = house.records.accounts.named(name)
    assert found is not None
    return found


def test_they_are_the_rows_that_the_works_give_one_by_one(house: House, exports: Exports) -> None:
    issuer = person(house, "issuer", Grant(Role.ISSUER))
    works = [one.id for one in house.repository.submissions()]
    apart = [row for work in works for row in exports.ratings(issuer, work)]
    assert list(live_rows(house.repository, house.records)) == apart
    assert list(exports.ratings(issuer)) == apart
    assert len(apart) == 2 * 2 + 3  # two ratings of each of two works, a draft of all three


def test_time_stands_once_and_a_draft_has_engine_and_confidence(house: House) -> None:
    rows = live_rows(house.repository, house.records, CREDENTIAL.id)
    assert sorted(one.active_s for one in rows if one.active_s is not None) == [42.5]
    drafts = [one for one in rows if one.rater_type == "engine"]
    assert {one.engine_version for one in drafts} == {engine_version(ENGINE)}
    assert {(one.score, one.confidence, one.timestamp) for one in drafts} == {(1.0, 1.0, None)}


def test_a_rating_after_the_reveal_names_the_engine_of_the_draft_that_was_shown(
    house: House, exports: Exports
) -> None:
    """Where two engines drafted, what a draft did to people is told of the one that they saw."""
    records, work = house.records, house.repository.submissions()[0].id  # of the last, not reviewed
    records.assignments.assign(work, house.ann, Kind.FIRST, "reviewer")
    place = house.place(work)
    records.reviews.rate(place, 0.0, 0)
    name = f"{ENGINE.id} {ENGINE.version} {ENGINE.weights_sha256}"
    records.reviews.saw(place, Sight.DRAFT, name)
    records.reviews.saw(place, Sight.DRAFT, "two ratings")
    records.reviews.decide(place, 1.0, None, 1, None, "")
    issuer = person(house, "issuer", Grant(Role.ISSUER))
    for rows in (live_rows(house.repository, house.records), exports.ratings(issuer, work)):
        found = [
            (one.phase, one.engine_version)
            for one in rows
            if one.submission == work and one.rater_type == "evaluator"
        ]
        assert found == [("blind", None), ("final", engine_version(ENGINE))]


def test_validity_works_and_other_credentials_are_left_out(house: House) -> None:
    first = house.repository.submissions()[-1].id
    house.records.validity.copy(first, {"greeting": 1.0}, house.ann)
    assert len(live_rows(house.repository, house.records, CREDENTIAL.id)) == 7
    assert len(live_rows(house.repository, house.records)) == 7
    assert live_rows(house.repository, house.records, "another") == ()


def test_more_works_take_no_more_queries(house: House) -> None:
    def queries() -> int:
        seen: list[str] = []

        def count(*call: object) -> None:
            seen.append(str(call[2]))

        engine = house.database._engine
        event.listen(engine, "before_cursor_execute", count)
        live_rows(house.repository, house.records)
        event.remove(engine, "before_cursor_execute", count)
        return len(seen)

    before = queries()
    for at in range(4, 9):
        house.review(house.hand_in(f"C-{at}", {f"{at}.txt": f"{PLANS[0]} {at}"}))
    assert queries() == before


def test_an_issuer_who_rates_a_work_gets_no_draft_of_it_before_all_is_scored(
    house: House, exports: Exports
) -> None:
    """Only what they are assigned is looked at one by one."""
    issuer = person(house, "both", Grant(Role.ISSUER), Grant(Role.EVALUATOR))
    work = house.repository.submissions()[0].id
    house.records.assignments.assign(work, issuer, Kind.FIRST, "reviewer")
    assert work not in {row.submission for row in exports.ratings(issuer)}
    assert len({row.submission for row in exports.ratings(issuer)}) == 2


def test_what_an_issuer_was_assigned_as_something_that_they_are_no_longer_stays_out(
    house: House, exports: Exports
) -> None:
    issuer = person(house, "judge", Grant(Role.ISSUER), Grant(Role.ADJUDICATOR))
    work = house.repository.submissions()[-1].id
    house.records.assignments.assign(work, issuer, Kind.ADJUDICATION, "reviewer")
    house.records.accounts.revoke("judge", Grant(Role.ADJUDICATOR))
    issuer = house.records.accounts.person(issuer.id) or issuer
    assert {row.submission for row in exports.ratings(issuer)} == {
        one.id for one in house.repository.submissions() if one.id != work
    }


def test_an_issuer_of_another_credential_gets_nothing(house: House, exports: Exports) -> None:
    assert exports.ratings(person(house, "elsewhere", Grant(Role.ISSUER, "another"))) == ()
