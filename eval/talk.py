"""Talk of mathematics lessons as rows in order, each with what was said before it.

Invariant: nothing that comes after a sentence is among its features; who speaks is told from the
kind of its code, since names of speakers are not.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from eval.study import need

TEACHER, PUPIL = "T", "S"
MOVES = {TEACHER: (1, 2, 3, 4, 5, 8, 9), PUPIL: (1, 2, 3, 4, 5)}
"""Codes that count; 6 is retired, 7 is put on the pupil's sentence that a teacher refers to."""

LOOK_BACK = 12  # rows in which a sentence of the other party is looked for
OTHERS = 5  # of these, as many of the latest
_TWINS = re.compile(r"(Models to Compare Fractions) 2$")  # the same text as "… 1"
_WORD = re.compile(r"[a-z0-9']+")


@dataclass(frozen=True, eq=False)
class Talk:
    """Rows of all lessons in order.

    ``texts``, ``before`` (sentence before, with its speaker in front) and ``answered`` (the last of
    the other party) have one text a row; ``code`` is the move, 0 where the row has none that
    counts; ``role`` is T or S; ``lessons`` the lesson, twins under one name; ``places`` has shape
    (rows, features); ``teachers_last`` is the row of the teacher's last sentence, -1 where none.
    """

    texts: list[str]
    before: list[str]
    answered: list[str]
    role: NDArray[np.str_]
    code: NDArray[np.int64]
    lessons: NDArray[np.str_]
    places: NDArray[np.float32]
    teachers_last: NDArray[np.int64]


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
    texts = [str(one) for one in table["sentence"]]
    lessons = table["lesson"].to_numpy(dtype="str")
    turns = table["turn"].to_numpy()
    before, answered, places, last = _context(texts, role, lessons, turns)
    return Talk(texts, before, answered, role, np.where(counts, code, 0), lessons, places, last)


def _context(
    texts: list[str], role: NDArray[np.str_], lessons: NDArray[np.str_], turns: NDArray[np.int64]
) -> tuple[list[str], list[str], NDArray[np.float32], NDArray[np.int64]]:
    words = [_WORD.findall(text.lower()) for text in texts]
    before, answered, places = [], [], []
    last = np.full(len(texts), -1)
    start = 0
    for at in range(len(texts)):
        if at and lessons[at] != lessons[at - 1]:
            start = at
        if at > start:
            last[at] = at - 1 if role[at - 1] == TEACHER else last[at - 1]
        rows = range(at - 1, max(start, at - LOOK_BACK) - 1, -1)
        others = [row for row in rows if role[row] != role[at]][:OTHERS]
        fellows = [row for row in rows if role[row] == role[at] and turns[row] != turns[at]]
        before.append(f"by{role[at - 1]} {texts[at - 1]}" if at > start else "")
        answered.append(texts[others[0]] if others else "")
        places.append(
            [
                *_echo(words, at, others),
                *_echo(words, at, fellows[:OTHERS]),
                *_previous(texts, words, role, turns, at, start),
                *_own(texts[at], words[at]),
            ]
        )
    return before, answered, np.array(places, dtype="float32"), last


def _own(text: str, words: list[str]) -> list[float]:
    asks, number = text.rstrip().endswith("?"), bool(re.search(r"\d", text))
    return [min(len(words), 40) / 20, float(len(words) == 1), float(asks), float(number)]


def _previous(
    texts: list[str],
    words: list[list[str]],
    role: NDArray[np.str_],
    turns: NDArray[np.int64],
    at: int,
    start: int,
) -> list[float]:
    """Who spoke before, and how much of that is said again."""
    if at == start:
        return [0.0] * 8
    shared = _shared(words[at], words[at - 1])
    return [
        *shared[:3],
        float(role[at - 1] == TEACHER),
        float(role[at - 1] == role[at]),
        float(turns[at - 1] == turns[at]),
        float(texts[at - 1].rstrip().endswith("?")),
        float(at - 2 >= start and role[at - 2] == PUPIL),
    ]


def _echo(words: list[list[str]], at: int, others: list[int]) -> list[float]:
    """How much of what was said in the rows `others` is said again."""
    if not others:
        return [0.0] * 10
    own = set(words[at])
    said = [_shared(words[at], words[row]) for row in others]
    pool = set().union(*(words[row] for row in others))
    return [
        *said[0],
        len(own & pool) / max(1, len(own)),
        max(one[0] for one in said),
        max(one[3] for one in said),
        (at - others[0]) / LOOK_BACK,
        len(words[others[0]]) / 20,
        1.0,
    ]


def _shared(own: list[str], other: list[str]) -> list[float]:
    """Share of each side's words that both have; whether equal; whether `own` is inside."""
    mine, theirs = set(own), set(other)
    both = len(mine & theirs)
    inside = " ".join(own) in " ".join(other)
    return [
        both / max(1, len(mine)),
        both / max(1, len(theirs)),
        float(own == other),
        float(inside),
    ]
