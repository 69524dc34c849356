"""Validity works: copies of works whose levels are known, seeded among live ones."""

import re
from dataclasses import replace

import pytest
from house_routing import (
    CREDENTIAL,
    ONCE,
    SEED,
    distribute,
    hand_in,
    person,
    policy,
    rate,
    who,
)
from house_training import House, training_set
from sqlalchemy import select, text

from reviewer.calibration.gate import Thresholds
from reviewer.desk.programs import ProgramDesk
from reviewer.errors import NothingHere, ReviewError
from reviewer.review.draw import drawn
from reviewer.review.permission import Grant, Kind, Part, Person, Purpose, Role
from reviewer.review.rating import RaterType
from reviewer.store import audit
from reviewer.store.database import Database
from reviewer.store.human import HumanRecords, human_records
from reviewer.store.parts import holders
from reviewer.store.reviews import Place
from reviewer.store.schema import submission
from reviewer.store.sittings import Purpose as Sitting

pytestmark = pytest.mark.slow  # a store a test: together they take many seconds


@pytest.fixture
def records(database: Database) -> HumanRecords:
    return human_records(database)


@pytest.fixture
def issuer(records: HumanRecords) -> Person:
    return person(records, "issuer", Role.ISSUER)


@pytest.fixture
def people(records: HumanRecords) -> list[Person]:
    return [person(records, name) for name in ("ann", "ben", "cem")]


