"""Ratings and decisions: what a level counts as, what follows from it, what it costs."""

from datetime import UTC, datetime
from itertools import product

import house_sample as sample
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.errors import ReviewError
from reviewer.review.decision import (
    DEFAULT_REASON,
    REASONS,
    DecisionKind,
    Proposal,
    Reason,
    kind_of,
    reason_of,
    steps,
)
from reviewer.review.rating import Aid, Phase, RaterType, Rating, Sight, aid_of, checked_level
from reviewer.review.standing import Standing

GREETING = sample.CREDENTIAL.elements[0]
DRAFT = sample.DRAFTS[0]
"""A draft of level 2 with three citations."""


def proposal(level: float | None, **more: object) -> Proposal:
    standard: dict[str, object] = {
        "rater_type": RaterType.EVALUATOR,
        "draft": DRAFT,
        "own": True,
        "own_level": 1.0,
        "opened": 0,
    }
    return Proposal(level=level, **(standard | more))  # type: ignore[arg-type]


def rating(number: int, phase: Phase, aid: Aid = Aid.NONE, level: float | None = 1.0) -> Rating:
    return Rating(
        number,
        "sub-1",
        "greeting",
        "u1",
        RaterType.EVALUATOR,
        level,
        phase,
        aid,
        datetime(2026, 1, 1, tzinfo=UTC),
    )


class TestAid:
    def test_nothing_seen_is_no_aid(self) -> None:
        assert aid_of([]) is Aid.NONE

    def test_excerpts_are_an_aid_and_a_draft_is_the_greater_one(self) -> None:
        assert aid_of([Sight.EXCERPTS]) is Aid.EXCERPTS
        assert aid_of([Sight.EXCERPTS, Sight.DRAFT]) is Aid.DRAFT

    @given(st.lists(st.sampled_from(Sight)), st.sampled_from(Sight))
    def test_seeing_more_never_makes_a_rating_more_independent(
        self, seen: list[Sight], more: Sight
    ) -> None:
        order = list(Aid)
        assert order.index(aid_of([*seen, more])) >= order.index(aid_of(seen))

    def test_only_a_blind_rating_without_aid_is_independent(self) -> None:
        independent = [
            (phase, aid) for phase, aid in product(Phase, Aid) if rating(1, phase, aid).independent
        ]
        assert independent == [(Phase.BLIND, Aid.NONE)]


class TestLevels:
    def test_a_level_of_the_element_or_not_observable_is_taken(self) -> None:
        assert checked_level(GREETING, 2.0) == 2.0
        assert checked_level(GREETING, None) is None

    def test_another_number_is_refused_with_the_ones_there_are(self) -> None:
        with pytest.raises(ReviewError, match=r"1\.5 is no level .* choose one of 0, 1, 2"):
            checked_level(GREETING, 1.5)


class TestKinds:
    def test_the_draft_s_level_confirms_and_another_overrides(self) -> None:
        assert kind_of(proposal(2.0, opened=1)) is DecisionKind.CONFIRM
        assert kind_of(proposal(1.0)) is DecisionKind.OVERRIDE
        assert kind_of(proposal(None)) is DecisionKind.OVERRIDE

    def test_without_a_draft_it_is_scored(self) -> None:
        assert kind_of(proposal(2.0, draft=None)) is DecisionKind.SCORED

    def test_an_adjudicator_adjudicates(self) -> None:
        one = proposal(2.0, rater_type=RaterType.ADJUDICATOR, draft=None, own=False)
        assert kind_of(one) is DecisionKind.ADJUDICATE

    def test_an_override_has_one_reason_code_even_if_none_was_chosen(self) -> None:
        assert reason_of(DecisionKind.OVERRIDE, None) is DEFAULT_REASON
        assert reason_of(DecisionKind.OVERRIDE, Reason.MISHEARD) is Reason.MISHEARD
        assert reason_of(DecisionKind.CONFIRM, Reason.MISHEARD) is None

    def test_every_reason_has_words(self) -> None:
        assert list(REASONS) == list(Reason)


class TestSteps:
    def test_taking_the_draft_s_level_needs_an_opened_citation(self) -> None:
        with pytest.raises(ReviewError, match="Open one citation"):
            kind_of(proposal(2.0))
        assert kind_of(proposal(2.0, opened=1)) is DecisionKind.CONFIRM

    def test_taking_it_without_any_level_of_one_s_own_needs_one_too(self) -> None:
        with pytest.raises(ReviewError, match="Open one citation"):
            kind_of(proposal(2.0, own=False, own_level=None))

    def test_who_had_the_same_level_before_takes_nothing(self) -> None:
        assert kind_of(proposal(2.0, own_level=2.0)) is DecisionKind.CONFIRM

    def test_a_draft_without_citations_can_be_taken_as_it_is(self) -> None:
        from dataclasses import replace

        bare = replace(DRAFT, citations=())
        assert kind_of(proposal(2.0, draft=bare)) is DecisionKind.CONFIRM

    @given(
        own=st.booleans(),
        own_level=st.sampled_from([None, 0.0, 1.0, 2.0]),
        opened=st.integers(0, 2),
        other=st.sampled_from([None, 0.0, 1.0]),
    )
    def test_disagreeing_never_costs_more_steps_than_agreeing(
        self, own: bool, own_level: float | None, opened: int, other: float | None
    ) -> None:
        agree = proposal(DRAFT.level, own=own, own_level=own_level, opened=opened)
        disagree = proposal(other, own=own, own_level=own_level, opened=opened)
        assert steps(disagree) <= steps(agree)


class TestStanding:
    def test_before_the_draft_is_shown_ratings_are_blind(self) -> None:
        assert Standing().next_phase is Phase.BLIND
        assert Standing(sights=(Sight.EXCERPTS,)).next_phase is Phase.BLIND

    def test_after_it_they_are_revealed_whatever_they_say(self) -> None:
        seen = Standing((rating(1, Phase.BLIND),), None, (Sight.DRAFT,), 1)
        assert seen.next_phase is Phase.REVEALED
        assert seen.own == rating(1, Phase.BLIND)

    def test_the_latest_blind_rating_is_one_s_own(self) -> None:
        first, second = rating(1, Phase.BLIND, level=0.0), rating(2, Phase.BLIND, level=2.0)
        third = rating(3, Phase.REVEALED)
        standing = Standing((first, second, third), None, (Sight.DRAFT,), 3)
        assert (standing.own, standing.current) == (second, third)
