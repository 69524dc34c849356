"""The bootstrap clustered by candidate."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.calibration import agreement as ag
from reviewer.calibration.agreement.patterns import Patterns
from reviewer.calibration.agreement.resampling import draw_times, kinds_of
from reviewer.calibration.agreement.sample import Sample
from reviewer.calibration.agreement.statistic import estimate

FEW = settings(max_examples=25, deadline=None)  # many tests, and all are fast
LEVELS = [1, 2, 3]
CELL = st.one_of(st.none(), st.sampled_from(LEVELS))
TABLES = st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=4, max_size=15)


def figures(patterns: Patterns, times: "np.typing.NDArray[np.float64]") -> dict[str, float | None]:
    """Every statistic of one set of counts of patterns."""
    found = {}
    for each in ag.STATISTICS:
        if each.needs(patterns) is None:
            value = float(each.values(Sample(patterns, times[None, :]))[0])
            found[each.name] = None if np.isnan(value) else value
    return found


@FEW
@given(TABLES, st.data())
def test_weights_on_patterns_give_what_the_repeated_rows_give(
    ratings: list[list[int | None]], data: Any
) -> None:
    """Drawing counts of patterns is drawing rows: the statistics of both are the same."""
    units = len(ratings)
    drawn = data.draw(st.lists(st.integers(0, units - 1), min_size=units, max_size=units))
    patterns = ag.read_ratings(ratings, LEVELS)
    assert patterns.index is not None
    times = np.bincount(patterns.index[drawn], minlength=len(patterns.counts)).astype(float)
    rows = ag.read_ratings([ratings[at] for at in drawn], LEVELS)
    for name, value in figures(patterns, times).items():
        statistic = next(each for each in ag.STATISTICS if each.name == name)
        by_rows = estimate(statistic, rows)
        if by_rows.value is None:
            assert value is None or by_rows.reason != statistic.degenerate, name
        else:
            assert value == pytest.approx(by_rows.value, abs=1e-9), name


@FEW
@given(TABLES, st.data())
def test_candidates_are_drawn_whole(ratings: list[list[int | None]], data: Any) -> None:
    """What the kinds of candidates hold adds up to the data, and a draw holds whole candidates."""
    clusters = np.array(
        data.draw(st.lists(st.integers(0, 4), min_size=len(ratings), max_size=len(ratings)))
    )
    clusters = np.unique(clusters, return_inverse=True)[1].reshape(-1)
    patterns = ag.read_ratings(ratings, LEVELS)
    kinds = kinds_of(patterns, clusters)
    assert kinds.candidates == len(set(clusters.tolist()))
    content = np.eye(len(patterns.counts)) if kinds.content is None else kinds.content.toarray()
    assert (kinds.counts @ content).tolist() == patterns.counts.tolist()
    assert patterns.index is not None
    by_hand = {
        tuple(sorted(patterns.index[clusters == each].tolist())) for each in set(clusters.tolist())
    }
    assert len(kinds.counts) == len(by_hand)


def simulated(units: int = 300, seed: int = 3) -> "np.typing.NDArray[np.int64]":
    draw = np.random.default_rng(seed)
    true = draw.integers(1, 5, units)
    return np.clip(true[:, None] + draw.integers(-1, 2, (units, 2)), 1, 4)


@pytest.mark.slow
def test_intervals_are_those_of_a_bootstrap_that_draws_rows() -> None:
    """The obvious loop over resampled candidates, beside ours: equal but for chance."""
    ratings = simulated()
    clusters = np.arange(len(ratings)) // 2  # two units a candidate
    ours = ag.bootstrap_agreement(
        ratings, clusters=clusters.tolist(), statistics=["cohen_kappa.quadratic"], resamples=4000
    ).intervals["all"]["cohen_kappa.quadratic"]
    draw = np.random.default_rng(8)
    members = [np.flatnonzero(clusters == each) for each in range(clusters.max() + 1)]
    values = []
    for _ in range(1500):
        rows = np.concatenate([members[at] for at in draw.integers(0, len(members), len(members))])
        values.append(ag.cohen_kappa(ratings[rows], weights="quadratic").value)
    low, high = np.quantile(np.array(values, dtype=float), [0.025, 0.975])
    assert ours.low == pytest.approx(low, abs=0.01)
    assert ours.high == pytest.approx(high, abs=0.01)
    assert ours.clusters == 150


def test_the_interval_of_independent_units_is_near_the_one_from_theory() -> None:
    ratings = simulated(2000)
    theory = ag.gwet_ac1(ratings)
    found = ag.bootstrap_agreement(ratings, statistics=["gwet.ac1"]).intervals["all"]["gwet.ac1"]
    assert theory.low is not None
    assert theory.high is not None
    assert found.value == pytest.approx(theory.value)
    assert found.low == pytest.approx(theory.low, abs=0.01)
    assert found.high == pytest.approx(theory.high, abs=0.01)


def test_clusters_of_like_units_widen_the_interval() -> None:
    once = simulated(150)
    ratings = np.repeat(once, 4, axis=0)
    clusters = np.repeat(np.arange(150), 4).tolist()
    name = "percent_agreement"
    alone = ag.bootstrap_agreement(ratings).intervals["all"][name]
    whole = ag.bootstrap_agreement(ratings, clusters=clusters).intervals["all"][name]
    wide = [each.high - each.low for each in (alone, whole)]  # type: ignore[operator]
    assert wide[1] / wide[0] == pytest.approx(2, rel=0.15)  # four alike: √4 times as wide


def test_the_same_seed_gives_the_same_intervals_and_another_seed_others() -> None:
    ratings = simulated(80)
    one, same, other = (
        ag.bootstrap_agreement(ratings, seed=seed, resamples=200).intervals["all"]["fleiss_kappa"]
        for seed in (1, 1, 2)
    )
    assert one == same
    assert (one.low, one.high) != (other.low, other.high)


def test_draws_depend_on_the_seed_and_not_on_the_size_of_a_block(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    patterns = ag.read_ratings(simulated(60))
    kinds = kinds_of(patterns, None)
    whole = np.concatenate(list(draw_times(patterns, kinds, 30, seed=5)))
    monkeypatch.setattr("reviewer.calibration.agreement.resampling._BLOCK_NUMBERS", 64)
    blocks = list(draw_times(patterns, kinds, 30, seed=5))
    assert len(blocks) > 1
    assert (np.concatenate(blocks) == whole).all()


def test_degradation_is_drawn_on_the_same_candidates() -> None:
    """A machine that copies the first human has exactly the ceiling: the difference is 0.

    It shares that human's errors too, which PRMSE takes for truth: 1.
    """
    humans = simulated(200)
    ratings = np.column_stack([humans, humans[:, 0]])
    found = ag.bootstrap_agreement(
        ratings,
        comparisons={
            "human-human": ag.Comparison((0, 1)),
            "engine-human": ag.Comparison((2, 1), system=2, humans=(0, 1)),
        },
    )
    gap = found.difference("human-human", "engine-human", "cohen_kappa.quadratic")
    assert gap.value == 0
    assert "no resample gives another figure" in (gap.reason or "")
    assert found.intervals["engine-human"]["smd"].value == 0
    assert found.intervals["engine-human"]["prmse"].value == pytest.approx(1)


def test_a_machine_may_have_a_column_of_levels_and_one_of_scores_before_rounding() -> None:
    draw = np.random.default_rng(6)
    humans = simulated(200).astype(float)
    raw = humans.mean(axis=1) + draw.normal(0, 0.3, 200)
    ratings = np.column_stack([humans, np.clip(raw.round(), 1, 4), raw])
    found = ag.bootstrap_agreement(
        ratings,
        categories=[1, 2, 3, 4],
        comparisons={"engine-human": ag.Comparison((2, 0), system=3, humans=(0, 1))},
        resamples=100,
    ).intervals["engine-human"]
    plain = ag.cohen_kappa(ratings[:, [2, 0]], weights="quadratic", categories=[1, 2, 3, 4])
    assert found["cohen_kappa.quadratic"].value == pytest.approx(plain.value)
    assert found["smd"].value == pytest.approx(ag.smd(raw, humans[:, 0]).value)
    assert found["prmse"].value == pytest.approx(ag.prmse(raw, humans).value)
    with pytest.raises(ValueError, match="none of the categories 1, 2, 3"):
        ag.bootstrap_agreement(
            ratings,
            categories=[1, 2, 3],
            comparisons={"x": ag.Comparison((2, 0), system=3, humans=(0, 1))},
        )


def test_columns_are_found_by_name() -> None:
    import pandas as pd

    frame = pd.DataFrame(simulated(50), columns=["expert", "engine"])
    found = ag.bootstrap_agreement(
        frame, comparisons={"pair": ag.Comparison(("expert", "engine"))}, resamples=20
    )
    assert found.intervals["pair"]["percent_agreement"].n == 50
    with pytest.raises(ValueError, match="no column is 'nobody'"):
        ag.bootstrap_agreement(frame, comparisons={"x": ag.Comparison(("expert", "nobody"))})


def test_one_candidate_has_a_value_and_no_interval() -> None:
    found = ag.bootstrap_agreement([[1, 1], [2, 2], [1, 2]], clusters=["a", "a", "a"])
    one = found.intervals["all"]["percent_agreement"]
    assert (one.value, one.low, one.high) == (pytest.approx(2 / 3), None, None)
    assert one.reason == "an interval needs at least two candidates"


def test_what_is_undefined_in_most_resamples_has_no_interval_and_says_so() -> None:
    """Three candidates, one of which differs: kappa is undefined where it is not drawn (8/27)."""
    found = ag.bootstrap_agreement([[1, 1], [1, 1], [2, 2]], resamples=500)
    kappa = found.intervals["all"]["cohen_kappa.unweighted"]
    assert kappa.value == 1
    assert 0 < kappa.undefined_resamples < 250
    rare = ag.bootstrap_agreement([[1, 1]] * 30 + [[1, 2]], resamples=500, categories=[1, 2])
    assert rare.intervals["all"]["percent_agreement"].undefined_resamples == 0


def test_perfect_agreement_of_few_is_not_taken_for_certain() -> None:
    """Ten of ten: Wilson's lower bound is 10 / (10 + 1.96²) = .72; kappa has no interval."""
    found = ag.bootstrap_agreement([[1, 1], [2, 2]] * 5).intervals["all"]
    share = found["percent_agreement"]
    assert (share.value, share.high) == (1, 1)
    assert share.low == pytest.approx(0.7225, abs=5e-5)
    kappa = found["cohen_kappa.quadratic"]
    assert (kappa.value, kappa.low, kappa.high) == (pytest.approx(1), None, None)
    assert "which is not certainty" in (kappa.reason or "")
    twice = ag.bootstrap_agreement([[1, 1], [2, 2]] * 5, clusters=[0, 0, 1, 1, 2, 2, 3, 3, 4, 4])
    fewer = twice.intervals["all"]["percent_agreement"]
    assert fewer.low == pytest.approx(5 / (5 + 1.959964**2), abs=1e-6)
    none = ag.bootstrap_agreement([[1, 2], [2, 1]] * 5).intervals["all"]["percent_agreement"]
    assert (none.value, none.low) == (0, 0)
    assert none.high == pytest.approx(0.2775, abs=5e-5)


