"""From practice to a certificate before a real store: attempts, seasons, live work."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from house_training import SET, WAIT, House, credential, training_set
from sqlalchemy import text

from reviewer.desk.training_overview import certificate, own, trainees
from reviewer.errors import NothingHere, StoreError, TrainingError
from reviewer.review.permission import Person, Role
from reviewer.store import audit
from reviewer.store.database import Database, open_database
from reviewer.store.sittings import Purpose
from reviewer.training.policy import Policy
from reviewer.training.qualification import Verdict
from reviewer.training.work import Span

# Qualification


def test_from_first_practice_to_a_certificate(house: House, ann: Person) -> None:
    refused = own(house.desk, ann, SET.id)
    assert refused.leave.because == "Practise first: 0 of 1 works are handed in."
    number = house.attempt(ann)
    found = own(house.desk, ann, SET.id)
    assert found.valid is not None
    assert found.valid.id == number
    assert found.valid.expires_at == datetime(2026, 8, 1, tzinfo=UTC)
    made = certificate(house.desk, ann, number)
    assert made.result.exact is not None
    assert (made.result.exact.value, made.result.exact.n) == (1.0, 12)
    assert made.result.because.startswith("12 of 12 ratings are exactly the key's")
    assert audit.verify(house.database) > 10


def test_an_attempt_below_the_cut_fails_and_waits(house: House, ann: Person) -> None:
    number = house.attempt(ann, right=4)  # 8 of 12 = 67 %, 80 % needed
    (attempt,) = house.records.qualifications.of(SET.id, ann.id)
    assert attempt.result is not None
    assert attempt.result.verdict is Verdict.NOT_QUALIFIED
    with pytest.raises(NothingHere):
        certificate(house.desk, ann, number)
    with pytest.raises(TrainingError, match=r"The next attempt may begin on 2026-03-09"):
        house.desk.begin(ann, SET.id)
    house.at += timedelta(days=7)
    with pytest.raises(TrainingError, match="Practise again first"):
        house.desk.begin(ann, SET.id)
    house.attempt(ann)
    assert own(house.desk, ann, SET.id).valid is not None


def test_fewer_ratings_than_twenty_end_in_insufficient_data(database: Database) -> None:
    house = House(database)
    few = house.keep(training_set(policy=WAIT.model_copy(update={"fewest_ratings": 20})))
    ann = house.person("trainee")
    house.attempt(ann, kept=few)
    (attempt,) = house.records.qualifications.of(few.id, ann.id)
    assert attempt.result is not None
    assert attempt.result.verdict is Verdict.INSUFFICIENT_DATA
    assert attempt.expires_at is None


def test_beginning_twice_goes_on_with_the_attempt_that_runs(house: House, ann: Person) -> None:
    house.rate(ann, "p1")
    assert house.desk.begin(ann, SET.id) == house.desk.begin(ann, SET.id)


def test_nothing_of_a_form_s_key_is_shown_during_or_after_an_attempt(
    house: House, ann: Person
) -> None:
    house.rate(ann, "p1")
    house.desk.begin(ann, SET.id)
    after = house.rate(ann, "a1", Purpose.QUALIFICATION, 1.0)
    assert house.desk.compared(ann, after) == ()
    again = house.desk.enter(ann, SET.id, "a1", Purpose.QUALIFICATION, again=True)
    assert again.sitting.id == after.sitting.id  # rated once an attempt
    assert all(line.exact is None for line in own(house.desk, ann, SET.id).running)


def test_on_a_set_that_lacks_a_level_nobody_can_begin(database: Database) -> None:
    house = House(database)
    lacking = house.keep(training_set(levels=9, per_form=4))
    ann = house.person("trainee")
    house.rate(ann, "p1", kept=lacking)
    with pytest.raises(TrainingError, match="No work of the two forms is at level"):
        house.desk.begin(ann, lacking.id)


def test_a_qualification_expires_with_its_season_and_is_tried_anew(
    house: House, ann: Person
) -> None:
    house.attempt(ann)
    house.at = datetime(2026, 8, 1, tzinfo=UTC)
    assert own(house.desk, ann, SET.id).valid is None
    (line,) = trainees(house.desk, house.person("trainer"), SET.id)
    assert line.lapsed
    house.attempt(ann)
    found = own(house.desk, ann, SET.id).valid
    assert found is not None
    assert found.expires_at == datetime(2027, 8, 1, tzinfo=UTC)


def test_an_attempt_whose_judging_was_interrupted_is_judged_at_the_next_look(
    house: House, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(house.desk, "judge", lambda *_: None)
        house.attempt(ann)
        assert house.records.qualifications.of(SET.id, ann.id)[0].result is None
    assert own(house.desk, ann, SET.id).valid is not None


def test_the_certificate_is_its_owner_s_and_the_trainer_s(house: House, ann: Person) -> None:
    number = house.attempt(ann)
    assert certificate(house.desk, house.person("trainer"), number).name == "trainee"
    for name in ("evaluator", "issuer"):
        with pytest.raises(NothingHere):
            certificate(house.desk, house.person(name), number)
    with pytest.raises(NothingHere):
        certificate(house.desk, ann, number + 1)


# Live work


def may(house: House, who: Person, version: str = "1") -> bool:
    """Whether `who` may take live work, where synthetic sets count."""
    asked = SET.credential.model_copy(update={"version": version})
    return house.desk.may_take_live_work(who.id, asked)


def may_outside_the_demo(house: House, who: Person) -> bool:
    return house.records.qualifications.may_take_live_work(
        who.id, SET.credential.id, SET.credential.rubric_hash, demo=False
    )


def test_only_the_qualified_take_live_work_where_the_issuer_says_so(
    house: House, ann: Person
) -> None:
    assert may(house, ann)
    house.records.qualifications.require(SET.credential.id, True, house.person("issuer"))
    assert not may(house, ann)
    house.attempt(ann)
    assert may(house, ann)
    assert not may(house, ann, "another version")
    assert not may_outside_the_demo(house, ann)  # the set is synthetic
    house.at = datetime(2026, 8, 1, tzinfo=UTC)
    assert not may(house, ann)
    house.records.qualifications.require(SET.credential.id, False, house.person("issuer"))
    assert may(house, ann)


def test_a_qualification_on_a_panel_s_set_counts_outside_the_demo(database: Database) -> None:
    house = House(database)
    kept = house.keep(training_set(synthetic=False))
    for name in ("trainer", "second"):
        expert = house.person(name) if name == "trainer" else house.add(name, Role.TRAINER)
        for work in kept.works:
            before = house.desk.enter(expert, kept.id, work.id, Purpose.PANEL)
            for element in before.asked:
                level = work.key[element.id].level
                house.desk.rate(expert, before.sitting.id, element.id, level, "Because.")
            house.desk.hand_in(expert, before.sitting.id)
    ann = house.person("trainee")
    house.attempt(ann, kept=kept)
    house.records.qualifications.require(kept.credential.id, True, house.person("issuer"))
    assert may_outside_the_demo(house, ann)


# Size


@pytest.mark.parametrize(
    ("elements", "levels"), [(1, 3), pytest.param(25, 3, marks=pytest.mark.slow), (2, 9)]
)
def test_credentials_of_every_shape_can_be_qualified_on(
    database: Database, elements: int, levels: int
) -> None:
    house = House(database)
    policy = Policy(works_per_form=levels, fewest_ratings=4, practice_works=1)
    kept = house.keep(training_set(elements, levels, per_form=levels, policy=policy))
    house.attempt(house.person("trainee"), right=2 * levels, kept=kept)
    found = own(house.desk, house.person("trainee"), kept.id)
    assert found.valid is not None
    assert found.valid.result is not None
    assert len(found.valid.result.elements) == elements


@pytest.mark.slow
def test_a_whole_path_on_postgresql(postgresql: Callable[[], str]) -> None:
    opened = open_database(postgresql())
    house = House(opened)
    house.keep()
    ann = house.person("trainee")
    house.desk.tag(
        ann,
        house.desk.enter(ann, SET.id, "p1", Purpose.PRACTICE).sitting.id,
        "e1",
        Span("plans-p1____", 0, 4),
        stands=True,
    )
    number = house.attempt(ann)
    assert certificate(house.desk, ann, number).expires_at == datetime(2026, 8, 1, tzinfo=UTC)
    house.records.qualifications.require(SET.credential.id, True, house.person("issuer"))
    assert may(house, ann)
    with (
        pytest.raises(StoreError, match="training_rating is append-only"),
        opened.writing() as connection,
    ):
        connection.execute(text("DELETE FROM training_rating"))
    opened.close()


def test_two_windows_before_one_work_of_an_attempt_are_one_sitting(
    house: House, ann: Person
) -> None:
    house.rate(ann, "p1")
    attempt = house.desk.begin(ann, SET.id)
    house.rate(ann, "a1", Purpose.QUALIFICATION)
    late = house.records.sittings.begin(SET.id, "a1", ann, Purpose.QUALIFICATION, attempt)
    assert late.handed_in_at is not None


def test_the_events_say_what_happened_in_order(house: House, ann: Person) -> None:
    house.attempt(ann)
    told = [one.event for one in audit.events(house.database) if "account" not in one.event]
    kept = [one for one in told if one != "role_granted"]
    assert kept == [
        "training_set_added",
        "training_handed_in",
        "training_handed_in",
        "qualification_begun",
        *["training_handed_in"] * 6,
        "qualification_judged",
    ]
    judged = audit.events(house.database)[-1].details
    assert (judged["verdict"], judged["n"]) == ("qualified", 12)
    assert json.dumps(judged).count("level") == 0
    assert credential().rubric_hash == judged["rubric_hash"]