class TestCopies:
    def test_one_is_a_copy_with_a_pseudonym_of_its_own_seeded_beside_live_works(
        self, database: Database, records: HumanRecords, issuer: Person, people: list[Person]
    ) -> None:
        hand_in(database, "done", "s1", "s2", "s3")
        with database.writing() as connection:
            connection.execute(text("DELETE FROM assignment"))
        copy = records.validity.copy("done", {"e1": 3.0, "e2": 1.0}, issuer)
        policy(records, issuer, ONCE.model_copy(update={"validity": 0.5}))
        distribute(records, issuer)
        assert copy not in {
            one.submission for one in records.distribution.prepare("graded", issuer)
        }
        with database.reading() as connection:
            row = connection.execute(submission.select().where(submission.c.id == copy)).one()
            given = holders(connection, copy)
        assert len(row.candidate) == len("C-done")
        assert row.candidate != "C-done"
        assert {one.part for one in given} <= {Part(Kind.SECOND, Purpose.VALIDITY)}
        assert len({one.account for one in given}) == len(given)
        seeded = sum(drawn(SEED, "validity", name) < 0.5 for name in ("done", "s1", "s2", "s3"))
        assert 0 < len(given) <= seeded

    def test_who_rated_the_original_is_never_given_the_copy(
        self, database: Database, records: HumanRecords, issuer: Person, people: list[Person]
    ) -> None:
        hand_in(database, "done")
        policy(records, issuer, ONCE.model_copy(update={"validity": 0.5}))
        distribute(records, issuer)
        first = who(database, "done")[Kind.FIRST]
        copy = records.validity.copy("done", {"e1": 3.0, "e2": 1.0}, issuer)
        for one in people:
            if one.id != first.account:
                records.accounts.disable(one.name)
        hand_in(database, *(f"s{number}" for number in range(12)))
        distribute(records, issuer)
        assert who(database, "s1")[Kind.FIRST].account == first.account
        assert who(database, copy) == {}

    def test_its_ratings_are_compared_with_the_known_levels_and_with_nothing_else(
        self, database: Database, records: HumanRecords, issuer: Person, people: list[Person]
    ) -> None:
        hand_in(database, "done")
        copy = records.validity.copy("done", {"e1": 3.0, "e2": 1.0}, issuer)
        records.assignments.assign(copy, people[0], Kind.SECOND, "issuer", Purpose.VALIDITY)
        rate(records, who(database, copy)[Kind.SECOND], copy, {"e1": 3.0, "e2": 2.0})
        observed = records.monitored.observe(CREDENTIAL)
        assert [(one.element, one.level, one.reference) for one in observed.validity] == [
            ("e1", 3.0, 3.0),
            ("e2", 2.0, 1.0),
        ]
        assert [one.submission for one in observed.works] == ["done"]
        assert who(database, copy)[Kind.SECOND].finished

    @pytest.mark.parametrize(
        ("like", "form"), [("C-0417", r"C-\d{4}\d*"), ("maria", r"[a-z]{5,}"), ("*", r"\*0+")]
    )
    def test_its_pseudonym_has_the_form_of_the_others_and_nobody_s(
        self, database: Database, records: HumanRecords, issuer: Person, like: str, form: str
    ) -> None:
        hand_in(database, "done", candidate=like)
        for _ in range(3):
            records.validity.copy("done", {"e1": 1.0}, issuer)
        with database.reading() as connection:
            names = list(connection.scalars(select(submission.c.candidate)))
        assert len(set(names)) == 4
        names.remove(like)
        assert all(re.fullmatch(form, one) for one in names)

    def test_a_retired_one_is_seeded_no_more_and_its_ratings_stay(
        self, database: Database, records: HumanRecords, issuer: Person
    ) -> None:
        hand_in(database, "done")
        copy = records.validity.copy("done", {"e1": 3.0}, issuer)
        records.validity.retire(copy, issuer)
        records.validity.retire(copy, issuer)
        assert records.validity.standing("graded") == ()
        assert records.validity.all() == {copy}
        with pytest.raises(ReviewError, match="no such validity work"):
            records.validity.retire("done", issuer)

    def test_who_is_in_a_conflict_with_the_original_s_candidate_is_never_given_the_copy(
        self, database: Database, records: HumanRecords, issuer: Person, people: list[Person]
    ) -> None:
        hand_in(database, "done", candidate="C-friend")
        copy = records.validity.copy("done", {"e1": 3.0, "e2": 1.0}, issuer)
        with database.writing() as connection:
            connection.execute(text("UPDATE submission SET erased_at = created_at WHERE id='done'"))
        for one in people[:2]:
            records.programs.declare(one, "C-friend", issuer, stands=True)
        policy(records, issuer, ONCE.model_copy(update={"validity": 0.5}))
        hand_in(database, *(f"s{number}" for number in range(30)))
        distribute(records, issuer)
        with database.reading() as connection:
            assert [one.account for one in holders(connection, copy)] == [people[2].id]

    def test_of_two_copies_of_one_work_nobody_is_given_both(
        self, database: Database, records: HumanRecords, issuer: Person, people: list[Person]
    ) -> None:
        hand_in(database, "done")
        with database.writing() as connection:
            connection.execute(text("UPDATE submission SET erased_at = created_at WHERE id='done'"))
        copies = [records.validity.copy("done", {"e1": 3.0, "e2": 1.0}, issuer) for _ in range(2)]
        policy(records, issuer, ONCE.model_copy(update={"validity": 0.5}))
        hand_in(database, *(f"s{number}" for number in range(40)))
        distribute(records, issuer)
        with database.reading() as connection:
            given = [one.account for copy in copies for one in holders(connection, copy)]
        assert len(given) == len(set(given)) == 3


SET = training_set(synthetic=False)
OWN = SET.credential


