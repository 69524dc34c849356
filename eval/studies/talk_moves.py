"""Talk moves of teachers and pupils from the words of a lesson, beside the floor.

Invariant: lessons are split with a seed; every choice (penalty, weights, which features) was made
inside the first half of them, and every figure is of a fifth of them that is part of the other. A
sentence is told from itself and from what was said before it, never from what comes after.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from eval.coding import (
    Floats,
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
from reviewer.scoring.talk.fit import fit_moves
from reviewer.scoring.talk.lines import Role

NAME = "talk_moves"
HELP = "talk moves of mathematics lessons: macro-F1 of teacher and pupils on unseen lessons"
BENCH = False

SEED = 0
HELD = 0.2  # share of the lessons that figures are of
ALPHA = 5e-6  # penalty of the logistic models
BEFORE = 0.5  # weight of the words said before
EARLIER = (1, 2)  # sentences before, of which it counts what they were told to be
ASKED = "≥ .70"
PUBLISHED = {TEACHER: ".793", PUPIL: "-"}  # on another part of the corpus
NAMES = {TEACHER: "teacher", PUPIL: "pupils"}


@dataclass(frozen=True, eq=False)
class Split:
    """The rows that are fitted on and the rows that figures are of, for one role."""

    fitted: Rows
    held: Rows

    @property
    def both(self) -> Rows:
        """The fitted ones first."""
        return np.concatenate([self.fitted, self.held])


def run(data: Path | None, out: Console, most_lessons: int | None = None) -> dict[str, float]:
    """Both kinds of speakers; raises `Skipped` where the data are absent."""
    one = talk(data, most_lessons)
    held = _held(one)
    splits = {role: _rows(one, role, held) for role in (TEACHER, PUPIL)}
    shipped = _as_fitted_by_an_issuer(one, held)
    table = Table(title=f"{len(np.unique(one.lessons[held])):,} lessons that were not fitted on")
    for column in ("who", "sentences", "floor", "fit-moves", "two tellings", "asked", "published"):
        table.add_column(column)
    figures: dict[str, float] = {}
    once = {role: _once(one, role, splits[role]) for role in splits}
    for role, own in splits.items():
        truth, name = one.code[own.held], NAMES[role]
        twice = decided(_again(one, role, own, once), one.code, len(own.fitted))
        reached = [macro_f1(truth, each) for each in (_floor(one, own), shipped[own.held], twice)]
        cells = [f"{value:.3f}" for value in reached]
        table.add_row(name, f"{len(truth):,}", *cells, ASKED, PUBLISHED[role])
        out.print(f"{name}: F1 by code {_by_code(truth, twice, MOVES[role])}")
        for kind, value in zip(("floor_", "fit_moves_", ""), reached, strict=True):
            figures[f"{name}_{kind}macro_f1"] = value
    out.print(table)
    return figures


def _held(one: Talk) -> NDArray[np.bool_]:
    names = np.unique(one.lessons)
    order = np.random.default_rng(SEED).permutation(len(names))
    return np.isin(one.lessons, names[order[round(len(names) * (1 - HELD)) :]])


def _rows(one: Talk, role: Role, held: NDArray[np.bool_]) -> Split:
    own = (one.role == role) & (one.code > 0)
    return Split(np.flatnonzero(own & ~held), np.flatnonzero(own & held))


def _floor(one: Talk, own: Split) -> NDArray[Any]:
    """tf-idf of the sentence and of the one before, and one logistic regression a code."""
    rows = np.arange(len(own.fitted))
    seen = side_by_side(*(words(_of(kind, own.both), rows, 2) for kind in (one.texts, one.before)))
    model = logistic(ALPHA)().fit(seen[rows], one.code[own.fitted])
    return np.asarray(model.predict(seen[len(rows) :]))


def _as_fitted_by_an_issuer(one: Talk, held: NDArray[np.bool_]) -> NDArray[np.int64]:
    """What `reviewer fit-moves` learns and tells: the code of each row that is held out."""
    lessons = one.labelled()
    moves = fit_moves([lesson for lesson, rows in lessons if not held[rows.start]])
    codes = np.array([int(name.rsplit(" ", 1)[1]) for name in moves.names])
    told = np.zeros(len(held), dtype=np.int64)
    for lesson, rows in lessons:
        if held[rows.start]:
            told[list(rows)] = codes[moves.probabilities(lesson.lines).argmax(axis=1)]
    return told


def _once(one: Talk, role: Role, own: Split) -> Told:
    """By words of the sentence, of the one before and of the last of the other side, and places.

    Letters help where sentences are short, as those of pupils are.
    """
    both = own.both

    def features(rows: Rows) -> Any:
        texts = _of(one.texts, both)
        said = [words(texts, rows, 3)] + ([letters(texts, rows)] if role is PUPIL else [])
        context = [words(_of(kind, both), rows, 2, BEFORE) for kind in (one.before, one.answered)]
        return side_by_side(*said, *context, one.places[both])

    return _told(one, own, logistic(ALPHA), features)


def _again(one: Talk, role: Role, own: Split, once: dict[Role, Told]) -> Told:
    """By trees, which see what this, the sentences before and the teacher's last were told to be.

    Tried inside the first half: see docs/decisions/0211.
    """
    told = np.hstack([spread(once[each], len(one.lines)) for each in (TEACHER, PUPIL)])
    asked = told[one.teachers_last]
    asked[one.teachers_last < 0] = 0.0
    mine = spread(once[role], len(one.lines))
    earlier = [_shifted(told, one, back) for back in EARLIER]
    seen = np.hstack([mine, *earlier, asked, one.places])[own.both]
    return _told(one, own, boosted, lambda _: seen)


def _told(one: Talk, own: Split, model: Callable[[], Any], features: Callable[[Rows], Any]) -> Told:
    """`features` gives a matrix of the role's rows, with vocabularies of some of these."""
    both, count = own.both, len(own.fitted)
    places = np.arange(len(both))
    codes, lessons = one.code[both], one.lessons[both]
    made = tell(model, features, codes, lessons, places[:count], places[count:])
    return replace(made, rows=both[made.rows])


def _of(texts: list[str], rows: Rows) -> list[str]:
    return [texts[row] for row in rows]


def _shifted(values: Floats, one: Talk, back: int) -> Floats:
    """What was told of the row so many before, in the same lesson; 0 where there is none."""
    moved = np.zeros_like(values)
    moved[back:] = values[:-back]
    moved[back:][one.lessons[back:] != one.lessons[:-back]] = 0.0
    return moved


def _by_code(truth: NDArray[Any], told: NDArray[Any], codes: tuple[int, ...]) -> str:
    from sklearn.metrics import f1_score

    each = f1_score(truth, told, labels=codes, average=None, zero_division=0.0)
    return ", ".join(f"{code}: {value:.2f}" for code, value in zip(codes, each, strict=True))
