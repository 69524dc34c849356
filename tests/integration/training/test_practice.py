"""A trainee before a real store: sets, sittings, comparison, the panel, and who may do what."""

import pytest
from house_training import SET, TEXT, House, training_set
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from reviewer.desk.training_overview import own, trainees
from reviewer.errors import NothingHere, ReviewError, TrainingError
from reviewer.review.permission import Grant, Person, Role
from reviewer.store.database import Database
from reviewer.store.sittings import Purpose
from reviewer.training.policy import Policy
from reviewer.training.qualification import Verdict
from reviewer.training.work import Span

# Sets


def test_a_set_comes_back_as_it_was_kept(house: House) -> None:
    assert house.records.training_sets.get(SET.id) == SET
    house.keep()  # the same again changes nothing
    assert [one.id for one in house.records.training_sets.all()] == [SET.id]


def test_other_rules_hold_from_now_on(house: House) -> None:
    house.records.training_sets.set_rules(SET.id, Policy(wait_days=1), "trainer")
    found = house.records.training_sets.get(SET.id)
    assert found is not None
    assert found.policy == Policy(wait_days=1)


@pytest.mark.parametrize(
    "table",
    ["training_set", "training_work", "training_rating", "training_tag", "qualification"],
)
def test_what_was_kept_cannot_be_changed_or_removed(house: House, ann: Person, table: str) -> None:
    before = house.desk.enter(ann, SET.id, "p1", Purpose.PRACTICE)
    span = Span(before.work.artifacts[0].id, 0, 4)
    house.desk.tag(ann, before.sitting.id, "e1", span, stands=True)
    house.attempt(ann)
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET at = at"):
        with pytest.raises(DBAPIError), house.database.writing() as connection:
            connection.execute(text(statement))


# Practice


def test_a_level_is_appended_and_the_latest_counts(house: House, ann: Person) -> None:
    number = house.desk.enter(ann, SET.id, "p1", Purpose.PRACTICE).sitting.id
    for level in (0.0, 2.0, 2.0, None):
        house.desk.rate(ann, number, "e1", level)
    assert house.desk.at(ann, number).sitting.said["e1"].level is None
    with house.database.reading() as connection:
        rows = connection.execute(
            text("SELECT level, rater_type FROM training_rating ORDER BY id")
        ).all()
    assert [tuple(row) for row in rows] == [(0.0, "trainee"), (2.0, "trainee"), (None, "trainee")]


def test_a_tag_can_be_taken_back_and_made_again(house: House, ann: Person) -> None:
    before = house.desk.enter(ann, SET.id, "p1", Purpose.PRACTICE)
    span = Span(before.work.artifacts[0].id, 0, 7)
    for stands in (True, True, False, True):
        house.desk.tag(ann, before.sitting.id, "e1", span, stands=stands)
    assert house.desk.at(ann, before.sitting.id).sitting.tags == {"e1": (span,)}


@pytest.mark.parametrize(
    "span", [Span("nothing", 0, 3), Span("plans-p1____", 5, 5), Span("plans-p1____", 0, 999)]
)
def test_a_tag_outside_the_work_is_refused(house: House, ann: Person, span: Span) -> None:
    number = house.desk.enter(ann, SET.id, "p1", Purpose.PRACTICE).sitting.id
    with pytest.raises(TrainingError, match="That selection is not in the work"):
        house.desk.tag(ann, number, "e1", span, stands=True)


def test_a_level_that_the_element_does_not_have_is_refused(house: House, ann: Person) -> None:
    number = house.desk.enter(ann, SET.id, "p1", Purpose.PRACTICE).sitting.id
    with pytest.raises(ReviewError, match="7 is no level of the element"):
        house.desk.rate(ann, number, "e1", 7.0)
    with pytest.raises(NothingHere):
        house.desk.rate(ann, number, "e9", 1.0)


def test_a_work_is_handed_in_whole_and_stands_after_that(house: House, ann: Person) -> None:
    number = house.desk.enter(ann, SET.id, "p1", Purpose.PRACTICE).sitting.id
    house.desk.rate(ann, number, "e1", 1.0)
    with pytest.raises(TrainingError, match="1 elements have no level yet"):
        house.desk.hand_in(ann, number)
    house.desk.rate(ann, number, "e2", 1.0)
    house.desk.hand_in(ann, number)
    for late in (
        lambda: house.desk.rate(ann, number, "e1", 2.0),
        lambda: house.desk.hand_in(ann, number),
    ):
        with pytest.raises(TrainingError, match="This work is handed in; it stands as it was"):
            late()


def test_the_key_is_compared_after_handing_in_and_not_before(house: House, ann: Person) -> None:
    before = house.desk.enter(ann, SET.id, "p1", Purpose.PRACTICE)
    assert house.desk.compared(ann, before) == ()
    excerpt = before.work.key["e1"].excerpts[0]
    house.desk.tag(ann, before.sitting.id, "e1", excerpt, stands=True)
    after = house.rate(ann, "p1")
    first, second = house.desk.compared(ann, after)
    assert (first.exact, first.overlap.f1, second.overlap.f1) == (True, 1.0, 0.0)


def test_opening_again_goes_on_and_practising_again_begins_anew(house: House, ann: Person) -> None:
    first = house.desk.enter(ann, SET.id, "p1", Purpose.PRACTICE)
    assert house.desk.enter(ann, SET.id, "p1", Purpose.PRACTICE, again=True) == first
    house.rate(ann, "p1")
    looked = house.desk.enter(ann, SET.id, "p1", Purpose.PRACTICE)
    assert (looked.sitting.id, looked.handed_in) == (first.sitting.id, True)
    anew = house.desk.enter(ann, SET.id, "p1", Purpose.PRACTICE, again=True)
    assert anew.sitting.id != first.sitting.id


