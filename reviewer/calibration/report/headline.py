"""The one sentence on top: what a program lead can repeat without knowing statistics.

Invariant: it holds its n and an interval, and never calls percent agreement by another name. It is
about people first; the machine has verdicts of its own.
"""

from reviewer.calibration.report.matrix import QWK
from reviewer.calibration.report.model import OVERALL, Comparison, Kind, Report, Slice
from reviewer.calibration.report.wording import with_interval

GOOD_ENOUGH = 0.70
"""QWK that agreement has to reach with its whole interval (Williamson, Xi & Breyer 2012)."""


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
    return _of_people(measured, "element" if report.settings.by == "element" else "group")


def _of_people(measured: list[tuple[str, Comparison]], what: str) -> str:
    """On how many they agree, on how many that is not sure, and where they agree least."""
    good = sum(_is_good(one) is True for _, one in measured)
    border = sum(_is_good(one) is None for _, one in measured)
    worst_name, worst = min(measured, key=lambda one: _qwk(one[1]))
    enough = f"well enough to decide (QWK {GOOD_ENOUGH:.2f} or more, interval and all)"
    if len(measured) == 1:
        agree = {True: "agree", False: "do not agree", None: "may or may not agree"}
        first = f"Evaluators {agree[_is_good(worst)]} on the one {what} measured {enough}"
    else:
        many = f"all {good}" if good == len(measured) else f"{good or 'none'} of {len(measured)}"
        first = f"Evaluators agree on {many} {what}s {enough}"
        first += f", and {border} on the border" * (border > 0)
    need = {
        True: f"least on {worst_name}",
        False: f"{worst_name} needs another training round most",
        None: f"more works scored twice would tell on {worst_name}",
    }
    return f"{first}; {need[_is_good(worst)]}: {_both(worst)}."


def _is_good(one: Comparison) -> bool | None:
    """Whether the whole interval of QWK is good enough; null where it lies on both sides."""
    qwk = one.statistics[QWK]
    if qwk.low is None or qwk.high is None:
        return None
    return True if qwk.low >= GOOD_ENOUGH else (False if qwk.high < GOOD_ENOUGH else None)


def between_people(part: Slice) -> Comparison | None:
    """The human-human comparison of a slice, null where there is none."""
    return next((one for one in part.comparisons if one.kind is Kind.HUMAN_HUMAN), None)


def _qwk(one: Comparison) -> float:
    value = one.statistics[QWK].value
    assert value is not None
    return value


def _both(one: Comparison) -> str:
    share = one.statistics["percent_agreement"].value
    exact = "" if share is None else f", {_percent(share)} exact"
    return f"QWK {with_interval(one.statistics[QWK])}{exact}, n = {one.statistics[QWK].n:,}"


def _exact(one: Comparison) -> str:
    found = one.statistics["percent_agreement"]
    if found.value is None:
        return f"nothing measurable ({found.reason})"
    return f"{with_interval(found, percent=True)} exact, n = {found.n:,}"


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"
