"""What counts as worse than a baseline."""

from eval.comparing import worse


def test_a_smaller_agreement_and_a_larger_error_are_worse() -> None:
    assert worse({"macro_f1": 0.60}, {"macro_f1": 0.66}) == {"macro_f1": -0.06}
    assert worse({"readers_wrong": 0.2}, {"readers_wrong": 0.1}) == {"readers_wrong": 0.1}
    assert worse({"gb_10m": 3.0}, {"gb_10m": 2.0}) == {"gb_10m": 1.0}


def test_better_and_equal_are_not() -> None:
    assert worse({"macro_f1": 0.7, "run_s": 8.0}, {"macro_f1": 0.66, "run_s": 9.0}) == {}
    assert worse({"macro_f1": 0.659}, {"macro_f1": 0.66}) == {}


def test_a_word_counts_only_as_a_whole() -> None:
    assert worse({"answered": 0.5, "floored": 0.5}, {"answered": 0.6, "floored": 0.6}) == {
        "answered": -0.1,
        "floored": -0.1,
    }


def test_a_floor_is_neither_and_a_lost_figure_is_worse() -> None:
    assert worse({"floor_f1": 0.1}, {"floor_f1": 0.5}) == {}
    assert worse({}, {"macro_f1": 0.5}) == {"macro_f1": float("-inf")}
