"""The one sentence on top: what a program lead can repeat without knowing statistics.

Invariant: it holds its n and an interval, and never calls percent agreement by another name. It is
about people first; the machine has verdicts of its own.
"""

from reviewer.calibration.report.matrix import QWK
from reviewer.calibration.report.model import OVERALL, Comparison, Kind, Report, Slice

GOOD_ENOUGH = 0.70
"""QWK that agreement has to reach, rounded normally (Williamson, Xi & Breyer 2012)."""


def headline(report: Report) -> str:
    """The sentence for `report`."""
    people = [
        (part.name, found)
        for part in report.slices
        if part.name != OVERALL and (found := between_people(part)) is not None
    ]
    measured = [(name, found) for name, found in people if found.statistics[QWK].value is not None]
    if people and not measured:
        name, first = people[0]
        return (
            "Two people scored the same works, but whether they agree beyond chance cannot be told "
            f"({first.statistics[QWK].reason}); on {name} they are alike in {_exact(first)}."
        )
    if not measured:
        overall = report.slice(OVERALL)
        engine = overall and next(
            (one for one in overall.comparisons if one.kind is Kind.ENGINE_HUMAN), None
        )
        if engine:
            return (
                "No work was scored by two people, so there is no human ceiling to hold the "
                f"machine to; its drafts and one person's scores are alike in {_exact(engine)}."
            )
        return (
            "No work was scored by two people, so agreement cannot be told: have some works scored "
            "twice, blind."
        )
    good = [one for one in measured if round(_qwk(one[1]), 2) >= GOOD_ENOUGH]
    worst_name, worst = min(measured, key=lambda one: _qwk(one[1]))
    what = "elements" if report.settings.by == "element" else f"groups by {report.settings.by}"
    one = "one element" if report.settings.by == "element" else "one group"
    if len(good) == len(measured):
        how_many = f"both {what}" if len(measured) == 2 else f"all {len(measured)} {what}"
        how_many = f"the {one} measured" if len(measured) == 1 else how_many
        return (
            f"Evaluators agree on {how_many} well enough to decide (QWK {GOOD_ENOUGH:.2f} or "
            f"more); least on {worst_name}: {_both(worst)}."
        )
    if len(measured) == 1:
        return (
            f"Evaluators do not agree on the {one} measured well enough to decide (QWK "
            f"{GOOD_ENOUGH:.2f} or more); {worst_name} needs another training round: "
            f"{_both(worst)}."
        )
    number = "none" if not good else str(len(good))
    return (
        f"Evaluators agree on {number} of {len(measured)} {what} well enough to decide (QWK "
        f"{GOOD_ENOUGH:.2f} or more); {worst_name} needs another training round most: "
        f"{_both(worst)}."
    )


def between_people(part: Slice) -> Comparison | None:
    """The human-human comparison of a slice, null where there is none."""
    return next((one for one in part.comparisons if one.kind is Kind.HUMAN_HUMAN), None)


def _qwk(one: Comparison) -> float:
    value = one.statistics[QWK].value
    assert value is not None
    return value


def _both(one: Comparison) -> str:
    return f"QWK {_qwk(one):.2f}, {_exact(one)}"


def _exact(one: Comparison) -> str:
    found = one.statistics["percent_agreement"]
    if found.value is None:
        return f"nothing measurable ({found.reason})"
    if found.low is None or found.high is None:
        return f"{_percent(found.value)} exact, n = {found.n:,}, no interval ({found.reason})"
    low, high = found.low * 100, found.high * 100
    return f"{_percent(found.value)} exact, n = {found.n:,}, {low:.0f} to {high:.0f} %"


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"
