"""Second scores that nobody can give: recorded why, and the work goes on. On both databases."""

import pytest
from house_routing import (
    CREDENTIAL,
    ONCE,
    distribute,
    hand_in,
    person,
    policy,
    rate,
    who,
)
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from reviewer.calibration.monitoring import State
from reviewer.desk.programs import REASON, ProgramDesk
from reviewer.errors import NothingHere, ReviewError, StoreError
from reviewer.review.outcome import Outcome
from reviewer.review.permission import Grant, Kind, Person, Role
from reviewer.store import audit
from reviewer.store.database import Database
from reviewer.store.human import HumanRecords, human_records

pytestmark = pytest.mark.slow  # a store a test

TWICE = ONCE.model_copy(update={"routing": ONCE.routing.model_copy(update={"share": 1.0})})
WHY = "Ben is her brother, and there is nobody else."


@pytest.fixture
def records(database: Database) -> HumanRecords:
    return human_records(database)


@pytest.fixture
def issuer(records: HumanRecords) -> Person:
    return person(records, "issuer", Role.ISSUER)


@pytest.fixture
def programs(records: HumanRecords) -> ProgramDesk:
    return ProgramDesk(None, records, lambda: (CREDENTIAL,))  # type: ignore[arg-type]


@pytest.fixture
def lacking(database: Database, records: HumanRecords, issuer: Person) -> str:
    """A work of two scores whose first rater is ann, and whose candidate ben is in a conflict with.

    There is nobody else.
    """
    ann, ben = person(records, "ann"), person(records, "ben")
    hand_in(database, "s1", candidate="C-1")
    policy(records, issuer, TWICE)
    records.programs.declare(ben, "C-1", issuer, stands=True)
    assert distribute(records, issuer).short == 1
    assert who(database, "s1")[Kind.FIRST].account == ann.id
    return "s1"


def facts(records: HumanRecords) -> tuple[State, bool]:
    (work,) = records.monitored.observe(CREDENTIAL).works
    return work.state, work.waived


def test_the_issuer_sees_the_work_says_why_and_it_is_finalized_with_one_score(
    database: Database, records: HumanRecords, issuer: Person, programs: ProgramDesk, lacking: str
) -> None:
    (shown,) = programs.overview(issuer, CREDENTIAL.id).lacking
    assert (shown.submission, shown.candidate, shown.why) == (lacking, "C-1", ("random",))
    programs.waive(issuer, CREDENTIAL.id, lacking, f"  {WHY}\n")
    found = programs.overview(issuer, CREDENTIAL.id)
    assert (found.lacking, found.counts.seconds, found.counts.twice) == ((), 0, 1)
    assert [(one.submission, one.words, one.by) for one in found.waivers] == [
        (lacking, WHY, "issuer")
    ]
    first = who(database, lacking)[Kind.FIRST]
    assert facts(records) == (State.EVALUATOR, True)
    rate(records, first, lacking, {"e1": 3, "e2": 3})
    assert facts(records) == (State.FINALIZE, True)
    assert records.settling.held(lacking) == ""
    ann = records.accounts.person(first.account)
    assert ann is not None
    done = records.outcomes.finalize(lacking, CREDENTIAL, 1, ann, Outcome.AWARDED)
    assert done.levels == {"e1": 3.0, "e2": 3.0}


def test_it_is_an_event_without_the_words_and_a_row_that_never_changes(
    database: Database, records: HumanRecords, issuer: Person, programs: ProgramDesk, lacking: str
) -> None:
    programs.waive(issuer, CREDENTIAL.id, lacking, WHY)
    (event,) = [one for one in audit.events(database) if one.event == "second_score_waived"]
    assert (event.actor, event.details) == ("issuer", {"submission": lacking})
    with (
        pytest.raises((DBAPIError, StoreError), match="append-only"),
        database.writing() as connection,
    ):
        connection.execute(text("UPDATE waiver SET words = 'x'"))


def test_the_same_again_changes_nothing_and_no_later_distribution_gives_the_second_score(
    database: Database, records: HumanRecords, issuer: Person, programs: ProgramDesk, lacking: str
) -> None:
    programs.waive(issuer, CREDENTIAL.id, lacking, WHY)
    programs.waive(issuer, CREDENTIAL.id, lacking, "Another reason.")
    assert [one.words for one in records.distribution.waivers(CREDENTIAL.id)] == [WHY]
    person(records, "cem")
    done = distribute(records, issuer)
    assert (done.seconds, done.short) == (0, 0)
    assert set(who(database, lacking)) == {Kind.FIRST}


