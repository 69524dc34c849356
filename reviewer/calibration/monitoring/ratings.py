"""Tables on ratings: agreement, severity, drift and flips, out of one calibration report.

Invariant: raters stand in the order of their names, never in that of their severity: the table is
no ranking. What the report could not tell is absent, with the report's reason as the note.
"""

from reviewer.calibration.anchoring import ALL
from reviewer.calibration.monitoring.model import Cell, Table
from reviewer.calibration.monitoring.work import share_cells, share_columns
from reviewer.calibration.report.headline import between_people
from reviewer.calibration.report.matrix import QWK
from reviewer.calibration.report.model import OVERALL, Absent, Figure, Report

_SAME = "How far do two people agree, each without help?"
_SEVERE = "Who gives more points than others to the same works, and who fewer?"
_DRIFT = "Does anybody score differently now than before?"
_FLIPS = "What did seeing the draft do to levels that were stored before it?"
NOTHING = "Nobody has rated anything yet."


def rating_tables(report: Report | None) -> tuple[Table, ...]:
    """The four tables; without a report each says why it is empty."""
    return agreement(report), severity(report), drift(report), flips(report)


def agreement(report: Report | None) -> Table:
    """Exact agreement and QWK between people, by element."""
    columns = ("element", "n", *_figure_columns("exact"), *_figure_columns("qwk"))
    rows: list[tuple[Cell, ...]] = []
    for part in report.slices if report else ():
        found = between_people(part)
        if found is not None and part.name != OVERALL:
            exact, qwk = found.statistics["percent_agreement"], found.statistics[QWK]
            rows.append((part.name, found.units, *_figure(exact), *_figure(qwk)))
    none = NOTHING if report is None else "No work was scored by two people, each without help."
    return Table("agreement", _SAME, columns, tuple(rows), "" if rows else none)


def severity(report: Report | None) -> Table:
    """Points of the scale that each rater gives less (positive) or more than the mean."""
    columns = ("rater", "works", "n", "fewer_points", "low", "high", "reading")
    if report is None:
        return Table("severity", _SEVERE, columns, (), NOTHING)
    effects = report.rater_effects
    if isinstance(effects, Absent):
        return Table("severity", _SEVERE, columns, (), f"It cannot be told: {effects.reason}.")
    words = {
        "as others": "as others",
        "more severe": "fewer points than the mean",
        "more lenient": "more points than the mean",
    }
    rows = [
        (one.rater, one.works, one.n, *_rounded(one.points.value, one.points.low, one.points.high),
         words[one.band])
        for one in sorted(effects.raters, key=lambda one: one.rater)
        if one.rater_type != "engine"
    ]  # fmt: skip
    return Table("severity", _SEVERE, columns, tuple(rows), " ".join(effects.notes))


def drift(report: Report | None) -> Table:
    """Each judged month of each person beside the limits that chance explains."""
    columns = ("rater", "month", "works", "difference", "low", "high", "reading")
    rows: list[tuple[Cell, ...]] = []
    for chart in report.drift if report else ():
        rows += [
            (chart.rater, month.month, month.n, *_rounded(month.difference, month.low, month.high),
             "outside" if month.outside else "within")
            for month in chart.months
            if month.low is not None and chart.rater_type != "engine"
        ]  # fmt: skip
    note = NOTHING if report is None else report.drift_note
    return Table("drift", _DRIFT, columns, tuple(rows), note)


def flips(report: Report | None) -> Table:
    """Changes of a blind level after the reveal, by element; judged by expert ratings alone."""
    columns = ("element", "pairs", "flips", *share_columns("towards_draft"),
               *share_columns("correct"), *share_columns("harmful"))  # fmt: skip
    rows = [
        (one.element, one.n, one.flips, *share_cells(one.towards), *share_cells(one.correct),
         *share_cells(one.harmful))
        for one in (report.anchoring if report else ())
        if one.evaluator == ALL and one.element != ALL
    ]  # fmt: skip
    note = "Correct and harmful are told by expert ratings of the same works."
    return Table("flips", _FLIPS, columns, tuple(rows), note if rows else "No draft was revealed.")


def _figure_columns(name: str) -> tuple[str, ...]:
    return name, f"{name}_low", f"{name}_high"


def _figure(one: Figure) -> tuple[Cell, ...]:
    return _rounded(one.value, one.low, one.high)


def _rounded(*values: float | None) -> tuple[Cell, ...]:
    return tuple(None if value is None else round(value, 4) + 0.0 for value in values)
