"""Talk of mathematics lessons as rows in order, each with what was said before it.

Invariant: nothing that comes after a sentence is among its features, which are those that
`reviewer fit-moves` reads; who speaks is told from the kind of its code, since names are not.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from eval.study import need
from reviewer.scoring.talk.fit import Lesson
from reviewer.scoring.talk.lines import Line, Numbers32, Role, context_of

TEACHER, PUPIL = Role.TEACHER, Role.PUPIL
MOVES = {TEACHER: (1, 2, 3, 4, 5, 8, 9), PUPIL: (1, 2, 3, 4, 5)}
"""Codes that count; 6 is retired, 7 is put on the pupil's sentence that a teacher refers to."""

_TWINS = re.compile(r"(Models to Compare Fractions) 2$")  # the same text as "… 1"


@dataclass(frozen=True, eq=False)
class Talk:
    """Rows of all lessons in order.

    ``lines`` has one a row, and so have ``before``, ``answered`` and ``places`` (see
    `reviewer.scoring.talk.lines`); ``code`` is the move, 0 where the row has none that counts;
    ``role`` who speaks; ``lessons`` the lesson, twins under one name; ``teachers_last`` is the row
    of the teacher's last sentence, -1 where none.
    """

    lines: list[Line]
    before: list[str]
    answered: list[str]
    role: NDArray[np.str_]
    code: NDArray[np.int64]
    lessons: NDArray[np.str_]
    places: Numbers32
    teachers_last: NDArray[np.int64]

    @property
    def texts(self) -> list[str]:
        """What was said, one text a row."""
        return [line.text for line in self.lines]

    def labelled(self) -> list[tuple[Lesson, range]]:
        """Each lesson as `reviewer fit-moves` takes it, with its rows; codes are its moves."""
        made = []
        for rows in _blocks(self.lessons):
            moves = tuple(str(code) if code else None for code in self.code[rows.start : rows.stop])
            own = tuple(self.lines[rows.start : rows.stop])
            made.append((Lesson(str(self.lessons[rows.start]), own, moves), rows))
        return made


def talk(data: Path | None, most_lessons: int | None = None, seed: int = 0) -> Talk:
    """The released lessons, or `most_lessons` drawn with `seed`; raises `Skipped`."""
    table = pd.read_csv(need(data, "talkmoves", "dev.csv.gz"), low_memory=False)
    table["lesson"] = table["lesson"].map(lambda name: _TWINS.sub(r"\1 1", str(name)))
    if most_lessons is not None:
        names = sorted(table["lesson"].unique())
        drawn = np.random.default_rng(seed).permutation(len(names))[:most_lessons]
        table = table[table["lesson"].isin([names[at] for at in drawn])]
    table = table[table["sentence"].notna()]
    table = table[table["student_move"].notna() | table["teacher_move"].notna()]
    pupil = table["student_move"].notna().to_numpy()
    role = np.where(pupil, PUPIL, TEACHER)
    code = np.where(pupil, table["student_move"], table["teacher_move"]).astype("int64")
    counts = np.where(pupil, np.isin(code, MOVES[PUPIL]), np.isin(code, MOVES[TEACHER]))
    turns, _ = pd.factorize(table["turn"])  # whole numbers in some lessons, words in others
    lines = [
        Line(Role(one), int(turn), str(text))
        for one, turn, text in zip(role, turns, table["sentence"], strict=True)
    ]
    lessons = table["lesson"].to_numpy(dtype="str")
    return _with_context(lines, role, np.where(counts, code, 0), lessons)


def _with_context(
    lines: list[Line],
    role: NDArray[np.str_],
    code: NDArray[np.int64],
    lessons: NDArray[np.str_],
) -> Talk:
    before: list[str] = []
    answered: list[str] = []
    places: list[Numbers32] = []
    last: list[int] = []
    for rows in _blocks(lessons):
        own = context_of(lines[rows.start : rows.stop])
        before += own.before
        answered += own.answered
        places.append(own.places)
        last += [-1 if one < 0 else rows.start + one for one in own.teachers_last]
    return Talk(lines, before, answered, role, code, lessons, np.vstack(places), np.array(last))


def _blocks(lessons: NDArray[np.str_]) -> list[range]:
    """The rows of each lesson, which stand together."""
    changes = np.flatnonzero(lessons[1:] != lessons[:-1]) + 1
    edges = [0, *changes.tolist(), len(lessons)]
    return [range(start, end) for start, end in pairwise(edges)]
