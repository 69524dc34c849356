"""Tables of a snapshot as a page shows them: a value with its interval and n in one cell.

Invariant: nothing is shown that is not in the table, and no share or figure without its interval.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from reviewer.calibration.monitoring import Alert, Snapshot, Table
from reviewer.calibration.monitoring.model import Cell

HEADINGS = {
    "month": "month",
    "works": "works",
    "median_days": "median days",
    "most_days": "longest, days",
    "in_time": "in time",
    "state": "where",
    "oldest_days": "oldest, days",
    "late": "late",
    "element": "element",
    "n": "n",
    "exact": "exact agreement",
    "qwk": "QWK",
    "rater": "evaluator",
    "fewer_points": "points fewer (−: more)",
    "reading": "reading",
    "difference": "difference, points",
    "pairs": "pairs",
    "flips": "flips",
    "towards_draft": "moved to the draft",
    "correct": "for the better",
    "harmful": "for the worse",
    "overridden": "overridden",
    "most_frequent_reason": "most frequent reason",
    "reason": "reason",
    "adjudicated": "adjudicated",
    "waived": "second score waived",
    "work": "work",
    "day": "day",
    "by": "by",
    "because": "because",
    "attempt": "attempt",
    "awarded": "awarded",
    "resubmission_requested": "resubmission requested",
    "not_awarded": "not awarded",
    "levels_recorded": "levels recorded",
    "open": "open",
    "stack": "stack",
    "members": "members",
    "completed": "completed",
    "begun": "begun",
    "recognizer": "recognizer",
    "for": "for",
    "amount_each": "each",
    "unit": "unit",
    "awards": "awards",
    "total": "total",
}
"""Columns in words; those that end in _n, _low or _high stand in the cell of their value."""

_SHARES = frozenset({"in_time", "exact", "towards_draft", "correct", "harmful", "overridden"})


@dataclass(frozen=True, slots=True)
class Plotted:
    """One line of an interval plot, in percent of its width."""

    name: str
    at: float
    low: float
    high: float
    words: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A table for a page: `plot` has lines where it is one of intervals around nothing."""

    name: str
    title: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    plot: tuple[Plotted, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposed:
    """An alert for a page, with the rows behind it."""

    alert: Alert
    evidence: Shown


def shown(table: Table) -> Shown:
    """The table for a page."""
    columns = tuple(name for name in table.columns if name in HEADINGS)
    places = {name: at for at, name in enumerate(table.columns)}
    rows = tuple(tuple(_cell(row, name, places) for name in columns) for row in table.rows)
    plot = interval_plot(table) if table.name == "severity" else ()
    headings = tuple(HEADINGS[name] for name in columns)
    return Shown(table.name, table.title, table.note, headings, rows, plot)


def proposed(snapshot: Snapshot) -> tuple[Proposed, ...]:
    """The alerts of a snapshot with their rows."""
    made = []
    for alert in snapshot.alerts:
        table = snapshot.table(alert.table)
        assert table is not None
        rows = tuple(table.rows[at] for at in alert.rows)
        part = Table(table.name, table.title, table.columns, rows)
        made.append(Proposed(alert, shown(part)))
    return tuple(made)


def moment(written: str, time_zone: str) -> str:
    """A moment as people of the program say it."""
    local = datetime.fromisoformat(written).astimezone(ZoneInfo(time_zone))
    return f"{local:%B} {local.day}, {local.year}, {local:%H:%M} ({time_zone})"


def _cell(row: Sequence[Cell], name: str, places: dict[str, int]) -> str:
    value = row[places[name]]
    low, high = (row[places[f"{name}_{end}"]] if f"{name}_{end}" in places else None
                 for end in ("low", "high"))  # fmt: skip
    if name in ("fewer_points", "difference"):
        low, high = row[places["low"]], row[places["high"]]
    if value is None:
        return "–"
    if not isinstance(value, int | float):
        return str(value)
    n = f", n = {row[places[f'{name}_n']]:,}" if f"{name}_n" in places else ""
    if not (isinstance(low, int | float) and isinstance(high, int | float)):
        return f"{_number(value, name)}{n}"
    return f"{_number(value, name)} ({_number(low, name)} to {_number(high, name)}){n}"


def _number(value: float, name: str) -> str:
    if name in _SHARES:
        return f"{value * 100:.0f} %"
    if name == "qwk":
        return f"{value:.2f}".replace("-", "−")
    if name in ("fewer_points", "difference"):
        return f"{value:+.2f}".replace("-", "−")
    return f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"


def interval_plot(table: Table) -> tuple[Plotted, ...]:
    """Each rater's points around the mean (the middle), in the order of the table."""
    columns = [table.column(name) for name in ("rater", "fewer_points", "low", "high")]
    lines = [
        (str(rater), value, low, high)
        for rater, value, low, high in zip(*columns, strict=True)
        if isinstance(value, float) and isinstance(low, float) and isinstance(high, float)
    ]
    widest = max((max(abs(low), abs(high)) for _, _, low, high in lines), default=1.0) or 1.0

    def place(points: float) -> float:
        return round(50 + 48 * points / widest, 2)

    return tuple(
        Plotted(
            rater,
            place(value),
            place(low),
            place(high),
            f"{_number(value, 'fewer_points')} ({_number(low, 'fewer_points')} to "
            f"{_number(high, 'fewer_points')})",
        )
        for rater, value, low, high in lines
    )
