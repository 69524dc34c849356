"""Statistics without golden tables, against figures worked out by hand or by definition."""

import doctest
import importlib
import math
import pkgutil

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.calibration import agreement as ag

MODULES = [each.name for each in pkgutil.iter_modules(ag.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_are_true(name: str) -> None:
    module = importlib.import_module(f"reviewer.calibration.agreement.{name}")
    assert doctest.testmod(module).failed == 0


def test_the_public_surface_is_what_is_listed() -> None:
    assert sorted(ag.__all__) == sorted(set(ag.__all__))
    assert all(hasattr(ag, name) for name in ag.__all__)


def test_every_public_function_has_an_example() -> None:
    for name in ag.__all__:
        one = getattr(ag, name)
        if callable(one) and not isinstance(one, type) and one is not ag.Ratings:
            assert ">>>" in (one.__doc__ or ""), name


def test_weight_matrices_for_three_levels() -> None:
    """Figures: afergadis/irrCAC test/unit/irrCAC/weights/test_weights.py, three digits."""
    levels = ag.read_ratings([[1, 2], [3, 1]], [1, 2, 3]).levels
    expected = {
        "identity": [1, 0, 0],
        "bipolar": [1, 0.667, 0],
        "circular": [1, 0, 0],
        "linear": [1, 0.5, 0],
        "ordinal": [1, 0.667, 0],
        "quadratic": [1, 0.75, 0],
        "radical": [1, 0.293, 0],
        "ratio": [1, 0.556, 0],
    }
    for name, row in expected.items():
        found = ag.agreement_weights(name, levels)
        assert found[0].round(3).tolist() == row
        assert (found == found.T).all()
        assert found.diagonal().tolist() == [1, 1, 1]
    assert ag.agreement_weights("ratio", levels)[1, 2].round(2) == 0.84


def test_a_coefficient_of_67_in_the_words_of_five_scales() -> None:
    """Figures: afergadis/irrCAC test/unit/irrCAC/benchmark/test_benchmark.py, five digits."""
    expected = {
        "altman": [0.18168, 0.67511, 0.96356, 0.99912, 1.0],
        "cicchetti_sparrow": [0.28699, 0.67511, 0.96356, 1.0],
        "fleiss": [0.28699, 0.96356, 1.0],
        "landis_koch": [0.18168, 0.67511, 0.96356, 0.99912, 1.0, 1.0],
        "regier": [0.18168, 0.67511, 0.96356, 0.99912, 1.0],
    }
    for scale, figures in expected.items():
        found = ag.benchmark(0.67, 0.15, scale=scale)  # type: ignore[arg-type]
        assert [round(each.reached, 5) for each in found] == figures
    with pytest.raises(ValueError, match="no scale is called 'nobody'"):
        ag.benchmark(0.5, 0.1, scale="nobody")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no coefficient that bands fit"):
        ag.benchmark(1.5, 0.1)


def test_high_percent_agreement_can_be_a_low_kappa() -> None:
    """At a pass rate of .85 on both sides, agreement of .80 is kappa (.80 − .745) / .255 = .216."""
    rows = [[1, 1]] * 75 + [[1, 0]] * 10 + [[0, 1]] * 10 + [[0, 0]] * 5
    assert ag.percent_agreement(rows).value == pytest.approx(0.80)
    assert ag.cohen_kappa(rows).value == pytest.approx(0.2157, abs=5e-5)
    assert (ag.gwet_ac1(rows).value or 0) > 0.7


def test_adjacent_agreement_counts_steps_of_the_scale_and_includes_exact() -> None:
    rows = [[1, 1], [1, 1.5], [1, 2], [2, 2.5]]
    half = [1, 1.5, 2, 2.5]
    assert ag.adjacent_agreement(rows, categories=half).value == 0.75
    words = ag.adjacent_agreement([["low", "high"]], categories=None)
    assert words.reason == "it needs categories in a known order"
    ordered = ag.adjacent_agreement([["low", "mid"]], categories=["low", "mid", "high"])
    assert ordered.value == 1


def test_rwg_by_hand_on_five_levels() -> None:
    """σ²_E = (25 − 1)/12 = 2. Units: variance 0 → 1; (4,5): .5 → .75; (1,5): 8 → −3, counted 0."""
    found = ag.rwg([[3, 3], [4, 5], [1, 5], [2, None]], categories=[1, 2, 3, 4, 5])
    assert (found.value, found.n, found.below_zero) == (pytest.approx(1.75 / 3), 3, 1)


def test_rwg_of_several_items_by_hand() -> None:
    """Two items, variances .5 and 0: mean .25, share .125 of σ²_E 2: 2·.875 / (2·.875 + .125)."""
    found = ag.rwg_j([[[4, 3], [5, 3]]], levels=[1, 2, 3, 4, 5])
    assert found.value == pytest.approx(1.75 / 1.875)
    none = ag.rwg_j([[[4, np.nan], [5, 3]]], levels=[1, 2, 3, 4, 5])
    assert (none.value, none.reason) == (None, "no unit has two complete ratings")


def test_average_deviation_by_hand() -> None:
    """(1,1,4): mean 2, AD 4/3; median 1, AD 1. Five levels: bound 5/6."""
    found = ag.average_deviation([[1, 1, 4]], categories=[1, 2, 3, 4, 5])
    assert found.mean == pytest.approx(4 / 3)
    assert found.median == pytest.approx(1)
    assert found.upper == pytest.approx(5 / 6)
    half = ag.average_deviation([[1, 2]], categories=[1, 1.5, 2])
    assert half.upper == pytest.approx(3 / 6 * 0.5)


def test_cronbach_alpha_by_hand() -> None:
    """Item variances 1, 1, 1; totals 4, 5, 9: variance 7; alpha = 3/2 · (1 − 3/7) = 6/7."""
    found = ag.cronbach_alpha([[1, 1, 2], [2, 2, 1], [3, 3, 3], [3, None, 3]])
    assert found.value == pytest.approx(6 / 7)
    assert found.n == 3


def test_standardized_mean_difference_by_hand() -> None:
    """Human 1, 2, 3 (SD 1), system 2, 3, 5 (mean 10/3, variance 7/3)."""
    human, system = [1, 2, 3, np.nan], [2, 3, 5, 4]
    assert ag.smd(system, human).value == pytest.approx(4 / 3)
    pooled = math.sqrt((1 + 7 / 3) / 2)
    assert ag.smd(system, human, spread="pooled").value == pytest.approx(4 / 3 / pooled)
    assert ag.smd(system, human).n == 3
    assert ag.smd([1, 2], [3, 3]).reason == "the scores do not vary"
    assert ag.smd([1], [3]).reason == "it needs two units with both scores"


def test_subgroup_difference_is_0_for_everybody_and_opposite_for_halves() -> None:
    draw = np.random.default_rng(1)
    human, system = draw.normal(size=100), draw.normal(size=100)
    everybody = ag.dsm(system, human, ["all"] * 100)["all"]
    assert everybody.value == pytest.approx(0)
    halves = ag.dsm(system, human, ["a"] * 50 + ["b"] * 50)
    assert halves["a"].value == pytest.approx(-(halves["b"].value or 0))
    assert list(ag.dsm(system, human, [None] * 100)) == []


def test_prmse_is_the_formula_for_works_scored_once_or_twice() -> None:
    """RSMTool's documentation, Evaluation Metrics, with N1 works scored once and N2 twice."""
    draw = np.random.default_rng(4)
    true = draw.normal(3, 1, 200)
    humans = true[:, None] + draw.normal(0, 0.6, (200, 2))
    humans[120:, 1] = np.nan
    system = true + draw.normal(0, 0.4, 200)
    n1, n2, n = 80, 120, 200
    error = ((humans[:n2, 0] - humans[:n2, 1]) ** 2).sum() / (2 * n2)
    means, many = np.nanmean(humans, axis=1), np.where(np.isnan(humans[:, 1]), 1, 2)
    ratings = n1 + 2 * n2
    mse = ((many * (means - system) ** 2).sum() - n * error) / ratings
    spread = (many * (means - np.nanmean(humans)) ** 2).sum() - (n - 1) * error
    true_variance = spread / ((n - 1) + n2 * (ratings - 2) / ratings)
    found = ag.prmse(system, humans)
    assert found.value == pytest.approx(1 - mse / true_variance)
    assert found.n == 200


def test_prmse_finds_the_share_of_true_variance_that_was_put_in() -> None:
    """True variance 1, machine error variance .25: PRMSE .75 whatever the raters' error."""
    draw = np.random.default_rng(9)
    true = draw.normal(size=200_000)
    system = true + draw.normal(0, 0.5, len(true))
    for error in (0.3, 1.0):
        humans = true[:, None] + draw.normal(0, error, (len(true), 2))
        assert ag.prmse(system, humans).value == pytest.approx(0.75, abs=0.02)


def test_prmse_without_double_scores_is_undefined() -> None:
    found = ag.prmse([1, 2, 3], [[1, np.nan], [2, np.nan], [np.nan, 3]])
    assert found.value is None
    assert found.reason is not None
    assert found.reason.startswith("it needs units with two human scores")
    flat = ag.prmse([1, 2], [[1, 2], [2, 1]])
    assert flat.reason == "the human scores vary no more than the raters' error"


def test_decisions_agree_and_err_in_a_direction() -> None:
    passed = [True, True, True, False, None]
    expert = [True, False, True, False, True]
    found = ag.decision_accuracy(passed, expert)
    assert (found.correct.value, found.correct.n) == (0.75, 4)
    assert (found.false_pass.value, found.false_pass.n) == (0.5, 2)
    assert (found.false_fail.value, found.false_fail.n) == (0.0, 2)
    both = ag.decision_consistency(passed, expert)
    assert both.kappa.value == pytest.approx(0.5)
    assert both.pass_rates[0].value == 0.75
    empty = ag.decision_consistency([None], [True])
    assert (empty.agreement.value, empty.kappa.reason) == (None, "no work has both decisions")


def test_eight_of_ten_is_49_to_94() -> None:
    """Wilson's interval: .49 to .94."""
    found = ag.share_of(8, 10)
    assert found.low is not None
    assert found.high is not None
    assert (round(found.low, 2), round(found.high, 2)) == (0.49, 0.94)


def test_agreement_of_elements_is_not_agreement_of_decisions() -> None:
    """Six independent elements, agreement .90 each: all six agree in .9⁶ = 53 % of works."""
    draw = np.random.default_rng(2)
    first = draw.random((20_000, 6)) < 0.5
    second = np.where(draw.random(first.shape) < 0.9, first, ~first)
    alike = (first == second).all(axis=1).mean()
    assert alike == pytest.approx(0.53, abs=0.015)


def test_a_confusion_table_counts_units_rated_by_both() -> None:
    found = ag.confusion_table([["a", "b"], ["b", "b"], ["a", None]])
    assert (found.labels, found.counts, found.n) == (("a", "b"), ((0, 1), (0, 1)), 2)
    with pytest.raises(ValueError, match="exactly two raters"):
        ag.confusion_table([[1, 1, 1]])


UNDEFINED = [
    (ag.cohen_kappa, [[1, 1], [1, 1]], "there is only one level"),
    (ag.fleiss_kappa, [[1, None], [None, 2]], "no unit has two ratings"),
    (ag.cohen_kappa, [[1, 1, 2], [1, 2, 2]], "it is for two raters; this table has 3"),
    (ag.krippendorff_alpha, [[None, None]], "there is only one level"),
    (ag.conger_kappa, ag.Counts([[2, 0], [1, 1]]), "counts do not say which rater gave which"),
]


@pytest.mark.parametrize(("of", "ratings", "reason"), UNDEFINED)
def test_what_is_undefined_has_no_value_and_a_reason(of, ratings, reason) -> None:  # type: ignore[no-untyped-def]
    found = of(ratings)
    assert found.value is None
    assert reason in found.reason


def test_all_ratings_on_one_of_several_levels_have_no_kappa_but_full_agreement() -> None:
    rows = [[1, 1], [1, 1], [1, 1]]
    assert ag.percent_agreement(rows).value == 1
    for of in (ag.cohen_kappa, ag.scott_pi, ag.fleiss_kappa, ag.conger_kappa):
        found = of(rows, categories=[1, 2])
        assert found.value is None
        assert "agreement by chance is already complete" in (found.reason or "")
    assert ag.krippendorff_alpha(rows, categories=[1, 2]).value is None
    assert ag.gwet_ac1(rows, categories=[1, 2]).value == 1
    assert ag.brennan_prediger(rows, categories=[1, 2]).value == 1


def test_words_have_no_statistics_that_need_numbers() -> None:
    rows = [["yes", "no"], ["no", "no"]]
    assert ag.cohen_kappa(rows).value is not None
    assert ag.cohen_kappa(rows, weights="quadratic").reason == (
        "it needs numbers on a scale; these categories are names"
    )
    assert ag.gwet_ac2(rows, weights="ordinal").reason == "it needs categories in a known order"
    assert ag.gwet_ac2(rows, weights="ordinal", categories=["no", "yes"]).value is not None
    assert all(each.value is None for each in ag.icc(rows).values())


def test_negative_levels_have_no_ratios_and_a_level_0_has() -> None:
    assert ag.krippendorff_alpha([[-1, 1], [1, 1]], metric="ratio").reason == (
        "it needs levels that are not negative"
    )
    assert ag.krippendorff_alpha([[0, 1], [1, 1], [0, 0]], metric="ratio").value is not None


def test_measurements_are_no_levels() -> None:
    draw = np.random.default_rng(0)
    rows = draw.normal(size=(200, 2))
    assert "are a measurement, not categories" in (ag.gwet_ac1(rows).reason or "")
    assert ag.icc(rows)["A,1"].value is not None


WRONG = [
    ([[1, 7]], [1, 2], "row 1, column 2 holds 7.0, which is none of the categories 1, 2"),
    ([[1, float("inf")]], None, "not finite"),
    ([1, 2], None, "give units × raters"),
    ([["a", "c"]], ["a", "b"], "row 1, column 2 holds c"),
    ([[1, 2]], [1, 1], "a level twice"),
    ([[1, 2]], [], "categories are empty"),
    (ag.Contingency([[1, 2]]), None, "a contingency table is square"),
    (ag.Counts([[1, -2]]), None, "whole numbers from 0 up"),
    (ag.Counts([[1.5, 2]]), None, "whole numbers from 0 up"),
    (ag.Counts([[1, 2]]), [1, 2, 3], "name its columns"),
]


@pytest.mark.parametrize(("ratings", "categories", "sentence"), WRONG)
def test_wrong_input_is_refused_in_one_sentence(ratings, categories, sentence) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=sentence):
        ag.read_ratings(ratings, categories)


def test_weights_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="no weights are called 'cubic'"):
        ag.cohen_kappa([[1, 2], [2, 2]], weights="cubic")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="give a 2 by 2 matrix"):
        ag.cohen_kappa([[1, 2], [2, 2]], weights=[[1]])