def test_clusters_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="2 clusters do not fit 3 units"):
        ag.bootstrap_agreement([[1, 1], [2, 2], [1, 2]], clusters=["a", "b"])


def test_unknown_statistics_are_refused() -> None:
    with pytest.raises(ValueError, match="no statistic is called kapa"):
        ag.bootstrap_agreement([[1, 1], [2, 2]], statistics=["kapa"])


def test_subgroups_that_share_pairs_of_scores_are_told_apart() -> None:
    draw = np.random.default_rng(7)
    human = draw.integers(1, 4, 120).astype(float)
    system = np.clip(human + draw.integers(-1, 2, 120), 1, 3)
    system[:9] = np.nan
    groups = [("a", "b", None)[at % 3] for at in range(120)]
    found, plain = ag.bootstrap_dsm(system, human, groups), ag.dsm(system, human, groups)
    for name in ("a", "b"):
        assert found[name].value == pytest.approx(plain[name].value)
        assert found[name].n == plain[name].n == 37


def test_subgroups_and_elements_have_intervals_too() -> None:
    draw = np.random.default_rng(5)
    human = draw.integers(1, 5, 400).astype(float)
    groups = ["even" if at % 2 else "odd" for at in range(400)]
    system = human + np.where(np.array(groups) == "even", 0.5, 0.0)
    found = ag.bootstrap_dsm(system, human, groups)
    plain = ag.dsm(system, human, groups)
    for name in ("even", "odd"):
        assert found[name].value == pytest.approx(plain[name].value)
        assert found[name].n == 200
    even = found["even"]
    assert even.low is not None
    assert even.low > 0
    items = ag.bootstrap_cronbach(draw.integers(1, 4, (100, 1)) + draw.integers(0, 2, (100, 3)))
    assert items.low is not None
    assert items.high is not None
    assert items.low < (items.value or 0) < items.high


@FEW
@given(TABLES)
def test_no_interval_holds_nan(ratings: list[list[int | None]]) -> None:
    found = ag.bootstrap_agreement(ratings, categories=LEVELS, resamples=20)
    for each in found.intervals["all"].values():
        assert (each.value is None) <= (each.reason is not None)
        for figure in (each.value, each.low, each.high):
            assert figure is None or np.isfinite(figure)
