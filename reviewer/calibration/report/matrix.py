"""Columns side by side and their statistics with intervals, all from the same draws of candidates.

Invariant: the human ceiling and every engine of a slice are bootstrapped together, so degradation
has an interval of its own and not the difference of two.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from reviewer.calibration.agreement import (
    Bootstrap,
    Icc,
    Interval,
    bootstrap_agreement,
    confusion_table,
    icc,
)
from reviewer.calibration.agreement import Comparison as Columns
from reviewer.calibration.report.model import Comparison, Confusion, Figure, IccFigure, Kind

QWK = "cohen_kappa.quadratic"


@dataclass(frozen=True, slots=True)
class Drawing:
    """How intervals are drawn."""

    resamples: int
    seed: int


def figure(interval: Interval) -> Figure:
    """An interval as it is reported."""
    return Figure(interval.value, interval.low, interval.high, interval.n, interval.reason)


def bootstrap(
    wide: pd.DataFrame,
    levels: Sequence[float],
    comparisons: dict[str, Columns],
    drawing: Drawing,
    statistics: Sequence[str] | None = None,
) -> Bootstrap:
    """`wide`: one row a unit, a column `candidate`, the others scores, NaN where missing."""
    scores = wide.drop(columns="candidate")
    scores.columns = pd.Index([str(column) for column in scores.columns])
    return bootstrap_agreement(
        scores,
        comparisons=comparisons,
        clusters=wide["candidate"].to_numpy(),
        categories=list(levels),
        statistics=statistics,
        resamples=drawing.resamples,
        seed=drawing.seed,
    )


def comparison(
    kind: Kind,
    engine: str,
    wide: pd.DataFrame,
    pair: tuple[str, str],
    levels: Sequence[float],
    statistics: dict[str, Figure],
    notes: Sequence[str] = (),
) -> Comparison:
    """One comparison of the columns `pair` of `wide`, with what needs no draws."""
    both = wide[[*pair, "candidate"]].dropna()
    works = both.index.droplevel("element").nunique()
    scores = both[list(pair)].to_numpy(dtype="float64")
    table = confusion_table(scores, categories=list(levels))
    return Comparison(
        kind=kind,
        engine=engine,
        units=len(both),
        works=works,
        candidates=int(both["candidate"].nunique()),
        statistics=statistics,
        icc={form: _icc(found) for form, found in icc(scores).items()},
        confusion=Confusion(tuple(float(one) for one in levels), table.counts),
        notes=tuple(notes),
    )


def _icc(found: Icc) -> IccFigure:
    return IccFigure(
        found.value,
        found.low,
        found.high,
        found.n,
        found.f,
        found.df1,
        found.df2,
        found.p,
        found.reason,
    )
