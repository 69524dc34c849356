"""All ratings as one long table: one row a rating, engines beside people, as CSV or Parquet.

Invariant: the columns are those of the calibration harness. A text that a spreadsheet would take
for a formula begins with an apostrophe in the CSV (Parquet keeps it as it is).
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reviewer.export.tables import table_csv

COLUMNS = (
    "submission",
    "attempt",
    "candidate",
    "element",
    "rater",
    "rater_type",
    "score",
    "phase",
    "aid",
    "timestamp",
    "rubric_version",
    "engine_version",
    "credential",
    "not_observable",
    "confidence",
    "active_s",
)


@dataclass(frozen=True, slots=True)
class RatingRow:
    """One row; `score` is null where the rater found the element not observable.

    `timestamp` is null for an engine's draft, `confidence` (probability of the drafted level) for a
    person's rating; `engine_version` of a person's rating is that of the draft they had seen.
    `active_s` are the seconds that the rater was active on the element with this aid, on the first
    of their ratings with it; null elsewhere.
    """

    submission: str
    attempt: int
    candidate: str
    element: str
    rater: str
    rater_type: str
    score: float | None
    phase: str
    aid: str
    timestamp: datetime | None
    rubric_version: str
    engine_version: str | None
    credential: str
    not_observable: bool
    confidence: float | None = None
    active_s: float | None = None


def ratings_csv(rows: Sequence[RatingRow]) -> bytes:
    """RFC 4180 in UTF-8 with a header; an empty cell is a null."""
    return table_csv(COLUMNS, ([getattr(row, name) for name in COLUMNS] for row in rows))


def ratings_parquet(rows: Sequence[RatingRow]) -> bytes:
    """The same table with types, as one Parquet file."""
    import pyarrow as pa  # a tenth of a second to import, and needed only here
    import pyarrow.parquet as pq

    text, number = pa.string(), pa.float64()
    kinds = {
        "attempt": pa.int32(),
        "score": number,
        "confidence": number,
        "active_s": number,
        "timestamp": pa.timestamp("us", tz="UTC"),
        "not_observable": pa.bool_(),
    }
    schema = pa.schema([(name, kinds.get(name, text)) for name in COLUMNS])
    columns = {name: [getattr(row, name) for row in rows] for name in COLUMNS}
    out = io.BytesIO()
    pq.write_table(pa.table(columns, schema=schema), out)
    return out.getvalue()
