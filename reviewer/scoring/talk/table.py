"""Labelled talk, read from a CSV table.

Invariant: what is wrong is refused with its row; what is left out is counted.
"""

from pathlib import Path

from reviewer.errors import TableError
from reviewer.scoring.csv_rows import csv_rows
from reviewer.scoring.talk.fit import Lesson
from reviewer.scoring.talk.lines import Line, Role

COLUMNS = ("lesson", "role", "sentence", "move")


def read_talk(path: Path) -> tuple[tuple[Lesson, ...], int]:
    """The lessons of a CSV with columns lesson, role, sentence, move and, if known, turn.

    Rows of a lesson stand in the order in which they were said. A row without a move is context
    alone. Without the column turn, a turn ends where the role changes. The number is that of the
    rows without a sentence, which are left out. Raises `TableError`.
    """
    lessons: dict[str, list[tuple[Line, str | None]]] = {}
    empty = 0
    for row, cells in csv_rows(path, COLUMNS):
        name, text = cells["lesson"].strip(), cells["sentence"].strip()
        if not name:
            raise TableError(f"{path.name}, row {row}: the column lesson is empty; name it.")
        if not text:
            empty += 1
            continue
        own = lessons.setdefault(name, [])
        role = _role(path, row, cells["role"])
        turn = _turn(path, row, cells, own[-1][0] if own else None, role)
        own.append((Line(role, turn, text), cells["move"].strip() or None))
    made = tuple(
        Lesson(name, tuple(line for line, _ in own), tuple(move for _, move in own))
        for name, own in lessons.items()
    )
    return made, empty


def _role(path: Path, row: int, text: str) -> Role:
    try:
        return Role(text.strip().lower())
    except ValueError:
        raise TableError(
            f"{path.name}, row {row}: the role {text.strip()!r} is neither teacher nor pupil; "
            "write one of the two."
        ) from None


def _turn(path: Path, row: int, cells: dict[str, str], before: Line | None, role: Role) -> int:
    given = (cells.get("turn") or "").strip()
    if given:
        if not given.isdecimal():
            raise TableError(
                f"{path.name}, row {row}: the turn {given!r} is no whole number; number the turns "
                "of a lesson, or leave the column out."
            )
        return int(given)
    if before is None:
        return 0
    return before.turn + (before.role is not role)