def test_arrays_frames_and_missing_of_every_kind_are_the_same_ratings() -> None:
    expected = ag.fleiss_kappa([[1, 2, None], [2, 2, 2], [1, 1, 2]])
    forms = [
        np.array([[1, 2, np.nan], [2, 2, 2], [1, 1, 2]]),
        np.array([[1, 2, None], [2, 2, 2], [1, 1, 2]], dtype=object),
        pd.DataFrame({"a": [1, 2, 1], "b": [2, 2, 1], "c": [np.nan, 2, 2]}),
        pd.DataFrame({"a": [1, 2, 1], "b": [2, 2, 1], "c": [pd.NA, 2, 2]}, dtype="Int64"),
        pd.DataFrame({"a": [1, 2, 1], "b": [2, 2, 1], "c": [None, 2, 2]}, dtype=object),
    ]
    for form in forms:
        assert ag.fleiss_kappa(form) == expected


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(st.integers(-1, 4), min_size=3, max_size=3), min_size=1, max_size=40),
    st.sampled_from([1, 1 << 20]),
)
def test_patterns_are_the_distinct_rows_whichever_way_they_are_found(
    rows: list[list[int]], dense: int
) -> None:
    from reviewer.calibration.agreement import patterns as module

    codes = np.array(rows, dtype=np.int32)
    before = module._DENSE_KEYS
    module._DENSE_KEYS = dense
    try:
        found = module.patterns_of_codes(codes, ag.Levels((1, 2, 3, 4, 5), None, True), "abc")
    finally:
        module._DENSE_KEYS = before
    assert found.codes is not None
    assert found.index is not None
    assert (found.codes[found.index] == codes).all()
    assert len({tuple(row) for row in rows}) == len(found.counts)
    assert found.counts.sum() == len(rows)


def test_wide_tables_of_many_raters_are_read_by_their_rows() -> None:
    draw = np.random.default_rng(3)
    rows = draw.integers(1, 6, (50, 40))
    found = ag.read_ratings(np.vstack([rows, rows]))
    assert len(found.counts) == 50
    assert set(found.counts.tolist()) == {2.0}
