"""Talk as lines in order, and what was said before each of them.

Invariant: nothing that comes after a line is part of its context, and nothing of another lesson.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

LOOK_BACK = 12  # lines in which something by the other side is looked for
OTHERS = 5  # of these, as many of the latest
FULL = 40  # words of a line from which longer ones count alike
PLACES = 32  # numbers of a line's context

_WORD = re.compile(r"[a-z0-9']+")
_ECHO, _PREVIOUS = 10, 8  # numbers that each part of the context has

Numbers32 = NDArray[np.float32]


class Role(StrEnum):
    """Who speaks."""

    TEACHER = "teacher"
    PUPIL = "pupil"


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence that was said; lines of one `turn` were said without another speaking."""

    role: Role
    turn: int
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """What was said before each line of a lesson, one entry a line.

    `before` is the line before, with who said it as its first word; `answered` the last line of the
    other side; `places` (lines, PLACES) says how much of the lines before is said again, and what
    they were; `teachers_last` is the number of the teacher's last line, -1 where there is none.
    """

    before: list[str]
    answered: list[str]
    places: Numbers32
    teachers_last: list[int]


def context_of(lines: Sequence[Line]) -> Context:
    """The context of the lines of one lesson."""
    words = [_WORD.findall(line.text.lower()) for line in lines]
    before: list[str] = []
    answered: list[str] = []
    places: list[list[float]] = []
    last: list[int] = []
    for at, line in enumerate(lines):
        earlier = range(at - 1, max(0, at - LOOK_BACK) - 1, -1)
        others = [one for one in earlier if lines[one].role is not line.role][:OTHERS]
        fellows = [
            one for one in earlier if lines[one].role is line.role and lines[one].turn != line.turn
        ][:OTHERS]
        before.append(f"by{lines[at - 1].role} {lines[at - 1].text}" if at else "")
        answered.append(lines[others[0]].text if others else "")
        last.append(_teachers(lines, last, at))
        places.append(
            [
                *_echo(words, at, others),
                *_echo(words, at, fellows),
                *_previous(lines, words, at),
                *_own(line.text, words[at]),
            ]
        )
    made = np.array(places, dtype=np.float32).reshape(len(lines), PLACES)
    return Context(before, answered, made, last)


def _teachers(lines: Sequence[Line], last: Sequence[int], at: int) -> int:
    if at == 0:
        return -1
    return at - 1 if lines[at - 1].role is Role.TEACHER else last[at - 1]


def _own(text: str, words: Sequence[str]) -> list[float]:
    asks, number = text.rstrip().endswith("?"), bool(re.search(r"\d", text))
    return [min(len(words), FULL) / 20, float(len(words) == 1), float(asks), float(number)]


def _previous(lines: Sequence[Line], words: Sequence[Sequence[str]], at: int) -> list[float]:
    """Who spoke before, and how much of that is said again."""
    if at == 0:
        return [0.0] * _PREVIOUS
    line, one = lines[at], lines[at - 1]
    return [
        *_shared(words[at], words[at - 1])[:3],
        float(one.role is Role.TEACHER),
        float(one.role is line.role),
        float(one.turn == line.turn),
        float(one.text.rstrip().endswith("?")),
        float(at > 1 and lines[at - 2].role is Role.PUPIL),
    ]


def _echo(words: Sequence[Sequence[str]], at: int, others: Sequence[int]) -> list[float]:
    """How much of what was said in the lines `others` is said again."""
    if not others:
        return [0.0] * _ECHO
    own = set(words[at])
    said = [_shared(words[at], words[one]) for one in others]
    pool = {word for one in others for word in words[one]}
    return [
        *said[0],
        len(own & pool) / max(1, len(own)),
        max(one[0] for one in said),
        max(one[3] for one in said),
        (at - others[0]) / LOOK_BACK,
        len(words[others[0]]) / 20,
        1.0,
    ]


def _shared(own: Sequence[str], other: Sequence[str]) -> list[float]:
    """Share of each side's words that both have; whether equal; whether `own` is inside."""
    mine, theirs = set(own), set(other)
    both = len(mine & theirs)
    inside = f" {' '.join(own)} " in f" {' '.join(other)} "
    return [
        both / max(1, len(mine)),
        both / max(1, len(theirs)),
        float(list(own) == list(other)),
        float(inside),
    ]
