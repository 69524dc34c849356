"""Rolling displays: recorders that show each row twice, once new and once pushed up.

Invariant: a row is dropped only where the whole file rolls, and only while it stands at the top of
a cue in the order in which it ended the cue before; a speaker who says a thing twice is kept.
"""

from dataclasses import dataclass
from itertools import pairwise

from reviewer.intake.captions.markup import Row

_MOST_ROWS = 4
"""Rows that a display pushes up at once; captions have two or three."""
_TOUCH_MS = 500
"""Cues of one rolling display follow each other within this time."""
_LEAST_PUSHES = 3
_LEAST_SHARE = 0.4
"""A file rolls where at least so many, and at least this share, of its steps push a row up and add
a new one below it. Roll-up captions do so at every step, YouTube's at every other; in a circle in
which everybody answers "Good morning." the repeated row is the whole cue, which is no push."""


@dataclass(frozen=True, slots=True)
class TimedRows:
    """One cue on the way to the transcript: milliseconds and its rows, top first."""

    start_ms: int
    end_ms: int
    identifier: str
    rows: tuple[Row, ...]


def without_repeats(cues: tuple[TimedRows, ...]) -> tuple[TimedRows, ...]:
    """Drop the rows that a rolling display repeats; files that do not roll come back as they are.

    `cues`, at least one, stand in the order of their starts.
    """
    repeats = [0, *(_pushed_up(before, cue) for before, cue in pairwise(cues))]
    pushes = sum(0 < many < len(cue.rows) for many, cue in zip(repeats, cues, strict=True))
    if pushes < _LEAST_PUSHES or pushes < _LEAST_SHARE * (len(cues) - 1):
        return cues
    return tuple(
        TimedRows(cue.start_ms, cue.end_ms, cue.identifier, cue.rows[many:])
        for many, cue in zip(repeats, cues, strict=True)
    )


def _pushed_up(before: TimedRows, cue: TimedRows) -> int:
    """How many rows at the top of `cue` are those at the bottom of `before`."""
    if cue.start_ms - before.end_ms > _TOUCH_MS:
        return 0
    for many in range(min(len(before.rows), len(cue.rows), _MOST_ROWS), 0, -1):
        if before.rows[-many:] == cue.rows[:many]:
            return many
    return 0
