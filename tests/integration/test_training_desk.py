"""A trainee, a trainer and an issuer before a real store: practice, attempts, live work."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from house_training import TEXT, WAIT, credential, empty_store, training_set
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from reviewer.desk.training import Before, TrainingDesk
from reviewer.desk.training_overview import certificate, own, trainees
from reviewer.errors import NothingHere, ReviewError, StoreError, TrainingError
from reviewer.review.permission import Grant, Person, Role
from reviewer.store import audit
from reviewer.store.database import Database, open_database
from reviewer.store.human import human_records
from reviewer.store.sittings import Purpose
from reviewer.training.policy import Policy
from reviewer.training.qualification import Verdict
from reviewer.training.work import FORMS, Part, Span, TrainingSet

SET = training_set()
HASH = SET.credential.rubric_hash


class House:
    """A store, a desk over it, and a clock that the test sets."""

    def __init__(self, database: Database, *, demo: bool = False) -> None:
        self.database = database
        self.at = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
        self.records = human_records(database, lambda: self.at)
        self.desk = TrainingDesk(self.records, demo=demo)
        for role in Role:
            self.add(role.value, role)

    def add(self, name: str, *roles: Role, scope: str = SET.credential.id) -> Person:
        self.records.accounts.add(name, None, [Grant(role, scope) for role in roles])
        return self.person(name)

    def person(self, name: str) -> Person:
        found = self.records.accounts.named(name)
        assert found is not None
        return found

    def keep(self, kept: TrainingSet = SET) -> TrainingSet:
        self.records.training_sets.add(kept, "trainer")
        return kept

    def rate(
        self,
        who: Person,
        work: str,
        purpose: Purpose = Purpose.PRACTICE,
        off: float = 0.0,
        *,
        again: bool = False,
        kept: TrainingSet = SET,
    ) -> Before:
        """Rate a work as its key says, or `off` from it (kept inside the scale), and hand it in."""
        before = self.desk.enter(who, kept.id, work, purpose, again=again)
        for element in before.asked:
            level = before.work.key[element.id].level if element.id in before.work.key else 1.0
            wrong = min(element.values[-1], level + off)
            level = wrong if wrong != level or not off else level - off
            self.desk.rate(who, before.sitting.id, element.id, level)
        return self.desk.hand_in(who, before.sitting.id)

    def attempt(self, who: Person, right: int = 6, kept: TrainingSet = SET) -> int:
        """Practise, begin, and rate `right` works of the two forms like the key, the others not."""
        for one in kept.of(Part.PRACTICE):
            self.rate(who, one.id, again=True, kept=kept)
            self.at += timedelta(minutes=1)
        number = self.desk.begin(who, kept.id)
        for at, one in enumerate(kept.of(*FORMS)):
            self.rate(who, one.id, Purpose.QUALIFICATION, 0.0 if at < right else 1.0, kept=kept)
        return number


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{empty_store(tmp_path)}")
    yield opened
    opened.close()


@pytest.fixture
def house(database: Database) -> House:
    made = House(database)
    made.keep()
    return made


@pytest.fixture
def ann(house: House) -> Person:
    return house.person("trainee")


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


def may(house: House, who: Person, rubric_hash: str = HASH, *, demo: bool = True) -> bool:
    return house.records.qualifications.may_take_live_work(
        who.id, SET.credential.id, rubric_hash, demo=demo
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
    assert not may(house, ann, demo=False)  # the set is synthetic
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
    assert may(house, ann, demo=False)


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