def test_peers_are_counted_from_three_others_on_once_each(house: House, ann: Person) -> None:
    for number in range(3):
        other = house.add(f"other-{number}", Role.TRAINEE)
        house.rate(other, "p1", off=1.0)
        house.rate(other, "p1", again=True)  # knows the key by then
        after = house.rate(ann, "p1", again=True)
        peers = house.desk.compared(ann, after)[0].peers
        assert sum(peers.values()) == (3 if number == 2 else 0)
    key = after.work.key["e1"].level
    assert key not in peers


# Who may


@pytest.mark.parametrize("name", ["issuer", "adjudicator", "administrator", "trainer"])
def test_who_does_not_train_gets_no_sitting(house: House, name: str) -> None:
    with pytest.raises(NothingHere):
        house.desk.enter(house.person(name), SET.id, "p1", Purpose.PRACTICE)
    with pytest.raises(NothingHere):
        own(house.desk, house.person(name), SET.id)


def test_a_trainee_of_another_credential_sees_no_set(house: House) -> None:
    stranger = house.add("stranger", Role.TRAINEE, scope="another")
    assert house.desk.sets(stranger) == ()
    with pytest.raises(NothingHere):
        house.desk.enter(stranger, SET.id, "p1", Purpose.PRACTICE)


def test_nobody_reaches_the_sitting_of_another(house: House, ann: Person) -> None:
    number = house.desk.enter(ann, SET.id, "p1", Purpose.PRACTICE).sitting.id
    other = house.person("evaluator")
    for act in (
        lambda: house.desk.at(other, number),
        lambda: house.desk.rate(other, number, "e1", 1.0),
        lambda: house.desk.hand_in(other, number),
    ):
        with pytest.raises(NothingHere):
            act()


def test_a_role_that_was_taken_away_ends_a_sitting_at_once(house: House, ann: Person) -> None:
    number = house.desk.enter(ann, SET.id, "p1", Purpose.PRACTICE).sitting.id
    house.records.accounts.revoke("trainee", Grant(Role.TRAINEE, SET.credential.id))
    with pytest.raises(NothingHere):
        house.desk.rate(house.person("trainee"), number, "e1", 1.0)


def test_a_work_of_a_form_is_no_practice_and_needs_an_attempt(house: House, ann: Person) -> None:
    with pytest.raises(NothingHere):
        house.desk.enter(ann, SET.id, "a1", Purpose.PRACTICE)
    with pytest.raises(TrainingError, match="No attempt of yours runs"):
        house.desk.enter(ann, SET.id, "a1", Purpose.QUALIFICATION)


def test_a_trainer_sees_who_is_where_and_trainees_do_not(house: House, ann: Person) -> None:
    house.rate(ann, "p1", off=1.0)
    house.attempt(house.person("evaluator"))
    first, second = trainees(house.desk, house.person("trainer"), SET.id)
    assert (first.name, first.practised, first.verdict) == ("evaluator", 2, Verdict.QUALIFIED)
    assert (second.name, second.attempts, second.verdict) == ("trainee", 0, None)
    assert second.exact is not None
    assert (second.exact.value, second.exact.n) == (0.0, 2)
    with pytest.raises(NothingHere):
        trainees(house.desk, ann, SET.id)


# The panel


def test_a_key_appears_when_two_experts_agree_and_goes_when_they_do_not(
    database: Database,
) -> None:
    house = House(database)
    kept = house.keep(training_set(per_form=1, practice=1, synthetic=False))
    first, second = house.person("trainer"), house.add("second", Role.TRAINER)

    def say(who: Person, level: float, *, again: bool = False) -> None:
        before = house.desk.enter(who, kept.id, "p1", Purpose.PANEL, again=again)
        for element in before.asked:
            house.desk.rate(who, before.sitting.id, element.id, level, f"{who.name} says so.")
        span = Span(before.work.artifacts[0].id, 0, TEXT.index("."))
        house.desk.tag(who, before.sitting.id, "e1", span, stands=True)
        house.desk.hand_in(who, before.sitting.id)

    def key() -> dict[str, float]:
        found = house.records.training_sets.get(kept.id)
        assert found is not None
        return {e: one.level for e, one in found.works[0].key.items()}

    say(first, 2.0)
    assert key() == {}
    say(second, 1.0)
    assert key() == {}
    say(second, 2.0, again=True)
    assert key() == {"e1": 2.0, "e2": 2.0}
    found = house.records.training_sets.get(kept.id)
    assert found is not None
    entry = found.works[0].key["e1"]
    assert entry.rationale == "trainer says so.\nsecond says so."
    assert [one.start for one in entry.excerpts] == [0]
    with house.database.reading() as connection:
        kinds = connection.scalar(text("SELECT DISTINCT rater_type FROM training_rating"))
    assert kinds == "expert"


def test_a_work_without_a_key_is_put_before_no_trainee(database: Database) -> None:
    house = House(database)
    kept = house.keep(training_set(synthetic=False))
    ann = house.person("trainee")
    assert own(house.desk, ann, kept.id).practice == ()
    with pytest.raises(NothingHere):
        house.desk.enter(ann, kept.id, "p1", Purpose.PRACTICE)


def test_there_is_no_panel_on_a_synthetic_set(house: House) -> None:
    with pytest.raises(NothingHere):
        house.desk.enter(house.person("trainer"), SET.id, "p1", Purpose.PANEL)
