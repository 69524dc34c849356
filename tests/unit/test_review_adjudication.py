"""When two ratings go to an adjudicator: not adjacent, across the cut, or seen by one alone."""

import house_credentials as credentials
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.errors import ReviewError
from reviewer.review.adjudication import (
    DISCREPANCIES,
    Discrepancy,
    Discrepant,
    discrepancies,
    refuse_rater,
    sides,
)
from reviewer.review.outcome import verdict

WORK = credentials.graded(elements=2, levels=5, required=2)


def found(one: dict[str, float | None], other: dict[str, float | None]) -> dict[str, Discrepancy]:
    return {each.element: each.why for each in discrepancies(WORK, one, other)}


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (3, 3, None),
        (3, 4, None),
        (0, 1, None),
        (1, 2, Discrepancy.ACROSS_CUT),
        (2, 4, Discrepancy.NON_ADJACENT),
        (0, 4, Discrepancy.ACROSS_CUT),
        (None, 3, Discrepancy.NOT_OBSERVABLE),
        (None, None, None),
    ],
)
def test_a_pair_of_levels_needs_a_third_where_it_is_not_adjacent_or_across_the_cut(
    one: float | None, other: float | None, why: Discrepancy | None
) -> None:
    expected = {} if why is None else {"e1": why}
    assert found({"e1": one, "e2": 3}, {"e1": other, "e2": 3}) == expected
    assert found({"e1": other, "e2": 3}, {"e1": one, "e2": 3}) == expected


def test_a_sum_on_two_sides_of_the_cut_sends_every_element_that_differs() -> None:
    work = credentials.graded(elements=3, levels=5, minimum=6)
    one: dict[str, float | None] = {"e1": 2, "e2": 2, "e3": 2}
    other: dict[str, float | None] = {"e1": 2, "e2": 1, "e3": 2}
    assert discrepancies(work, one, other) == (Discrepant("e2", Discrepancy.ACROSS_CUT),)
    assert discrepancies(work, one, {**other, "e3": 3}) == ()


@pytest.mark.parametrize(("elements", "levels"), [(1, 3), (25, 3), (1, 9), (25, 9)])
def test_credentials_of_every_size_are_compared_element_by_element(
    elements: int, levels: int
) -> None:
    work = credentials.graded(elements=elements, levels=levels, required=1)
    low: dict[str, float | None] = {one.id: one.values[0] for one in work.elements}
    high: dict[str, float | None] = {one.id: one.values[-1] for one in work.elements}
    assert len(discrepancies(work, low, high)) == elements
    assert discrepancies(work, high, high) == ()


levels = st.one_of(st.none(), st.sampled_from((0.0, 1.0, 2.0, 3.0, 4.0)))


@given(levels, levels, levels, levels)
def test_raters_who_need_no_adjudicator_lead_to_the_same_outcome(
    a: float | None, b: float | None, c: float | None, d: float | None
) -> None:
    one, other = {"e1": a, "e2": b}, {"e1": c, "e2": d}
    if not discrepancies(WORK, one, other):
        assert verdict(WORK, one).outcome is verdict(WORK, other).outcome


def test_somebody_who_rated_the_work_may_not_adjudicate_it() -> None:
    with pytest.raises(ReviewError, match="Ann has rated this work and cannot adjudicate it"):
        refuse_rater("Ann", "u1", {"u1", "u2"})
    refuse_rater("Cem", "u3", {"u1", "u2"})


def test_the_order_of_the_two_is_drawn_and_does_not_tell_who_was_first() -> None:
    firsts = [sides(f"s{number}", ("first", "second"), 5)[0] for number in range(200)]
    assert 70 < firsts.count("first") < 130
    assert sides("s1", ("first", "second"), 5) == sides("s1", ("second", "first"), 5)


def test_every_discrepancy_has_words() -> None:
    assert set(DISCREPANCIES) == set(Discrepancy)
