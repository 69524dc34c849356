"""What holds for agreement statistics on any ratings at all (hypothesis)."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reviewer.calibration import agreement as ag

FEW = settings(max_examples=25, deadline=None)  # many tests, and all are fast
LEVELS = [1, 2, 3, 4]
EITHER = st.one_of(st.none(), st.sampled_from(LEVELS))


def tables(
    raters: int | None = None, missing: bool = True
) -> "st.SearchStrategy[list[list[int | None]]]":
    cell = EITHER if missing else st.sampled_from(LEVELS)
    columns = st.integers(2, 4) if raters is None else st.just(raters)
    return columns.flatmap(
        lambda many: st.lists(st.lists(cell, min_size=many, max_size=many), min_size=3, max_size=25)
    )


def every(ratings: Any) -> dict[str, float | None]:
    """The value of every statistic; None where undefined."""
    from reviewer.calibration.agreement.statistic import estimate

    patterns = ag.read_ratings(ratings, LEVELS)
    return {each.name: estimate(each, patterns).value for each in ag.STATISTICS}


def assert_same(one: dict[str, float | None], other: dict[str, float | None]) -> None:
    assert one.keys() == other.keys()
    for name, value in one.items():
        if value is None:
            assert other[name] is None, name
        else:
            assert other[name] == pytest.approx(value, abs=1e-9), name


@FEW
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_raters_does_not_matter(ratings: list[list[int | None]], draw: Any) -> None:
    order = list(range(len(ratings[0])))
    draw.shuffle(order)
    assert_same(every(ratings), every([[row[at] for at in order] for row in ratings]))


@FEW
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_units_does_not_matter(ratings: list[list[int | None]], draw: Any) -> None:
    shuffled = list(ratings)
    draw.shuffle(shuffled)
    assert_same(every(ratings), every(shuffled))


@FEW
@given(tables())
def test_units_without_any_rating_do_not_matter(ratings: list[list[int | None]]) -> None:
    empty: list[int | None] = [None] * len(ratings[0])
    assert_same(every(ratings), every([*ratings, empty, empty]))


@FEW
@given(st.lists(st.sampled_from(LEVELS), min_size=2, max_size=20), st.integers(2, 4))
def test_perfect_agreement_is_one(scores: list[int], raters: int) -> None:
    assume(len(set(scores)) > 1)
    found = every([[score] * raters for score in scores])
    for name, value in found.items():
        if name == "ad":
            assert value == 0
        elif name.startswith(("cohen", "scott")) and raters != 2:
            assert value is None
        else:
            assert value == pytest.approx(1.0), name


@FEW
@given(tables())
def test_no_statistic_is_nan_and_every_missing_value_has_a_reason(
    ratings: list[list[int | None]],
) -> None:
    patterns = ag.read_ratings(ratings, LEVELS)
    for of in (
        ag.percent_agreement,
        ag.cohen_kappa,
        ag.scott_pi,
        ag.brennan_prediger,
        ag.gwet_ac1,
        ag.gwet_ac2,
        ag.fleiss_kappa,
        ag.conger_kappa,
        ag.krippendorff_alpha,
    ):
        found = of(patterns)  # type: ignore[operator]
        assert (found.value is None) == (found.reason is not None)
        for figure in (found.value, found.se, found.low, found.high, found.p, found.chance):
            assert figure is None or np.isfinite(figure)
    for each in ag.icc(patterns).values():
        assert (each.value is None) == (each.reason is not None)
        for figure in (each.value, each.f, each.p, each.low, each.high):
            assert figure is None or np.isfinite(figure)


@FEW
@given(tables(raters=2, missing=False))
def test_alpha_of_two_complete_raters_is_its_closed_form(ratings: list[list[int]]) -> None:
    """Nominal: 1 − (2N − 1) · disagreeing pairs · 2 / Σ_k≠l n_k n_l over the 2N ratings."""
    found = ag.krippendorff_alpha(ratings)
    counts = np.bincount(np.ravel(ratings))
    total = counts.sum()
    apart = total**2 - (counts**2).sum()
    if apart == 0:
        assert found.value is None
        return
    disagreeing = 2 * sum(one != other for one, other in ratings)
    assert found.value == pytest.approx(1 - (total - 1) * disagreeing / apart)


@FEW
@given(tables(raters=2, missing=False))
def test_interval_alpha_of_two_complete_raters_is_its_closed_form(
    ratings: list[list[int]],
) -> None:
    """1 − (mean squared difference within) / (2 · variance of all 2N ratings with divisor 2N−1)."""
    everything = np.ravel(np.array(ratings, dtype=float))
    assume(everything.std() > 0)
    within = np.mean([(one - other) ** 2 for one, other in ratings])
    expected = 1 - within / (2 * everything.var(ddof=1))
    assert ag.krippendorff_alpha(ratings, metric="interval").value == pytest.approx(expected)


@FEW
@given(tables(), st.sampled_from(["identity", "linear", "quadratic", "ordinal", "radical"]))
def test_gwet_is_its_brute_force_version(ratings: list[list[int | None]], weights: Any) -> None:
    """Pairs of raters counted one by one, straight from the definition in Gwet (2008; 2014)."""
    matrix = ag.agreement_weights(weights, ag.read_ratings(ratings, LEVELS).levels)
    agreeing, pi = [], np.zeros(len(LEVELS))
    rated = [[LEVELS.index(each) for each in row if each is not None] for row in ratings]
    rated = [row for row in rated if row]
    for row in rated:
        for each in row:
            pi[each] += 1 / len(row) / len(rated)
        pairs = [
            matrix[one, other]
            for at, one in enumerate(row)
            for other_at, other in enumerate(row)
            if at != other_at
        ]
        if pairs:
            agreeing.append(sum(pairs) / len(pairs))
    found = ag.gwet_ac2(ratings, weights=weights, categories=LEVELS)
    if not agreeing:
        assert found.value is None
        return
    levels = len(LEVELS)
    chance = matrix.sum() / (levels * (levels - 1)) * sum(p * (1 - p) for p in pi)
    assert found.value == pytest.approx((np.mean(agreeing) - chance) / (1 - chance))


@FEW
@given(tables(raters=2, missing=False))
def test_kappa_is_that_of_scikit_learn(ratings: list[list[int]]) -> None:
    from sklearn.metrics import cohen_kappa_score

    first, second = zip(*ratings, strict=True)
    assume(len(set(first) | set(second)) > 1)
    for ours, theirs in (("identity", None), ("linear", "linear"), ("quadratic", "quadratic")):
        found = ag.cohen_kappa(ratings, weights=ours, categories=LEVELS)  # type: ignore[arg-type]
        expected = cohen_kappa_score(first, second, labels=LEVELS, weights=theirs)
        assert found.value == pytest.approx(expected)


@FEW
@given(tables(raters=2, missing=False))
def test_conger_of_two_complete_raters_is_cohen(ratings: list[list[int]]) -> None:
    one, other = ag.conger_kappa(ratings).value, ag.cohen_kappa(ratings).value
    assert one == pytest.approx(other) if other is not None else one is None


@FEW
@given(tables(missing=False))
def test_counts_say_the_same_as_the_ratings_they_count(ratings: list[list[int]]) -> None:
    counts = [[row.count(level) for level in LEVELS] for row in ratings]
    for of in (ag.fleiss_kappa, ag.gwet_ac1, ag.brennan_prediger, ag.krippendorff_alpha):
        one = of(ratings, categories=LEVELS)  # type: ignore[operator]
        other = of(ag.Counts(counts), categories=LEVELS)  # type: ignore[operator]
        assert one.value == pytest.approx(other.value) if one.value is not None else not other.value


@FEW
@given(tables(raters=2, missing=False))
def test_a_contingency_table_says_the_same_as_its_ratings(ratings: list[list[int]]) -> None:
    table = np.array(ag.confusion_table(ratings, categories=LEVELS).counts)
    one = every(ratings)
    from reviewer.calibration.agreement.statistic import estimate

    patterns = ag.read_ratings(ag.Contingency(table))
    other = {each.name: estimate(each, patterns).value for each in ag.STATISTICS}
    assert_same(one, other)


@FEW
@given(tables(missing=False), st.floats(0.1, 5), st.floats(-3, 3))
def test_icc_and_interval_statistics_do_not_depend_on_the_unit_of_the_scale(
    ratings: list[list[int]], times: float, plus: float
) -> None:
    moved = [[times * each + plus for each in row] for row in ratings]
    for form, found in ag.icc(ratings).items():
        other = ag.icc(moved)[form].value
        assert (
            other == pytest.approx(found.value, abs=1e-6) if found.value is not None else not other
        )


ODD = [
    [[1, 3], [1, 3], [2, 2]],  # units alike: Satterthwaite's degrees of freedom vanish
    [[1, 1, 2], [1, 1, 2], [1, 2, 1]],  # a bound of −1/(k − 1), which cannot be stepped up
    [[1, 1], [1, 2], [2, 1]],  # the divisor of (A,k) cancels
    [[1, 2], [1, 2]],  # raters apart by a constant
    [[2, 2], [2, 2]],  # nothing varies
]


@pytest.mark.parametrize("ratings", ODD)
def test_icc_of_odd_small_tables_has_bounds_or_none(ratings: list[list[int]]) -> None:
    for found in ag.icc(ratings).values():
        assert (found.value is None) == (found.reason is not None)
        for figure in (found.value, found.f, found.p, found.low, found.high):
            assert figure is None or np.isfinite(figure)


def _hand(rows: list[list[int]]) -> Callable[[str], float]:
    """Mean squares by the sums of the textbook, for one table."""
    x = np.array(rows, dtype=float)
    n, k = x.shape
    between = k * ((x.mean(axis=1) - x.mean()) ** 2).sum() / (n - 1)
    within = ((x - x.mean(axis=1, keepdims=True)) ** 2).sum() / (n * (k - 1))
    raters = n * ((x.mean(axis=0) - x.mean()) ** 2).sum() / (k - 1)
    residual = x - x.mean(axis=1, keepdims=True) - x.mean(axis=0, keepdims=True) + x.mean()
    error = (residual**2).sum() / ((n - 1) * (k - 1))
    return {"b": between, "w": within, "j": raters, "e": error}.__getitem__


@FEW
@given(tables(missing=False))
def test_mean_squares_are_those_of_the_textbook(ratings: list[list[int]]) -> None:
    found, hand = ag.mean_squares(ratings), _hand(ratings)
    assert found.between == pytest.approx(hand("b"), abs=1e-9)
    assert found.within == pytest.approx(hand("w"), abs=1e-9)
    assert found.raters == pytest.approx(hand("j"), abs=1e-9)
    assert found.error == pytest.approx(hand("e"), abs=1e-9)
