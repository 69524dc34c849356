"""How far two people agree on ASAP set 7: the ceiling that an engine is held to, in one report.

Invariant: the report is that of `reviewer calibrate`; nothing is computed here.
"""

import hashlib
from pathlib import Path

from rich.console import Console
from rich.table import Table

from eval.tables import asap7_table

NAME = "human_ceiling"
HELP = "agreement of two people on four traits of ASAP set 7, by the calibration report"
BENCH = False

PUBLISHED = {"ideas": 0.69, "organization": 0.58, "style": 0.54, "conventions": 0.57}
"""QWK of the two raters as the data folder's README states it."""


def run(data: Path | None, out: Console) -> dict[str, float]:
    """QWK and exact agreement per trait, with intervals, beside what is known of the set."""
    from reviewer.calibration.ratings import make_ratings, read_table
    from reviewer.calibration.report import Options, calibrate
    from reviewer.calibration.report.wording import with_interval

    table = asap7_table(data)
    ratings = make_ratings(read_table(table, "asap7.csv"), "asap7.csv")
    report = calibrate(ratings, "asap7.csv", hashlib.sha256(table).hexdigest(), Options())
    out.print(report.headline)
    shown = Table()
    for column in ("trait", "n", "QWK", "as stated", "exact"):
        shown.add_column(column)
    figures = {}
    for part in report.slices:
        people = part.comparisons[0]
        qwk = people.statistics["cohen_kappa.quadratic"]
        exact = people.statistics["percent_agreement"]
        stated = PUBLISHED.get(part.name)
        shown.add_row(
            part.name, f"{people.units:,}", with_interval(qwk), f"{stated:.2f}" if stated else "",
            with_interval(exact, percent=True),
        )  # fmt: skip
        figures[f"{part.name}_qwk"] = qwk.value or 0.0
        figures[f"{part.name}_exact"] = exact.value or 0.0
    out.print(shown)
    return figures
