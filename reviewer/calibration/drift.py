"""Drift: whether a rater, human or engine, scores differently now than over the whole period.

A Shewhart chart of means: per month, the rater's mean difference from the other people who rated
the same works; center and spread are the rater's own over all months, limits at three standard
errors of the month's mean. One observation a work, so that its elements do not count as several.

Invariant: a month with fewer than `FEWEST_WORKS` works is shown but never judged.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from reviewer.calibration.pairing import UNIT
from reviewer.calibration.ratings import ENGINE

FEWEST_WORKS = 5
"""Works that a month needs to be judged."""

FEWEST_MONTHS = 3
"""Judged months that a chart needs: with two, which of them differs cannot be told."""

SIGMAS = 3.0


@dataclass(frozen=True, slots=True)
class Month:
    """One point of a chart, in points of the scale; limits are null where it is not judged."""

    month: str
    n: int
    difference: float
    low: float | None
    high: float | None

    @property
    def outside(self) -> bool:
        """Whether the point lies beyond its control limits."""
        if self.low is None or self.high is None:
            return False
        return not self.low <= self.difference <= self.high


@dataclass(frozen=True, slots=True)
class Drift:
    """One rater over time: `center` is the mean difference from other raters over all months."""

    rater: str
    rater_type: str
    n: int
    center: float
    months: tuple[Month, ...]

    @property
    def drifted(self) -> bool:
        """Whether the latest judged month lies beyond its limits."""
        judged = [month for month in self.months if month.low is not None]
        return bool(judged) and judged[-1].outside


def drift(people: pd.DataFrame, engine: pd.DataFrame) -> tuple[tuple[Drift, ...], str]:
    """The charts of every rater that has one, by rater; and why there are none, or not all.

    `people`: independent ratings, `engine`: drafts, both long and scored.
    """
    if people["timestamp"].isna().all() and engine["timestamp"].isna().all():
        return (), "no rating has a timestamp"
    others = _difference_from_others(people, engine)
    others = others[others["timestamp"].notna()]
    if others.empty:
        return (), "no work with a timestamp was rated by two people, or by the engine and a person"
    charts, without = _charts(others)
    if not without:
        return tuple(charts), ""
    return tuple(charts), (
        f"{len(without)} of {len(without) + len(charts)} raters have fewer than {FEWEST_MONTHS} "
        f"months with {FEWEST_WORKS} works that others rated too"
    )


def drifted_engines(people: pd.DataFrame, engine: pd.DataFrame) -> tuple[str, ...]:
    """The engines whose latest judged month lies beyond its limits on the works of these rows.

    On the rows of one element this finds what a mean over all elements would hide.
    """
    others = _difference_from_others(people, engine)
    drafts = others[(others["rater_type"] == ENGINE) & others["timestamp"].notna()]
    charts, _ = _charts(drafts)
    return tuple(one.rater for one in charts if one.drifted)


def _charts(others: pd.DataFrame) -> tuple[list[Drift], list[str]]:
    """The charts of the raters in `others`, all dated, and the names of raters that have none."""
    per_work = (
        others.assign(month=others["timestamp"].dt.strftime("%Y-%m"))
        .groupby(["rater", "rater_type", "month", "submission", "attempt"], sort=True)["difference"]
        .mean()
        .reset_index()
    )
    charts, without = [], []
    for (rater, kind), rows in per_work.groupby(["rater", "rater_type"], sort=True):
        chart = _chart(str(rater), str(kind), rows)
        if chart is None:
            without.append(str(rater))
        else:
            charts.append(chart)
    return charts, without


def _difference_from_others(people: pd.DataFrame, engine: pd.DataFrame) -> pd.DataFrame:
    """Each rating less the mean of the other people's ratings of its unit.

    A draft without a moment, as a store keeps them, is of the month in which its unit was first
    rated.
    """
    columns = [*UNIT, "rater", "rater_type", "score", "timestamp"]
    sums = people.groupby(UNIT).agg(
        sum=("score", "sum"), count=("score", "count"), first=("timestamp", "min")
    )
    sums = sums.reset_index()
    own = people[columns].merge(sums, on=UNIT)
    own = own[own["count"] > 1]
    own = own.assign(difference=own["score"] - (own["sum"] - own["score"]) / (own["count"] - 1))
    drafts = engine[columns].merge(sums, on=UNIT)
    drafts = drafts.assign(
        difference=drafts["score"] - drafts["sum"] / drafts["count"],
        timestamp=drafts["timestamp"].fillna(drafts["first"]),
    )
    return pd.concat([own, drafts])


def _chart(rater: str, kind: str, rows: pd.DataFrame) -> Drift | None:
    by_month = rows.groupby("month", sort=True)["difference"]
    counts = by_month.size()
    if (counts >= FEWEST_WORKS).sum() < FEWEST_MONTHS:
        return None
    within = rows["difference"] - by_month.transform("mean")
    spread = float(np.sqrt((within**2).sum() / max(1, len(rows) - len(counts))))
    center = float(rows["difference"].mean())
    months = []
    for month, mean in by_month.mean().items():
        n = int(counts[month])
        half = SIGMAS * spread / float(np.sqrt(n))
        judged = n >= FEWEST_WORKS
        months.append(
            Month(
                str(month),
                n,
                float(mean),
                center - half if judged else None,
                center + half if judged else None,
            )
        )
    return Drift(rater, kind, len(rows), center, tuple(months))
