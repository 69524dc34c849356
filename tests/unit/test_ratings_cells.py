"""Cells as categories: each different text once, whatever the number of rows; draws in blocks."""

import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.calibration import drawing
from reviewer.calibration.agreement import rwg_j, rwg_j_of_units
from reviewer.calibration.drawing import percentile_of_draws
from reviewer.calibration.ratings import make_ratings, read_table
from reviewer.calibration.ratings.cells import as_cells, chosen, replaced, same_cell

TEXTS = st.lists(st.sampled_from(["b", " b ", "a", "", "ž"]), min_size=1, max_size=20)


class TestCells:
    @settings(max_examples=60, deadline=None)
    @given(TEXTS)
    def test_a_cell_is_its_text_without_the_space_around_it(self, texts: list[str]) -> None:
        cells = as_cells(pd.Series(texts, dtype="str"))
        assert cells.tolist() == [one.strip() for one in texts]
        assert list(cells.cat.categories) == sorted({one.strip() for one in texts})

    @settings(max_examples=60, deadline=None)
    @given(TEXTS, st.data())
    def test_of_two_columns_each_row_takes_one(self, texts: list[str], data: st.DataObject) -> None:
        marks = data.draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)))
        first, other = (as_cells(pd.Series(one, dtype="str")) for one in (texts, texts[::-1]))
        made = chosen(first, pd.Series(marks), other)
        assert made.tolist() == [
            (one if mark else two).strip()
            for one, two, mark in zip(texts, texts[::-1], marks, strict=True)
        ]

    def test_texts_that_become_alike_are_one_category(self) -> None:
        cells = replaced(as_cells(pd.Series(["x", "y", "z"], dtype="str")), {"x": "z"})
        assert cells.tolist() == ["z", "y", "z"]
        assert list(cells.cat.categories) == ["y", "z"]

    def test_a_text_in_every_row_takes_one_byte_a_row(self) -> None:
        assert same_cell("blind", pd.RangeIndex(1000)).cat.codes.nbytes == 1000

    def test_of_a_wide_table_the_cell_that_is_wrong_is_shown(self) -> None:
        with pytest.raises(Exception, match=r"row 3: score is no number \('x'\)"):
            make_ratings(
                read_table(b"submission,element,ann,bob\ns,e,1,2\nt,e,2,x\n", "t.csv"), "t.csv"
            )

    def test_a_dictionary_encoded_parquet_column_may_have_blanks(self) -> None:
        table = pd.DataFrame(
            {
                "submission": ["s", "t"], "element": pd.Categorical(["e", "e"]),
                "rater": ["ann", "ann"], "score": [1.0, 2.0], "cohort": pd.Categorical(["x", None]),
            }
        )  # fmt: skip
        out = io.BytesIO()
        table.to_parquet(out)
        made = make_ratings(read_table(out.getvalue(), "t.parquet"), "t.parquet")
        assert made.frame["cohort"].tolist() == ["x", ""]


class TestDraws:
    def test_the_interval_does_not_depend_on_the_size_of_a_block(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        values = np.arange(30.0)

        def interval() -> tuple[float, float]:
            return percentile_of_draws(lambda draws: draws @ values / 30, 30, 200, seed=3)

        at_once = interval()
        monkeypatch.setattr(drawing, "_BLOCK_NUMBERS", 70)
        assert interval() == at_once


class TestWithinUnits:
    def test_the_mean_of_the_units_is_the_statistic(self) -> None:
        scores = np.random.default_rng(1).integers(1, 6, (40, 3, 4)).astype("float64")
        scores[::5, 1:, 0] = np.nan
        units = rwg_j_of_units(scores, levels=[1, 2, 3, 4, 5])
        assert np.isnan(units[::5]).all()
        assert np.nanmean(units) == pytest.approx(rwg_j(scores, levels=[1, 2, 3, 4, 5]).value)
