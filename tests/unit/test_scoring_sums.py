"""The arithmetic of a draft: shares, levels, and accounts whose parts add up."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.scoring import levels
from reviewer.scoring.account import MOST_CITED, choose
from reviewer.scoring.rounding import UNITS, shares_of_one

AMOUNTS = st.floats(0, 100, allow_nan=False)
SCALES = st.sampled_from([(0.0, 1.0), (0.0, 1.0, 2.0), (1.0, 1.5, 2.0, 2.5, 3.0), tuple(range(9))])


@given(st.lists(st.floats(0, 1000, allow_nan=False), min_size=1, max_size=12).filter(sum))
def test_rounded_shares_add_up_to_one_and_are_off_by_less_than_a_unit(parts: list[float]) -> None:
    shares = shares_of_one(parts)
    assert round(sum(share * UNITS for share in shares)) == UNITS
    for share, part in zip(shares, parts, strict=True):
        assert abs(share - part / sum(parts)) <= 1 / UNITS + 1e-9


@given(AMOUNTS, AMOUNTS, SCALES)
def test_more_evidence_never_lowers_the_expected_level(
    one: float, other: float, scale: Sequence[float]
) -> None:
    less, more = sorted((one, other))

    def expected(evidence: float) -> float:
        return levels.expected(levels.probabilities(levels.reach(evidence, 0.3), scale))

    assert expected(less) <= expected(more) + 1e-3
    assert scale[0] <= expected(less) <= scale[-1]


def test_half_of_the_way_is_where_it_is_said_to_be() -> None:
    # e^s / (e^s + enough^s) at e = enough is 1/2, whatever s is; two steps, each climbed with one
    # half: 1/4, 1/2, 1/4.
    assert levels.reach(0.3, 0.3) == pytest.approx(0.5)
    shares = levels.probabilities(0.5, (0.0, 1.0, 2.0))
    assert shares == {"0": 0.25, "1": 0.5, "2": 0.25}
    assert levels.most_likely(shares) == 1.0
    assert levels.expected(shares) == 1.0


@pytest.mark.parametrize("reached", [0.0, 1.0])
def test_no_amount_of_evidence_makes_a_level_certain(reached: float) -> None:
    # The nearest that it comes: two steps of 95 % each, .95 * .95.
    assert max(levels.probabilities(reached, (0.0, 1.0, 2.0)).values()) == 0.9025


def test_of_two_equally_likely_levels_the_lower_one_is_drafted() -> None:
    assert levels.most_likely({"1": 0.4, "2": 0.4, "0": 0.2}) == 1.0


@pytest.mark.parametrize("evidence", [0.0, -3.0])
def test_nothing_or_more_against_than_for_reaches_nothing(evidence: float) -> None:
    assert levels.reach(evidence, 0.3) == 0.0


@dataclass(frozen=True)
class Plain:
    """An account in which every passage adds its own amount, whatever else is chosen."""

    amounts: tuple[float, ...]
    owners: tuple[str, ...]
    enough: float = 1.0

    def contributions(self, chosen: Sequence[int]) -> list[float]:
        return [self.amounts[number] for number in chosen]


def plain(*amounts: float, owners: str = "") -> Plain:
    return Plain(amounts, tuple(owners or "a" * len(amounts)))


def test_the_passages_that_move_the_draft_most_are_chosen_up_or_down() -> None:
    assert choose(plain(0.1, -0.5, 0.3, 0.02, 0.2, 0.4)) == [1, 5, 2, 4, 0]


def test_what_moves_next_to_nothing_is_not_cited() -> None:
    assert choose(plain(0.5, 0.001)) == [0]
    assert choose(plain()) == []


def test_another_artifact_takes_the_last_place_if_it_has_something_of_weight() -> None:
    amounts = (0.9, 0.8, 0.7, 0.6, 0.5, 0.2)
    assert choose(plain(*amounts, owners="aaaaab")) == [0, 1, 2, 3, 5]
    assert choose(plain(*amounts[:5], 0.1, owners="aaaaab")) == [0, 1, 2, 3, 4]


@given(st.lists(st.floats(-1, 1, allow_nan=False), max_size=9))
def test_no_more_than_five_are_ever_cited_and_none_twice(amounts: list[float]) -> None:
    seed = hashlib.sha256(str(amounts).encode()).hexdigest()
    chosen = choose(plain(*amounts, owners=(seed * 2)[: len(amounts)]))
    assert len(chosen) == len(set(chosen)) <= MOST_CITED
