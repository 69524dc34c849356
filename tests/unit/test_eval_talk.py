"""Rows of talk with what was said before them, and small models told by folds."""

import gzip
from pathlib import Path

import numpy as np

from eval.coding import Told, decided, evened, interval, macro_f1, mean_of, spread
from eval.talk import PUPIL, TEACHER, talk

HEADER = "lesson,turn,sentence,teacher_move,student_move\n"
LESSON = (
    "one,1,What is half of eight?,8,\n"
    "one,2,Four.,,4\n"
    "one,3,Four.,4,\n"
    "one,4,Because four and four make eight.,,5\n"
    "one,5,Mark that.,6,\n"
)


def written(folder: Path, rows: str) -> Path:
    (folder / "talkmoves").mkdir(parents=True)
    with gzip.open(folder / "talkmoves" / "dev.csv.gz", "wt", encoding="utf-8") as table:
        table.write(HEADER + rows)
    return folder


def test_who_speaks_is_told_from_the_kind_of_code(tmp_path: Path) -> None:
    one = talk(written(tmp_path, LESSON))
    assert one.role.tolist() == [TEACHER, PUPIL, TEACHER, PUPIL, TEACHER]
    assert one.code.tolist() == [8, 4, 4, 5, 0], "a retired code does not count"
    assert one.before[1] == "byteacher What is half of eight?"
    assert one.answered[2] == "Four."
    assert one.teachers_last.tolist() == [-1, 0, 0, 2, 2]


def test_nothing_that_comes_after_is_among_the_features(tmp_path: Path) -> None:
    short = talk(written(tmp_path / "short", LESSON))
    longer = talk(written(tmp_path / "longer", LESSON + "one,6,And four is half of eight.,1,\n"))
    assert np.array_equal(short.places, longer.places[:-1])


def test_a_lesson_knows_nothing_of_the_one_before(tmp_path: Path) -> None:
    both = talk(written(tmp_path, LESSON + LESSON.replace("one,", "two,")))
    assert both.before[5] == ""
    assert np.array_equal(both.places[:5], both.places[5:])


def test_the_same_lesson_under_two_names_is_one(tmp_path: Path) -> None:
    name = "Models to Compare Fractions"
    rows = LESSON.replace("one,", f"{name} 1,") + LESSON.replace("one,", f"{name} 2,")
    assert set(talk(written(tmp_path, rows)).lessons) == {f"{name} 1"}


def test_rare_codes_are_evened_out_on_the_fitted_rows_alone() -> None:
    truth = np.array([1, 1, 1, 1, 2, 1, 2])
    sure = np.array([[0.9, 0.1]] * 4 + [[0.6, 0.4], [0.7, 0.3], [0.6, 0.4]])
    told = Told(np.arange(7), np.array([1, 2]), sure)
    factors, reached = evened(told, truth, fitted=5)
    assert reached == 1.0
    assert factors[1] > factors[0]
    assert decided(told, truth, fitted=5).tolist() == [1, 2]
    assert spread(told, 8)[7].tolist() == [0.0, 0.0]


def test_macro_f1_counts_each_code_that_occurs_alike() -> None:
    assert macro_f1(np.array([1, 1, 2]), np.array([1, 1, 1])) == 0.4


def test_the_interval_draws_whole_groups_and_lies_around_the_figure() -> None:
    draw = np.random.default_rng(0)
    truth = draw.integers(0, 3, 300)
    told = np.where(draw.random(300) < 0.7, truth, draw.integers(0, 3, 300))
    alone = np.array([f"g{at:03}" for at in range(300)])
    low, high = interval(truth, told, alone)
    assert low < macro_f1(truth, told) < high
    assert interval(truth, truth, alone) == (1.0, 1.0)
    # The same sentences twice over tell no more, if both are drawn together.
    twice = interval(np.tile(truth, 2), np.tile(told, 2), np.tile(alone, 2))
    assert twice == (low, high)


def test_two_tellings_have_their_mean() -> None:
    one, other = (
        Told(np.arange(1), np.array([1, 2]), np.array([[share, 1 - share]])) for share in (0, 0.5)
    )
    assert mean_of([one, other]).probabilities.tolist() == [[0.25, 0.75]]


def test_a_lesson_is_handed_to_an_issuers_fit_with_its_rows_and_codes(tmp_path: Path) -> None:
    one = talk(written(tmp_path, LESSON + LESSON.replace("one,", "two,")))
    (first, rows), (second, others) = one.labelled()
    assert (first.name, second.name) == ("one", "two")
    assert (list(rows), list(others)) == ([0, 1, 2, 3, 4], [5, 6, 7, 8, 9])
    assert first.moves == ("8", "4", "4", "5", None)
