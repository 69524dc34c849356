"""Which works are scored twice: drawn by a seed, and for reasons that an issuer may change."""

import house_credentials as credentials
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from reviewer.review.draw import SEEDS, drawn
from reviewer.review.routing import (
    Arrival,
    Routing,
    Why,
    after_scoring,
    for_evaluator,
    near_cut,
    on_arrival,
    share_of,
    widest_gap,
)

QUIET = Routing(share=0, near_cut=False, gap=None, hearing=0, first_of_version=0)
"""A policy under which nothing is scored twice for what is known at the distribution."""

seeds = st.integers(0, SEEDS - 1)
names = st.text(min_size=1, max_size=8)


class TestTheDraw:
    @given(seeds, names)
    def test_the_same_seed_draws_the_same_number(self, seed: int, name: str) -> None:
        assert drawn(seed, name) == drawn(seed, name)
        assert 0 <= drawn(seed, name) < 1

    @settings(max_examples=20)
    @given(seeds)
    def test_the_share_of_many_works_is_the_one_asked_for(self, seed: int) -> None:
        routing = QUIET.model_copy(update={"share": 0.25})
        works = [Arrival(f"s{number}", 10_000, 999, None) for number in range(400)]
        chosen = sum(Why.RANDOM in on_arrival(routing, seed, work).why for work in works)
        # Five standard errors: 0.25 * 400 is 100, sqrt(400 * 0.25 * 0.75) is 8.7.
        assert abs(chosen - 100) < 44

    def test_another_seed_draws_other_works(self) -> None:
        routing = QUIET.model_copy(update={"share": 0.5})
        works = [Arrival(f"s{number}", 10_000, 999, None) for number in range(40)]
        one, other = (
            [Why.RANDOM in on_arrival(routing, seed, work).why for work in works] for seed in (1, 2)
        )
        assert one != other


class TestTheShare:
    @pytest.mark.parametrize(("works", "share"), [(0, 0.25), (199, 0.25), (200, 0.10)])
    def test_a_small_program_scores_a_larger_share_twice(self, works: int, share: float) -> None:
        assert share_of(Routing(), works) == share

    def test_an_issuer_s_own_share_goes_before_both(self) -> None:
        assert share_of(Routing(share=0), 10) == 0

    @pytest.mark.parametrize(
        "wrong", [{"share": 1.1}, {"gap": 0}, {"hearing": -1}, {"often": True}, {"share": "nan"}]
    )
    def test_a_policy_that_makes_no_sense_is_refused(self, wrong: dict[str, object]) -> None:
        with pytest.raises(ValidationError):
            Routing.model_validate(wrong)


class TestReasonsAtTheDistribution:
    def test_the_first_works_of_a_rubric_version_are_all_scored_twice(self) -> None:
        routing = QUIET.model_copy(update={"first_of_version": 2})
        found = [on_arrival(routing, 1, Arrival("s", 500, before, None)).why for before in range(3)]
        assert found == [(Why.NEW_VERSION,), (Why.NEW_VERSION,), ()]

    @pytest.mark.parametrize(("heard", "why"), [(None, ()), (0.8, ()), (0.79, (Why.POOR_HEARING,))])
    def test_so_is_a_work_of_which_a_recording_was_badly_heard(
        self, heard: float | None, why: tuple[Why, ...]
    ) -> None:
        routing = QUIET.model_copy(update={"hearing": 0.8})
        assert on_arrival(routing, 1, Arrival("s", 500, 999, heard)).why == why

    def test_and_the_first_works_of_a_new_evaluator(self) -> None:
        assert for_evaluator(Routing(), 19) == (Why.NEW_EVALUATOR,)
        assert for_evaluator(Routing(), 20) == ()
        assert for_evaluator(Routing(first_of_evaluator=0), 0) == ()

    def test_a_work_without_any_reason_is_scored_once(self) -> None:
        assert on_arrival(QUIET, 1, Arrival("s", 500, 999, 1.0)).why == ()


class TestNearTheCut:
    """Three elements with the levels 0 to 3, of which 2 is required."""

    WORK = credentials.graded(elements=3, levels=4, required=2)

    def test_one_level_short_of_an_award_is_near(self) -> None:
        assert near_cut(self.WORK, {"e1": 1, "e2": 2, "e3": 3})

    def test_just_reached_is_near_too(self) -> None:
        assert near_cut(self.WORK, {"e1": 2, "e2": 3, "e3": 3})

    @pytest.mark.parametrize("levels", [(3, 3, 3), (0, 3, 3), (1, 1, 3), (None, 3, 3)])
    def test_two_levels_or_two_elements_away_is_not(self, levels: tuple[int | None, ...]) -> None:
        assert not near_cut(self.WORK, dict(zip(("e1", "e2", "e3"), levels, strict=True)))

    def test_an_award_at_the_top_of_every_scale_is_not_near_though_the_top_is_required(
        self,
    ) -> None:
        work = credentials.graded(elements=3, levels=2, required=1)
        assert not near_cut(work, {"e1": 1, "e2": 1, "e3": 1})
        assert near_cut(work, {"e1": 1, "e2": 1, "e3": 0})

    def test_a_sum_is_near_within_one_step(self) -> None:
        work = credentials.graded(elements=3, levels=4, minimum=6)
        assert near_cut(work, {"e1": 2, "e2": 2, "e3": 1})
        assert near_cut(work, {"e1": 2, "e2": 2, "e3": 2})
        assert not near_cut(work, {"e1": 2, "e2": 1, "e3": 1})
        assert not near_cut(work, {"e1": 2, "e2": 2, "e3": 3})

    def test_without_a_rule_there_is_no_cut(self) -> None:
        assert not near_cut(credentials.graded(elements=1, levels=4), {"e1": 1})

    @pytest.mark.parametrize(("elements", "levels"), [(1, 3), (25, 3), (1, 9), (25, 9)])
    def test_credentials_of_every_size_have_one(self, elements: int, levels: int) -> None:
        work = credentials.graded(elements=elements, levels=levels, required=1)
        top = {element.id: element.values[-1] for element in work.elements}
        assert not near_cut(work, top)
        assert near_cut(work, {**top, "e1": 0})


class TestTheGap:
    WORK = credentials.graded(elements=2, levels=9, required=4)

    def test_it_is_counted_in_levels_of_one_element(self) -> None:
        assert widest_gap(self.WORK, {"e1": 1, "e2": 5}, {"e1": 4, "e2": 5}) == 3

    def test_without_a_draft_or_an_observable_level_there_is_none(self) -> None:
        assert widest_gap(self.WORK, {"e1": None, "e2": 5}, {"e1": 4}) == 0

    def test_two_levels_ask_for_a_second_score(self) -> None:
        levels = {"e1": 8.0, "e2": 8.0}
        assert after_scoring(Routing(), self.WORK, levels, {"e1": 7}) == ()
        assert after_scoring(Routing(), self.WORK, levels, {"e1": 6}) == (Why.GAP,)
        assert after_scoring(Routing(gap=None), self.WORK, levels, {"e1": 0}) == ()
