"""Who scores which work: evenly, never the same person twice, nobody in a conflict, as drawn."""

from collections import Counter
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.review.assigning import Need, Plan, plan

PEOPLE = ("ann", "ben", "cem", "dua", "eva")

seeds = st.integers(0, 2**31 - 1)
pairs = st.frozensets(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(("C-1", "C-2", "C-3"))))


@st.composite
def needs(draw: st.DrawFn, most: int = 12) -> list[Need]:
    return [
        Need(
            f"s{number}",
            draw(st.sampled_from(("C-1", "C-2", "C-3"))),
            draw(st.integers(0, 3)),
            draw(st.frozensets(st.sampled_from(PEOPLE), max_size=3)),
        )
        for number in range(draw(st.integers(0, most)))
    ]


def loads_after(made: Plan, before: dict[str, int]) -> dict[str, int]:
    counts = Counter(person for _, person in made.given)
    return {one: load + counts[one] for one, load in before.items()}


@given(needs(), st.dictionaries(st.sampled_from(PEOPLE), st.integers(0, 5)), pairs, seeds)
def test_nobody_gets_a_work_twice_nor_one_that_they_had_or_are_in_conflict_with(
    wanted: list[Need], loads: dict[str, int], conflicts: frozenset[tuple[str, str]], seed: int
) -> None:
    made = plan(wanted, loads, conflicts, seed)
    assert len(set(made.given)) == len(made.given)
    by_name = {need.submission: need for need in wanted}
    for submission, person in made.given:
        need = by_name[submission]
        assert person in loads
        assert person not in need.taken
        assert (person, need.candidate) not in conflicts


@given(needs(), st.dictionaries(st.sampled_from(PEOPLE), st.integers(0, 5)), pairs, seeds)
def test_every_work_gets_as_many_as_it_needs_or_is_named_as_short(
    wanted: list[Need], loads: dict[str, int], conflicts: frozenset[tuple[str, str]], seed: int
) -> None:
    made = plan(wanted, loads, conflicts, seed)
    counts = Counter(submission for submission, _ in made.given)
    for need in wanted:
        free = sum(
            one not in need.taken and (one, need.candidate) not in conflicts for one in loads
        )
        assert counts[need.submission] == min(need.raters, free)
        assert (need.submission in made.short) == (free < need.raters)


@given(needs(), st.dictionaries(st.sampled_from(PEOPLE), st.integers(0, 5)), pairs, seeds)
def test_the_same_seed_makes_the_same_plan(
    wanted: list[Need], loads: dict[str, int], conflicts: frozenset[tuple[str, str]], seed: int
) -> None:
    backwards = dict(reversed(loads.items()))
    assert plan(wanted, loads, conflicts, seed) == plan(wanted, backwards, conflicts, seed)


@given(st.lists(st.integers(1, 2), max_size=30), st.integers(2, 5), st.integers(0, 3), seeds)
def test_loads_differ_by_at_most_one_where_nobody_is_in_a_conflict(
    raters: list[int], people: int, load: int, seed: int
) -> None:
    wanted = [Need(f"s{number}", "C-1", count) for number, count in enumerate(raters)]
    before = dict.fromkeys(PEOPLE[:people], load)
    after = loads_after(plan(wanted, before, (), seed), before)
    assert max(after.values()) - min(after.values()) <= 1


@given(needs(most=4), seeds)
def test_no_other_plan_would_be_more_even(wanted: list[Need], seed: int) -> None:
    """Against every possible plan, for few works and three people."""
    before = {"ann": 1, "ben": 0, "cem": 0}
    made = loads_after(plan(wanted, before, (), seed), before)
    choices = [
        list(combinations(free, min(need.raters, len(free))))
        for need in wanted
        if (free := [one for one in before if one not in need.taken]) is not None
    ]
    spreads = []
    for chosen in product(*choices):
        after = Counter(before)
        for group in chosen:
            after.update(group)
        spreads.append(sum(after[one] ** 2 for one in before))
    assert sum(count**2 for count in made.values()) == min(spreads)


def test_who_has_much_to_do_already_is_given_less() -> None:
    wanted = [Need(f"s{number}", "C-1") for number in range(6)]
    made = plan(wanted, {"ann": 4, "ben": 0, "cem": 0}, (), 7)
    assert Counter(person for _, person in made.given) == {"ben": 3, "cem": 3}


def test_another_seed_shares_the_works_differently() -> None:
    wanted = [Need(f"s{number}", "C-1") for number in range(20)]
    loads = dict.fromkeys(PEOPLE, 0)
    assert plan(wanted, loads, (), 1).given != plan(wanted, loads, (), 2).given


@pytest.mark.parametrize("loads", [{}, {"ann": 0}])
def test_two_scores_need_two_people(loads: dict[str, int]) -> None:
    made = plan([Need("s1", "C-1", 2)], loads, (), 1)
    assert made.short == ("s1",)
    assert len(made.given) == len(loads)
