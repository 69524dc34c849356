"""Public double-scored sets as the long table that `reviewer calibrate` reads.

Invariant: figures only, never a word of anybody's work; nothing is written but where it was asked.
"""

import csv
import io
from pathlib import Path

from eval.data import ASAP_TRAITS, asap7

HEADER = ("submission", "element", "rater", "rater_type", "score")


def asap7_table(data: Path | None) -> bytes:
    """ASAP set 7: four traits, two raters; CSV in UTF-8. Raises `Skipped` where it is absent."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for number, essay in enumerate(asap7(data), 1):
        for trait in ASAP_TRAITS:
            for rater, scores in (("rater 1", essay.scores), ("rater 2", essay.second)):
                writer.writerow((f"essay {number}", trait, rater, "evaluator", scores[trait]))
    return out.getvalue().encode()


TABLES = {"asap7": asap7_table}
"""Sets by the name that `python -m eval table` knows them by."""