class TestAnchors:
    """A validity work of an anchor: the submission that it was made of, with its panel's levels."""

    @pytest.fixture
    def house(self, database: Database) -> House:
        """A set whose first work was made of ``source``, rated by two experts who agree on e1."""
        made = House(database)
        hand_in(database, "source", credential=OWN, candidate="C-0417")
        works = tuple(
            replace(one, key={}, source="source" if at == 0 else None)
            for at, one in enumerate(SET.works)
        )
        made.keep(replace(SET, works=works))
        for name, second in (("one", 0.0), ("two", 2.0)):
            expert = made.add(name, Role.TRAINER)
            before = made.desk.enter(expert, SET.id, works[0].id, Sitting.PANEL)
            for element, level in (("e1", 1.0), ("e2", second)):
                made.desk.rate(expert, before.sitting.id, element, level, "Because.")
            made.desk.hand_in(expert, before.sitting.id)
        return made

    def programs(self, house: House) -> ProgramDesk:
        return ProgramDesk(None, house.records, lambda: (OWN,))  # type: ignore[arg-type]

    def test_it_is_a_copy_of_the_submission_and_the_agreed_levels_are_the_known_ones(
        self, database: Database, house: House
    ) -> None:
        issuer, work = house.person("issuer"), SET.works[0].id
        (anchor,) = self.programs(house).overview(issuer, OWN.id).anchors
        assert (anchor.work, anchor.source, dict(anchor.levels)) == (work, "source", {"e1": 1.0})
        copy = self.programs(house).add_anchor(issuer, OWN.id, SET.id, work)
        with database.reading() as connection:
            row = connection.execute(select(submission).where(submission.c.id == copy)).one()
        assert re.fullmatch(r"C-\d{4}", row.candidate)
        assert row.candidate != "C-0417"
        assert row.rubric_hash == OWN.rubric_hash
        (event,) = [one for one in audit.events(database) if one.event == "validity_work_added"]
        assert (event.details["of"], event.details["anchor"]) == ("source", work)

    def test_only_elements_with_a_consensus_are_compared(
        self, database: Database, house: House
    ) -> None:
        issuer = house.person("issuer")
        copy = self.programs(house).add_anchor(issuer, OWN.id, SET.id, SET.works[0].id)
        evaluator = house.person("evaluator")
        records = house.records
        records.assignments.assign(copy, evaluator, Kind.SECOND, "issuer", Purpose.VALIDITY)
        for element, level in (("e1", 2.0), ("e2", 1.0)):
            place = Place(copy, element, evaluator, RaterType.EVALUATOR, OWN.rubric_hash)
            records.reviews.rate(place, level, 0)
        observed = records.monitored.observe(OWN)
        assert [(one.element, one.level, one.reference) for one in observed.validity] == [
            ("e1", 2.0, 1.0)
        ]
        assert [one.submission for one in observed.works] == ["source"]
        assert set(records.live.ratings(OWN.id)) == set()

    def test_nobody_who_sat_before_the_anchor_is_given_it(
        self, database: Database, house: House
    ) -> None:
        records, issuer = house.records, house.person("issuer")
        copy = self.programs(house).add_anchor(issuer, OWN.id, SET.id, SET.works[0].id)
        trained, fresh = house.add("trained", Role.EVALUATOR), house.person("evaluator")
        records.sittings.begin(SET.id, SET.works[0].id, trained, Sitting.PRACTICE)
        for name in ("one", "two"):
            records.accounts.grant(name, Grant(Role.EVALUATOR, OWN.id))
        policy_of = ONCE.model_copy(update={"validity": 0.5})
        stored = records.programs.set_policy(OWN.id, policy_of, Thresholds(), SEED, issuer)
        names = [f"s{number}" for number in range(40)]
        hand_in(database, *names, credential=OWN)
        records.distribution.distribute(stored, dict.fromkeys(names), issuer)
        with database.reading() as connection:
            given = [one.account for one in holders(connection, copy)]
        assert given == [fresh.id]

    def test_an_anchor_that_cannot_be_seeded_is_one_sentence(
        self, database: Database, house: House
    ) -> None:
        issuer, programs = house.person("issuer"), self.programs(house)
        for work in (SET.works[1].id, "absent"):
            with pytest.raises(ReviewError, match="There is no such anchor: it needs a set of"):
                programs.add_anchor(issuer, OWN.id, SET.id, work)
        with database.writing() as connection:
            connection.execute(text("UPDATE submission SET erased_at = created_at"))
        assert programs.overview(issuer, OWN.id).anchors == ()
        with pytest.raises(ReviewError, match="must still be here"):
            programs.add_anchor(issuer, OWN.id, SET.id, SET.works[0].id)
        with pytest.raises(NothingHere, match="no such program"):
            programs.add_anchor(house.person("trainer"), OWN.id, SET.id, SET.works[0].id)

    def test_a_synthetic_set_has_none(self, database: Database) -> None:
        house = House(database)
        house.keep()
        assert self.programs(house).overview(house.person("issuer"), OWN.id).anchors == ()
