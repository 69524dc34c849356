"""Rater effects: which raters can be compared, what is left out and said, what is recovered."""

import pandas as pd
import pytest

from eval.studies.rater_severity import DIFFICULTY, LEVELS, simulated
from reviewer.calibration.severity import (
    MOST_RATINGS,
    Design,
    RaterEffects,
    design,
    rater_effects,
)

TWO = {"a": (0.0, 1.0, 2.0), "b": (0.0, 1.0, 2.0)}


def rows(*ratings: tuple[str, str, str, float]) -> pd.DataFrame:
    """(work, element, rater, score)."""
    frame = pd.DataFrame(list(ratings), columns=["submission", "element", "rater", "score"])
    return frame.assign(attempt=1, rater_type="evaluator")


def crossed(raters: str, works: range, elements: str = "ab") -> list[tuple[str, str, str, float]]:
    return [
        (f"w{work}", element, rater, float((work + at) % 3))
        for work in works
        for element in elements
        for at, rater in enumerate(raters)
    ]


class TestDesign:
    def test_codes_are_the_ranks_of_the_levels(self) -> None:
        levels = {"a": (1.0, 1.5, 2.0), "b": (1.0, 1.5, 2.0)}
        made = design(
            rows(
                ("w", "a", "x", 1.5), ("w", "b", "x", 2.0),
                ("w", "a", "y", 1.0), ("w", "b", "y", 1.5),
            ),
            levels, 1,
        )  # fmt: skip
        assert isinstance(made, Design)
        assert made.responses.loc[("x", 0)].to_dict() == {"a": 1.0, "b": 2.0}
        assert (made.top, made.step, made.ratings) == (2, 0.5, 4)

    def test_attempts_of_one_submission_are_two_works(self) -> None:
        table = rows(*crossed("xy", range(2)))
        again = pd.concat([table, table.assign(attempt=2)])
        made = design(again, TWO, 1)
        assert isinstance(made, Design)
        assert made.responses.index.get_level_values("work").nunique() == 4

    def test_raters_without_a_common_work_are_left_out_and_named(self) -> None:
        table = rows(*crossed("xyz", range(5)), *crossed("p", range(10, 13)))
        made = design(table, TWO, 1)
        assert isinstance(made, Design)
        assert set(made.raters) == {"x", "y", "z"}
        assert "1 of 4 raters" in made.notes[0]
        assert "p" in made.notes[0]

    def test_raters_linked_through_another_are_compared(self) -> None:
        table = rows(*crossed("xy", range(3)), *crossed("yz", range(10, 13)))
        made = design(table, TWO, 1)
        assert isinstance(made, Design)
        assert set(made.raters) == {"x", "y", "z"}

    def test_elements_with_another_number_of_levels_are_left_out_and_named(self) -> None:
        levels = {**TWO, "c": (0.0, 1.0, 2.0, 3.0)}
        made = design(rows(*crossed("xy", range(4), "abc")), levels, 1)
        assert isinstance(made, Design)
        assert list(made.responses.columns) == ["a", "b"]
        assert made.notes[0].startswith("Rater effects are of the elements with 3 levels; c has")

    @pytest.mark.parametrize(
        ("table", "words"),
        [
            (rows(*crossed("x", range(9))), "no two raters"),
            (rows(*crossed("x", range(4)), *crossed("y", range(5, 9))), "no two raters"),
            (rows(*crossed("xy", range(4), "a")), "two elements"),
        ],
    )
    def test_where_nobody_can_be_compared_it_is_said_why(
        self, table: pd.DataFrame, words: str
    ) -> None:
        assert words in str(design(table, TWO, 1))

    def test_of_a_large_table_whole_works_are_drawn_and_it_is_said(self) -> None:
        table = rows(*crossed("xy", range(8000)))
        made = design(table, TWO, 1)
        assert isinstance(made, Design)
        assert MOST_RATINGS - 4 < made.ratings <= MOST_RATINGS
        assert "5,000 of 8,000 works" in made.notes[0]
        assert (made.responses.notna().sum(axis=1) == 2).all()

    @pytest.mark.parametrize("level", [0.0, 2.0])
    def test_who_used_one_end_of_the_scale_alone_is_left_out_and_the_others_are_told(
        self, level: float
    ) -> None:
        always = [(f"w{work}", element, "z", level) for work in range(40) for element in "ab"]
        made = design(rows(*crossed("xy", range(40)), *always), TWO, 1)
        assert isinstance(made, Design)
        assert made.raters.keys() == {"x", "y"}
        assert made.notes == ("z used one end of the scale alone: no severity can be told.",)
        found = rater_effects(made)
        assert isinstance(found, RaterEffects)
        assert {one.rater for one in found.raters} == {"x", "y"}

    def test_where_only_one_rater_is_left_nobody_is_compared(self) -> None:
        always = [(f"w{work}", element, "z", 2.0) for work in range(9) for element in "ab"]
        assert design(rows(*crossed("x", range(9)), *always), TWO, 1) == (
            "fewer than two linked raters used more than one end of the scale"
        )


@pytest.mark.slow
def test_known_severities_are_recovered_with_intervals_that_cover() -> None:
    """One run of the study `rater_severity`; its baseline has the mean of ten (r .96, .93)."""
    ratings, true = simulated(seed=11)
    made = design(ratings, {f"e{at}": LEVELS for at in range(len(DIFFICULTY))}, 1)
    assert isinstance(made, Design)
    found = rater_effects(made)
    assert isinstance(found, RaterEffects)
    own = pd.Series({one.rater: one.severity.value for one in found.raters})
    covers = [one.severity.low <= true[one.rater] <= one.severity.high for one in found.raters]
    assert own.corr(true) > 0.9
    assert sum(covers) / len(covers) >= 0.8
    assert abs(own.mean()) < 0.05
    severe = found.raters[0]
    assert severe.points.value > 0
    assert severe.band == "more severe"
