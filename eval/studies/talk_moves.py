"""Talk moves of teachers and pupils from the words of a lesson, beside the floor.

Invariant: lessons are split in two halves with a seed; every choice (penalty, weights, which
features) was made inside the first half, and every figure is of the second. A sentence is told from
itself and from what was said before it, never from what comes after.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from eval.coding import (
    Rows,
    Told,
    boosted,
    decided,
    letters,
    logistic,
    macro_f1,
    side_by_side,
    spread,
    tell,
    words,
)
from eval.talk import MOVES, PUPIL, TEACHER, Talk, talk

NAME = "talk_moves"
HELP = "talk moves of mathematics lessons: macro-F1 of teacher and pupils on unseen lessons"
BENCH = False

SEED = 0
ALPHA = 5e-6  # penalty of the logistic models
BEFORE = 0.5  # weight of the words of the sentence before
ASKED = {TEACHER: "≥ .70", PUPIL: "≥ .70"}
PUBLISHED = {TEACHER: ".793", PUPIL: "-"}  # on another part of the corpus
NAMES = {TEACHER: "teacher", PUPIL: "pupils"}


def run(data: Path | None, out: Console, most_lessons: int | None = None) -> dict[str, float]:
    """Both kinds of speakers; raises `Skipped` where the data are absent."""
    one = talk(data, most_lessons)
    first = _first_half(one)
    table = Table(title=f"{len(np.unique(one.lessons)):,} lessons, told on the half not fitted on")
    for column in ("who", "sentences", "floor: tf-idf", "model", "asked", "published"):
        table.add_column(column)
    figures: dict[str, float] = {}
    teachers = _teacher(one, first)
    for role, told in ((TEACHER, teachers), (PUPIL, _pupils(one, first, teachers))):
        fitted, held = _rows(one, role, first)
        floor = macro_f1(one.code[held], _floor(one, fitted, held))
        ours = decided(told, one.code, len(fitted))
        reached = macro_f1(one.code[held], ours)
        table.add_row(
            NAMES[role],
            f"{len(held):,}",
            f"{floor:.3f}",
            f"{reached:.3f}",
            ASKED[role],
            PUBLISHED[role],
        )
        out.print(f"{NAMES[role]}: F1 by code {_by_code(one.code[held], ours, MOVES[role])}")
        figures |= {
            f"{NAMES[role]}_floor_macro_f1": floor,
            f"{NAMES[role]}_macro_f1": reached,
        }
    out.print(table)
    return figures


def _first_half(one: Talk) -> NDArray[np.bool_]:
    names = np.unique(one.lessons)
    order = np.random.default_rng(SEED).permutation(len(names))
    return np.isin(one.lessons, names[order[: len(names) // 2]])


def _rows(one: Talk, role: str, first: NDArray[np.bool_]) -> tuple[Rows, Rows]:
    own = (one.role == role) & (one.code > 0)
    return np.flatnonzero(own & first), np.flatnonzero(own & ~first)


def _floor(one: Talk, fitted: Rows, held: Rows) -> NDArray[Any]:
    """tf-idf of the sentence and of the one before, and one logistic regression a code."""
    seen = side_by_side(words(one.texts, fitted, 2), words(one.before, fitted, 2))
    model = logistic(ALPHA)().fit(seen[fitted], one.code[fitted])
    return np.asarray(model.predict(seen[held]))


def _teacher(one: Talk, first: NDArray[np.bool_]) -> Told:
    """Words of the sentence and the one before, and how much of a pupil's sentence is repeated."""
    fitted, held = _rows(one, TEACHER, first)

    def features(rows: Rows) -> Any:
        said = words(one.texts, rows, 3)
        return side_by_side(said, words(one.before, rows, 2, BEFORE), one.places)

    return tell(logistic(ALPHA), features, one.code, one.lessons, fitted, held)


def _pupils(one: Talk, first: NDArray[np.bool_], teachers: Told) -> Told:
    """As for teachers, with letters, the teacher's last sentence and what move that was told to be.

    A second model, of trees, sees what the first told of this and the two sentences before.
    """
    fitted, held = _rows(one, PUPIL, first)
    asked = spread(teachers, len(one.texts))[one.teachers_last]
    asked[one.teachers_last < 0] = 0.0

    def features(rows: Rows) -> Any:
        said = (words(one.texts, rows, 3), letters(one.texts, rows))
        context = (words(one.before, rows, 2, BEFORE), words(one.answered, rows, 2, BEFORE))
        return side_by_side(*said, *context, one.places, asked)

    once = tell(logistic(ALPHA), features, one.code, one.lessons, fitted, held)
    own = spread(once, len(one.texts))
    earlier = [_shifted(own, one, back) for back in (1, 2)]
    seen = np.hstack([own, *earlier, asked, one.places])
    return tell(boosted, lambda _: seen, one.code, one.lessons, fitted, held)


def _shifted(values: NDArray[np.float64], one: Talk, back: int) -> NDArray[np.float64]:
    """What was told of the row so many before, in the same lesson; 0 where there is none."""
    moved = np.zeros_like(values)
    moved[back:] = values[:-back]
    moved[back:][one.lessons[back:] != one.lessons[:-back]] = 0.0
    return moved


def _by_code(truth: NDArray[Any], told: NDArray[Any], codes: tuple[int, ...]) -> str:
    from sklearn.metrics import f1_score

    each = f1_score(truth, told, labels=codes, average=None, zero_division=0.0)
    return ", ".join(f"{code}: {value:.2f}" for code, value in zip(codes, each, strict=True))
