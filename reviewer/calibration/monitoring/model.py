"""What a snapshot says, as values; their JSON is what the store keeps.

Invariant: no share and no mean stands in a table without its n and its interval beside it; a null
cell is a value that could not be told, and the table's note says why.
"""

from dataclasses import dataclass
from functools import cache

from pydantic import TypeAdapter

Cell = str | int | float | None

WAIVERS = "waivers"
"""The table that holds people's own words: an erasure looks for them there."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: `name` is that of its file, `title` the question that it answers.

    `note`: how it was made, or why it has no rows.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""

    def column(self, name: str) -> tuple[Cell, ...]:
        """The cells of one column."""
        at = self.columns.index(name)
        return tuple(row[at] for row in self.rows)


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to look at: what was found, what to do, and the rows of `table` behind it."""

    about: str
    sentence: str
    proposal: str
    table: str
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The reviews of one credential at `made_at` (ISO 8601, UTC); days are those of `time_zone`."""

    credential: str
    title: str
    made_at: str
    time_zone: str
    works: int
    headline: str
    tables: tuple[Table, ...]
    alerts: tuple[Alert, ...]

    def table(self, name: str) -> Table | None:
        """The table of that name."""
        return next((one for one in self.tables if one.name == name), None)


@cache
def _adapter() -> "TypeAdapter[Snapshot]":
    return TypeAdapter(Snapshot)


def snapshot_json(snapshot: Snapshot) -> str:
    """The snapshot as JSON text; `read_snapshot` gives it back."""
    return _adapter().dump_json(snapshot).decode()


def read_snapshot(text: str) -> Snapshot:
    """The snapshot that `snapshot_json` wrote."""
    return _adapter().validate_json(text)
