"""Policies, published rubrics, conflicts, distribution and settling, on both databases."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

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
    settle,
    who,
)
from house_training import SET, House
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from reviewer.calibration.gate import Thresholds
from reviewer.calibration.monitoring import State
from reviewer.errors import ReviewError, RubricError, StoreError
from reviewer.review.assigning import Need, plan
from reviewer.review.draw import drawn
from reviewer.review.outcome import Outcome
from reviewer.review.permission import Grant, Kind, Part, Person, Purpose, Role
from reviewer.review.policy import Policy
from reviewer.review.rating import RaterType
from reviewer.review.routing import Routing, Why
from reviewer.store import audit
from reviewer.store.database import Database
from reviewer.store.human import HumanRecords, human_records
from reviewer.store.monitored import state_of
from reviewer.store.parts import Holder
from reviewer.store.program_schema import routing
from reviewer.store.reconcile import reconcile
from reviewer.store.reviews import Place
from reviewer.store.schema import submission

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


class TestPolicies:
    def test_the_latest_counts_and_the_seed_of_the_first_goes_on(
        self, records: HumanRecords, issuer: Person
    ) -> None:
        policy(records, issuer)
        later = records.programs.set_policy(CREDENTIAL.id, Policy(), Thresholds(), 99, issuer)
        assert (later.policy, later.seed, later.by) == (Policy(), SEED, "issuer")
        assert records.programs.policy("another") is None

    def test_the_same_policy_again_is_not_appended(
        self, records: HumanRecords, issuer: Person
    ) -> None:
        policy(records, issuer)
        first = records.programs.policy(CREDENTIAL.id)
        policy(records, issuer)
        assert records.programs.policy(CREDENTIAL.id) == first

    def test_a_work_keeps_the_policy_that_it_was_distributed_under(
        self, database: Database, records: HumanRecords, issuer: Person, people: list[Person]
    ) -> None:
        hand_in(database, "s1")
        policy(records, issuer)
        distribute(records, issuer)
        records.programs.set_policy(CREDENTIAL.id, Policy(), Thresholds(), 0, issuer)
        under = records.programs.policy_under("s1")
        assert under is not None
        assert under.policy == ONCE


class TestRubricVersions:
    def test_a_published_version_never_changes(self, records: HumanRecords, issuer: Person) -> None:
        records.programs.publish(CREDENTIAL, issuer)
        records.programs.publish(CREDENTIAL, issuer)
        changed = CREDENTIAL.model_copy(update={"title": "Another title"})
        with pytest.raises(RubricError, match="Version 1 of graded is published already"):
            records.programs.publish(changed, issuer)
        assert [one.credential for one in records.programs.versions("graded")] == [CREDENTIAL]

    def test_the_newest_version_of_each_credential_is_what_works_are_handed_in_for(
        self, records: HumanRecords, issuer: Person
    ) -> None:
        second = CREDENTIAL.model_copy(update={"version": "2"})
        for one in (CREDENTIAL, second):
            records.programs.publish(one, issuer)
        records.programs.publish(CREDENTIAL.model_copy(update={"id": "other"}), None)
        assert [(one.id, one.version) for one in records.programs.newest()] == [
            ("graded", "2"),
            ("other", "1"),
        ]
        assert records.programs.versions("other")[0].by is None

    def test_the_database_refuses_to_change_one(
        self, database: Database, records: HumanRecords, issuer: Person
    ) -> None:
        records.programs.publish(CREDENTIAL, issuer)
        with (
            pytest.raises((DBAPIError, StoreError), match="append-only"),
            database.writing() as connection,
        ):
            connection.execute(text("UPDATE published_rubric SET version = '9'"))


class TestDistribution:
    def test_loads_are_even_and_the_draw_of_every_work_can_be_made_again(
        self, database: Database, records: HumanRecords, issuer: Person, people: list[Person]
    ) -> None:
        names = [f"s{number}" for number in range(10)]
        hand_in(database, *names)
        policy(records, issuer)
        distribute(records, issuer)
        given = {name: who(database, name)[Kind.FIRST] for name in names}
        assert sorted(Counter(one.account for one in given.values()).values()) == [3, 3, 4]
        needs = [Need(name, f"C-{name}") for name in names]
        again = plan(needs, {one.id: 0 for one in people}, (), SEED)
        assert {(work, one.account) for work, one in given.items()} == set(again.given)
        with database.reading() as connection:
            for row in connection.execute(routing.select()):
                assert row.value == drawn(SEED, "second", row.submission)
        events = [one for one in audit.events(database) if one.event == "assigned"]
        assert {one.details["seed"] for one in events} == {SEED}
        assert audit.verify(database) > 20

    def test_what_is_drawn_is_scored_by_two_people_who_both_stay_without_any_aid(
        self, database: Database, records: HumanRecords, issuer: Person, people: list[Person]
    ) -> None:
        hand_in(database, "s1")
        policy(records, issuer, Policy(routing=Routing(share=1), validity=0))
        distribute(records, issuer)
        held = who(database, "s1")
        assert {one.part for one in held.values()} == {
            Part(Kind.FIRST, Purpose.DOUBLE),
            Part(Kind.SECOND, Purpose.DOUBLE),
        }
        assert len({one.account for one in held.values()}) == 2

    def test_poor_hearing_and_the_first_of_an_evaluator_ask_for_a_second_score(
        self, database: Database, records: HumanRecords, issuer: Person, people: list[Person]
    ) -> None:
        hand_in(database, "s1")
        chosen = ONCE.model_copy(
            update={"routing": ONCE.routing.model_copy(update={"hearing": 0.8})}
        )
        policy(records, issuer, chosen)
        distribute(records, issuer, heard=0.5)
        assert Kind.SECOND in who(database, "s1")
        hand_in(database, "s2")
        chosen = ONCE.model_copy(
            update={"routing": ONCE.routing.model_copy(update={"first_of_evaluator": 1})}
        )
        policy(records, issuer, chosen)
        distribute(records, issuer)
        held = who(database, "s2")
        new = records.accounts.person(held[Kind.FIRST].account)
        assert new is not None
        assert (Kind.SECOND in held) == (
            new.id not in {one.account for one in who(database, "s1").values()}
        )

    def test_nobody_is_given_a_work_of_a_candidate_that_they_are_in_conflict_with(
        self, database: Database, records: HumanRecords, issuer: Person, people: list[Person]
    ) -> None:
        ann, ben, cem = people
        hand_in(database, "s1", "s2", "s3", candidate="C-1")
        policy(records, issuer)
        for one in (ann, ben):
            records.programs.declare(one, "C-1", issuer, stands=True)
        records.programs.declare(ben, "C-1", issuer, stands=True)
        distribute(records, issuer)
        assert {who(database, f"s{n}")[Kind.FIRST].account for n in (1, 2, 3)} == {cem.id}
        records.programs.declare(ann, "C-1", issuer, stands=False)
        assert [one.name for one in records.programs.conflicts()] == ["ben"]

    def test_where_the_issuer_says_so_only_qualified_evaluators_are_given_live_works(
        self, database: Database
    ) -> None:
        house = House(database)
        house.keep()
        ann = house.person("trainee")
        house.attempt(ann)
        house.records.accounts.grant("trainee", Grant(Role.EVALUATOR))
        credential, issuer = SET.credential, house.person("issuer")
        house.records.qualifications.require(credential.id, True, issuer)
        hand_in(database, "s1", "s2", "s3", credential=credential)
        share = ONCE.model_copy(update={"routing": ONCE.routing.model_copy(update={"share": 1.0})})
        stored = house.records.programs.set_policy(credential.id, share, Thresholds(), 1, issuer)
        heard = dict.fromkeys(("s1", "s2", "s3"))
        for demo, works in ((False, 0), (True, 3)):  # the set is synthetic: it counts in the demo
            records = human_records(database, lambda: house.at, demo=demo)
            done = records.distribution.distribute(stored, heard, issuer)
            assert (done.works, done.seconds) == (works, 0)
        assert {who(database, name)[Kind.FIRST].account for name in heard} == {ann.id}

    def test_works_that_nobody_may_score_are_counted_as_short(
        self, database: Database, records: HumanRecords, issuer: Person
    ) -> None:
        hand_in(database, "s1")
        policy(records, issuer)
        done = records.distribution.distribute(
            records.programs.policy(CREDENTIAL.id),  # type: ignore[arg-type]
            {"s1": None},
            issuer,
        )
        assert (done.works, done.short) == (0, 1)

    def test_two_issuers_who_distribute_at_the_same_moment_give_every_work_once(
        self, database: Database, records: HumanRecords, issuer: Person, people: list[Person]
    ) -> None:
        names = [f"s{number}" for number in range(12)]
        hand_in(database, *names)
        policy(records, issuer)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: distribute(records, issuer), range(4)))
        with database.reading() as connection:
            count = connection.scalar(text("SELECT count(*) FROM assignment"))
        assert count == 12

    def test_who_left_in_mid_review_is_replaced_and_what_they_rated_stays(
        self, database: Database, records: HumanRecords, issuer: Person, people: list[Person]
    ) -> None:
        hand_in(database, "s1")
        policy(records, issuer)
        distribute(records, issuer)
        left = who(database, "s1")[Kind.FIRST]
        rater = records.accounts.person(left.account)
        assert rater is not None
        place = Place("s1", "e1", rater, RaterType.EVALUATOR, CREDENTIAL.rubric_hash)
        records.reviews.rate(place, 2.0, 0)
        records.accounts.disable(left.name)
        distribute(records, issuer)
        now = who(database, "s1")[Kind.FIRST]
        assert now.account != left.account
        assert [one.level for _, one in records.reviews.ratings(["s1"])] == [2.0]
        assert "released" in {one.event for one in audit.events(database)}

    def test_who_left_before_finalizing_is_replaced_too(
        self, database: Database, records: HumanRecords, issuer: Person, people: list[Person]
    ) -> None:
        hand_in(database, "s1")
        policy(records, issuer)
        distribute(records, issuer)
        left = who(database, "s1")[Kind.FIRST]
        rate(records, left, "s1", {"e1": 3, "e2": 3})
        records.accounts.revoke(left.name, Grant(Role.EVALUATOR))
        distribute(records, issuer)
        now = who(database, "s1")[Kind.FIRST]
        assert now.account != left.account
        assert not now.finished
        rate(records, now, "s1", {"e1": 1, "e2": 3})
        finalizer = records.accounts.person(now.account)
        assert finalizer is not None
        asked = Outcome.RESUBMISSION_REQUESTED
        assert records.outcomes.finalize("s1", CREDENTIAL, 1, finalizer, asked).levels["e1"] == 1

    def test_a_changed_rubric_version_leaves_open_reviews_on_theirs_and_counts_anew(
        self, database: Database, records: HumanRecords, issuer: Person, people: list[Person]
    ) -> None:
        chosen = ONCE.model_copy(
            update={"routing": ONCE.routing.model_copy(update={"first_of_version": 1})}
        )
        policy(records, issuer, chosen)
        hand_in(database, "s1", "s2")
        distribute(records, issuer)
        changed = CREDENTIAL.model_copy(update={"version": "2"})
        records.programs.publish(changed, issuer)
        hand_in(database, "s3", "s4", credential=changed)
        distribute(records, issuer)
        twice = [name for name in ("s1", "s2", "s3", "s4") if Kind.SECOND in who(database, name)]
        assert twice == ["s1", "s3"]
        with database.reading() as connection:
            kept = connection.execute(submission.select().where(submission.c.id == "s1")).one()
        assert kept.rubric_hash == CREDENTIAL.rubric_hash


@pytest.fixture
def doubled(
    database: Database, records: HumanRecords, issuer: Person, people: list[Person]
) -> dict[Kind, Holder]:
    """The two raters of ``s1``, and an adjudicator in the house."""
    person(records, "judge", Role.ADJUDICATOR)
    hand_in(database, "s1")
    chosen = ONCE.routing.model_copy(update={"share": 1.0})
    policy(records, issuer, ONCE.model_copy(update={"routing": chosen}))
    distribute(records, issuer)
    return who(database, "s1")


class TestSettling:
    def test_until_the_second_score_is_in_nothing_is_finalized(
        self, database: Database, records: HumanRecords, doubled: dict[Kind, Holder]
    ) -> None:
        rate(records, doubled[Kind.FIRST], "s1", {"e1": 3, "e2": 3})
        first = records.accounts.person(doubled[Kind.FIRST].account)
        assert first is not None
        with pytest.raises(ReviewError, match=r"scored twice \(drawn at random\)"):
            records.outcomes.finalize("s1", CREDENTIAL, 1, first, Outcome.AWARDED)
        rate(records, doubled[Kind.SECOND], "s1", {"e1": 3, "e2": 2})
        done = records.outcomes.finalize("s1", CREDENTIAL, 1, first, Outcome.AWARDED)
        assert done.levels == {"e1": 3.0, "e2": 3.0}
        assert records.settling.adjudicated("s1") is None

    def test_a_discrepant_pair_goes_to_an_adjudicator_and_both_ratings_stay(
        self, database: Database, records: HumanRecords, doubled: dict[Kind, Holder]
    ) -> None:
        rate(records, doubled[Kind.FIRST], "s1", {"e1": 3, "e2": 3})
        rate(records, doubled[Kind.SECOND], "s1", {"e1": 1, "e2": 3})
        held = who(database, "s1")
        assert held[Kind.ADJUDICATION].name == "judge"
        asked = records.settling.adjudicated("s1")
        assert asked is not None
        assert [one.element for one in asked.elements] == ["e1"]
        assert "with an adjudicator" in records.settling.held("s1")
        rate(records, held[Kind.ADJUDICATION], "s1", {"e1": 1}, RaterType.ADJUDICATOR)
        assert records.settling.held("s1") == ""
        judge = records.accounts.named("judge")
        assert judge is not None
        done = records.outcomes.finalize("s1", CREDENTIAL, 1, judge, Outcome.RESUBMISSION_REQUESTED)
        assert done.levels == {"e1": 1.0, "e2": 3.0}
        levels = Counter((name, one.level) for name, one in records.reviews.ratings(["s1"]))
        assert levels[doubled[Kind.FIRST].name, 3.0] == 4
        assert levels[doubled[Kind.SECOND].name, 1.0] == 1
        assert reconcile(database) > 0

    def test_the_two_may_not_change_their_ratings_while_an_adjudicator_has_them(
        self, database: Database, records: HumanRecords, doubled: dict[Kind, Holder]
    ) -> None:
        rate(records, doubled[Kind.FIRST], "s1", {"e1": 3, "e2": 3})
        rate(records, doubled[Kind.SECOND], "s1", {"e1": 1, "e2": 3})
        for kind in (Kind.FIRST, Kind.SECOND):
            with pytest.raises(ReviewError, match="are with an adjudicator"):
                rate(records, doubled[kind], "s1", {"e1": 2})

    def test_two_evaluators_who_finish_at_the_same_moment_open_one_adjudication(
        self, database: Database, records: HumanRecords, doubled: dict[Kind, Holder]
    ) -> None:
        with ThreadPoolExecutor(2) as pool:
            both = [
                pool.submit(rate, records, doubled[Kind.FIRST], "s1", {"e1": 3, "e2": 3}),
                pool.submit(rate, records, doubled[Kind.SECOND], "s1", {"e1": 0, "e2": 3}),
            ]
            for one in both:
                one.result()
        opened = [one for one in audit.events(database) if one.event == "adjudication_opened"]
        assert len(opened) == 1
        assert Kind.ADJUDICATION in who(database, "s1")
        settle(records, "s1")
        assert len([one for one in audit.events(database) if one.event == "assigned"]) == 3

    def test_an_adjudicator_who_rated_the_work_is_never_given_it(
        self, database: Database, records: HumanRecords, doubled: dict[Kind, Holder]
    ) -> None:
        for one in doubled.values():
            records.accounts.grant(one.name, Grant(Role.ADJUDICATOR))
        records.accounts.disable("judge")
        rate(records, doubled[Kind.FIRST], "s1", {"e1": 3, "e2": 3})
        rate(records, doubled[Kind.SECOND], "s1", {"e1": 0, "e2": 3})
        assert Kind.ADJUDICATION not in who(database, "s1")
        assert "with an adjudicator" in records.settling.held("s1")
        person(records, "other-judge", Role.ADJUDICATOR)
        distribute(records, person(records, "issuer"))
        assert who(database, "s1")[Kind.ADJUDICATION].name == "other-judge"

    def test_near_the_cut_and_far_from_the_draft_ask_for_a_second_score_when_levels_are_in(
        self, database: Database, records: HumanRecords, issuer: Person, people: list[Person]
    ) -> None:
        hand_in(database, "s1", "s2", "s3")
        chosen = ONCE.routing.model_copy(update={"near_cut": True, "gap": 2})
        policy(records, issuer, ONCE.model_copy(update={"routing": chosen}))
        distribute(records, issuer)
        for name, levels in (("s1", (3, 3)), ("s2", (3, 1)), ("s3", (3, 3))):
            first = who(database, name)[Kind.FIRST]
            rate(records, first, name, dict(zip(("e1", "e2"), map(float, levels), strict=True)))
        settle(records, "s3", drafts={"e1": 1.0})
        twice = [name for name in ("s1", "s2", "s3") if Kind.SECOND in who(database, name)]
        assert twice == ["s2", "s3"]
        assert "one level from the other outcome" in records.settling.held("s2")
        assert "evaluator and draft lie far apart" in records.settling.held("s3")

    def test_a_work_that_was_assigned_by_hand_is_not_routed(
        self, database: Database, records: HumanRecords, people: list[Person]
    ) -> None:
        hand_in(database, "s1")
        records.assignments.assign("s1", people[0], Kind.FIRST, "issuer")
        rate(records, who(database, "s1")[Kind.FIRST], "s1", {"e1": 3, "e2": 1})
        assert records.settling.held("s1") == ""
        assert set(who(database, "s1")) == {Kind.FIRST}


class TestWhatIsObserved:
    def test_every_work_is_where_it_waits(
        self, database: Database, records: HumanRecords, issuer: Person, people: list[Person]
    ) -> None:
        hand_in(database, "s1", "s2")
        policy(records, issuer)
        assert {one.state for one in records.monitored.observe(CREDENTIAL).works} == {
            State.UNASSIGNED
        }
        distribute(records, issuer)
        rate(records, who(database, "s1")[Kind.FIRST], "s1", {"e1": 3, "e2": 3})
        states = {one.submission: one.state for one in records.monitored.observe(CREDENTIAL).works}
        assert states == {"s1": State.FINALIZE, "s2": State.EVALUATOR}

    @pytest.mark.parametrize(
        ("done", "held", "twice", "asked", "state"),
        [
            (True, {}, False, False, State.FINISHED),
            (False, {}, False, False, State.UNASSIGNED),
            (False, {"first": False}, True, False, State.EVALUATOR),
            (False, {"first": True}, True, False, State.SECOND),
            (False, {"first": True, "second": True}, True, True, State.ADJUDICATION),
            (
                False,
                {"first": True, "second": True, "adjudication": True},
                True,
                True,
                State.FINALIZE,
            ),
        ],
    )
    def test_a_state_follows_from_who_has_finished_what(
        self, done: bool, held: dict[str, bool], twice: bool, asked: bool, state: State
    ) -> None:
        assert state_of(done, held, twice, asked) is state

    def test_the_counts_of_a_program_agree_with_it(
        self, database: Database, records: HumanRecords, doubled: dict[Kind, Holder]
    ) -> None:
        hand_in(database, "s2")
        counts = records.overviews.counts(CREDENTIAL.id)
        assert (counts.works, counts.unassigned, counts.twice, counts.seconds) == (2, 1, 1, 1)
        rate(records, doubled[Kind.FIRST], "s1", {"e1": 3, "e2": 3})
        rate(records, doubled[Kind.SECOND], "s1", {"e1": 0, "e2": 3})
        counts = records.overviews.counts(CREDENTIAL.id)
        assert (counts.seconds, counts.adjudications, counts.finalized) == (0, 1, 0)
        assert records.overviews.people(CREDENTIAL.id)[Role.ADJUDICATOR] == ("judge",)

    def test_reasons_are_kept_once_and_in_order(
        self, database: Database, records: HumanRecords, doubled: dict[Kind, Holder]
    ) -> None:
        settle(records, "s1")
        settle(records, "s1")
        (work,) = records.monitored.observe(CREDENTIAL).works
        assert work.why == (Why.RANDOM,)