def test_who_takes_the_second_part_after_all_is_waited_for(
    database: Database, records: HumanRecords, issuer: Person, programs: ProgramDesk, lacking: str
) -> None:
    programs.waive(issuer, CREDENTIAL.id, lacking, WHY)
    rate(records, who(database, lacking)[Kind.FIRST], lacking, {"e1": 3, "e2": 3})
    records.assignments.assign(lacking, person(records, "cem"), Kind.SECOND, "issuer")
    assert "scored twice" in records.settling.held(lacking)
    assert facts(records) == (State.SECOND, False)
    rate(records, who(database, lacking)[Kind.SECOND], lacking, {"e1": 0, "e2": 3})
    assert "with an adjudicator" in records.settling.held(lacking)


def test_a_first_rater_who_leaves_after_it_is_replaced_by_one_person_alone(
    database: Database, records: HumanRecords, issuer: Person, programs: ProgramDesk, lacking: str
) -> None:
    programs.waive(issuer, CREDENTIAL.id, lacking, WHY)
    for name in ("cem", "dua"):
        person(records, name)
    records.accounts.disable("ann")
    done = distribute(records, issuer)
    assert (done.works, done.seconds, done.short) == (1, 0, 0)
    assert set(who(database, lacking)) == {Kind.FIRST}


def test_as_long_as_somebody_may_give_it_nothing_is_waived(
    records: HumanRecords, issuer: Person, programs: ProgramDesk, lacking: str
) -> None:
    person(records, "cem")
    assert programs.overview(issuer, CREDENTIAL.id).lacking == ()
    with pytest.raises(ReviewError, match="cem may still give the second score of this work"):
        programs.waive(issuer, CREDENTIAL.id, lacking, WHY)


def test_nobody_waives_the_second_score_of_what_they_score_themselves(
    records: HumanRecords, programs: ProgramDesk, lacking: str
) -> None:
    records.accounts.grant("ann", Grant(Role.ISSUER))
    with pytest.raises(ReviewError, match="You score this work yourself"):
        programs.waive(person(records, "ann"), CREDENTIAL.id, lacking, WHY)


@pytest.mark.parametrize("work", ["s2", "absent"])
def test_a_work_that_lacks_no_second_score_has_none_to_waive(
    database: Database,
    records: HumanRecords,
    issuer: Person,
    programs: ProgramDesk,
    lacking: str,
    work: str,
) -> None:
    policy(records, issuer)
    hand_in(database, "s2")
    distribute(records, issuer)
    with pytest.raises(ReviewError, match="No work of this program with that id lacks its second"):
        programs.waive(issuer, CREDENTIAL.id, work, WHY)


def test_without_a_policy_nothing_lacks_anything(issuer: Person, programs: ProgramDesk) -> None:
    assert programs.overview(issuer, CREDENTIAL.id).lacking == ()
    with pytest.raises(ReviewError, match="lacks its second score"):
        programs.waive(issuer, CREDENTIAL.id, "s1", WHY)


@pytest.mark.parametrize("words", ["", "  \n", "x" * (REASON + 1)])
def test_a_reason_is_asked_for_within_bounds(
    records: HumanRecords, issuer: Person, programs: ProgramDesk, lacking: str, words: str
) -> None:
    with pytest.raises(ReviewError, match=f"Say in 1 to {REASON} characters"):
        programs.waive(issuer, CREDENTIAL.id, lacking, words)
    assert records.distribution.waivers(CREDENTIAL.id) == ()


def test_who_does_not_issue_it_waives_nothing(
    records: HumanRecords, programs: ProgramDesk, lacking: str
) -> None:
    with pytest.raises(NothingHere, match="no such program"):
        programs.waive(person(records, "ann"), CREDENTIAL.id, lacking, WHY)


def test_the_unqualified_may_not_give_it_either(
    database: Database, records: HumanRecords, issuer: Person, programs: ProgramDesk, lacking: str
) -> None:
    person(records, "cem")
    records.qualifications.require(CREDENTIAL.id, True, issuer)
    assert [one.submission for one in records.distribution.lacking(CREDENTIAL.id)] == [lacking]
    programs.waive(issuer, CREDENTIAL.id, lacking, WHY)
    assert records.settling.held(lacking) == ""


def test_the_snapshot_counts_it_and_says_why(
    records: HumanRecords, issuer: Person, programs: ProgramDesk, lacking: str
) -> None:
    programs.waive(issuer, CREDENTIAL.id, lacking, WHY)
    observed = records.monitored.observe(CREDENTIAL)
    assert [(one.submission, one.by, one.words) for one in observed.waivers] == [
        (lacking, "issuer", WHY)
    ]
