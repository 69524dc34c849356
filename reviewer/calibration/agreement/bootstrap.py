"""Intervals for every statistic at once, by a bootstrap clustered by candidate.

Invariant: all comparisons of one call see the same resamples, so differences between them (engine
against human ceiling) have honest intervals; the same seed gives the same intervals.

Source: percentile intervals, Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 13;
resampling of clusters: Davison & Hinkley (1997), Bootstrap Methods and their Application, ch. 3.8.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from reviewer.calibration.agreement.cronbach import (
    CRONBACH_NEEDS,
    NO_TOTAL_VARIATION,
    cronbach_values,
)
from reviewer.calibration.agreement.intervals import interval_of, percentile_interval
from reviewer.calibration.agreement.levels import Levels
from reviewer.calibration.agreement.machine import dsm_statistic, prmse_statistic, smd_statistic
from reviewer.calibration.agreement.patterns import Floats, Patterns
from reviewer.calibration.agreement.reading import (
    Contingency,
    Counts,
    Ratings,
    column_names,
    read_ratings,
    read_with_measures,
)
from reviewer.calibration.agreement.registry import STATISTICS
from reviewer.calibration.agreement.resampling import Kinds, draw_times, kinds_of
from reviewer.calibration.agreement.results import Interval
from reviewer.calibration.agreement.sample import Sample, seen_by
from reviewer.calibration.agreement.statistic import Statistic

RESAMPLES = 1000
SEED = 20240229
"""Any number would do; that it is fixed makes a report the same when it is made again."""


@dataclass(frozen=True)
class Comparison:
    """Which columns are compared.

    ``raters``: columns (names, or places from 0) whose agreement is asked. ``system``: the column
    of the machine, if SMD (against the first of ``humans``) and PRMSE (against all of them) are
    wanted too. A system that no comparison has among its raters may hold any number, so a machine
    can have a column of levels, to agree with, and one of scores before they were rounded.
    """

    raters: tuple[str | int, ...]
    system: str | int | None = None
    humans: tuple[str | int, ...] = ()


@dataclass(frozen=True)
class Bootstrap:
    """``intervals``: comparison → statistic → `Interval`; names as in ``reviewer agreement``, and
    "smd" and "prmse" where the comparison has a system.
    """

    intervals: Mapping[str, Mapping[str, Interval]]
    resamples: int
    seed: int
    confidence: float
    _draws: Mapping[str, Mapping[str, Floats]] = field(repr=False)

    def difference(self, first: str, second: str, statistic: str) -> Interval:
        """`statistic` of comparison `first` less that of `second`, draw by draw.

        So degradation is ``difference("human-human", "engine-human", "cohen_kappa.quadratic")``.
        None, with the reason, where either is undefined. Raises `KeyError` for unknown names.
        """
        one, other = self.intervals[first][statistic], self.intervals[second][statistic]
        if one.value is None or other.value is None:
            reason = one.reason if one.value is None else other.reason
            n = min(one.n, other.n)
            return Interval(None, None, None, n, one.clusters, self.resamples, 0, reason)
        drawn = self._draws[first][statistic] - self._draws[second][statistic]
        n = min(one.n, other.n)
        return percentile_interval(one.value - other.value, drawn, n, one.clusters, self.confidence)


def bootstrap_agreement(
    ratings: Ratings,
    *,
    comparisons: Mapping[str, Comparison] | None = None,
    clusters: Sequence[Hashable] | None = None,
    categories: Sequence[object] | None = None,
    statistics: Sequence[str] | None = None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    confidence: float = 0.95,
) -> Bootstrap:
    """Every statistic of every comparison with its interval.

    ``ratings``: as everywhere; columns are raters, humans and machine alike. ``comparisons``: by
    default one, "all", of all columns. ``clusters``: each unit's candidate; by default each unit
    is its own. ``statistics``: names to compute, by default all. What is undefined has a reason.
    Raises `ValueError` for unknown columns or statistics, or clusters that do not fit the units.

    >>> found = bootstrap_agreement([[1, 1], [2, 2], [1, 2], [3, 3]], resamples=100)
    >>> found.intervals["all"]["percent_agreement"].value
    0.75
    """
    patterns, levels = _read(ratings, categories, comparisons or {})
    if comparisons is None:
        plans = {"all": _wanted([(each, patterns) for each in STATISTICS], statistics)}
    else:
        plans = {
            name: _wanted(_plan(patterns, levels, one), statistics)
            for name, one in comparisons.items()
        }
    kinds = kinds_of(patterns, cluster_codes(patterns, clusters))
    return _run(patterns, plans, kinds, resamples, seed, confidence)


def bootstrap_cronbach(
    items: Ratings,
    *,
    clusters: Sequence[Hashable] | None = None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    confidence: float = 0.95,
) -> Interval:
    """Cronbach's alpha of units × elements with its interval.

    >>> bootstrap_cronbach([[1, 1], [2, 2], [3, 4]], resamples=50).n
    3
    """
    patterns = read_ratings(items)
    statistic = Statistic(
        "cronbach_alpha",
        CRONBACH_NEEDS,
        cronbach_values,
        lambda own: own.complete_units,
        NO_TOTAL_VARIATION,
    )
    plans = {"all": [(statistic, patterns)]}
    kinds = kinds_of(patterns, cluster_codes(patterns, clusters))
    found = _run(patterns, plans, kinds, resamples, seed, confidence)
    return found.intervals["all"]["cronbach_alpha"]


def bootstrap_dsm(
    system: ArrayLike,
    human: ArrayLike,
    groups: Sequence[str | None],
    *,
    clusters: Sequence[Hashable] | None = None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    confidence: float = 0.95,
) -> dict[str, Interval]:
    """DSM of each subgroup (None: in none) with its interval; ``n`` is that of the subgroup.

    >>> sorted(bootstrap_dsm([1, 2, 3, 4], [1, 2, 3, 3], list("aabb"), resamples=50))
    ['a', 'b']
    """
    names = sorted({each for each in groups if each is not None})
    if not names:
        return {}
    place = {name: at for at, name in enumerate(names)}
    member = [np.nan if each is None else float(place[each]) for each in groups]
    scores = np.column_stack([np.asarray(system, float), np.asarray(human, float), member])
    patterns = read_ratings(scores)
    plans = {name: [(dsm_statistic(patterns, float(at)), patterns)] for name, at in place.items()}
    kinds = kinds_of(patterns, cluster_codes(patterns, clusters))
    found = _run(patterns, plans, kinds, resamples, seed, confidence)
    return {name: found.intervals[name]["dsm"] for name in names}


def cluster_codes(
    patterns: Patterns, clusters: Sequence[Hashable] | None
) -> NDArray[np.intp] | None:
    """Each unit's candidate as a number from 0; raises `ValueError` where they do not fit."""
    if clusters is None:
        return None
    if patterns.index is None or len(clusters) != len(patterns.index):
        units = 0 if patterns.index is None else len(patterns.index)
        raise ValueError(f"{len(clusters)} clusters do not fit {units} units: give one a unit.")
    codes, _ = pd.factorize(np.asarray(clusters, dtype=object), use_na_sentinel=False)
    return np.asarray(codes, dtype=np.intp)


Plan = list[tuple[Statistic, Patterns]]


def _read(
    ratings: Ratings, categories: Sequence[object] | None, asked: Mapping[str, Comparison]
) -> tuple[Patterns, Levels]:
    """The patterns, and the levels of the raters among their columns."""
    names = column_names(ratings)
    rated = {at for one in asked.values() for at in _places(names, one.raters)}
    held = {
        at for one in asked.values() if one.system is not None for at in _places(names, one.humans)
    }
    systems = {
        at
        for one in asked.values()
        if one.system is not None
        for at in _places(names, (one.system,))
    }
    measures = sorted(systems - rated - held)
    if not measures or isinstance(ratings, Patterns | Counts | Contingency):
        patterns = read_ratings(ratings, categories)
        return patterns, patterns.levels
    return read_with_measures(ratings, categories, measures)


def _plan(patterns: Patterns, levels: Levels, asked: Comparison) -> Plan:
    view = patterns.columns(_places(patterns.raters, asked.raters), levels)
    known: Plan = [(each, view) for each in STATISTICS]
    if asked.system is not None:
        machine = _places(patterns.raters, (asked.system,))[0]
        humans = _places(patterns.raters, asked.humans)
        if not humans:
            raise ValueError("a comparison with a system names the human columns it is held to.")
        known += [
            (smd_statistic(machine, humans[0]), patterns),
            (prmse_statistic(machine, humans), patterns),
        ]
    return known


def _wanted(known: Plan, wanted: Sequence[str] | None) -> Plan:
    if wanted is None:
        return known
    unknown = set(wanted) - {each.name for each in STATISTICS} - {"smd", "prmse"}
    if unknown:
        raise ValueError(f"no statistic is called {', '.join(sorted(unknown))}.")
    return [(each, own) for each, own in known if each.name in wanted]


def _places(names: Sequence[str], columns: Sequence[str | int]) -> list[int]:
    by_name = {name: at for at, name in enumerate(names)}
    found = [each if isinstance(each, int) else by_name.get(each, -1) for each in columns]
    for each, at in zip(columns, found, strict=True):
        if not 0 <= at < len(names):
            raise ValueError(f"no column is {each!r}; there are {', '.join(names)}.")
    return found


def _run(
    patterns: Patterns,
    plans: Mapping[str, Plan],
    kinds: Kinds,
    resamples: int,
    seed: int,
    confidence: float,
) -> Bootstrap:
    reasons = {
        name: {each.name: each.needs(view) for each, view in plan} for name, plan in plans.items()
    }
    drawn: dict[str, dict[str, list[Floats]]] = {name: {} for name in plans}
    if kinds.candidates > 1:
        for times in draw_times(patterns, kinds, resamples, seed):
            _compute(times, plans, reasons, drawn)
    draws = {
        name: {key: np.concatenate(each) for key, each in own.items()}
        for name, own in drawn.items()
    }
    intervals = {
        name: {
            each.name: interval_of(
                each,
                view,
                reasons[name][each.name],
                draws[name].get(each.name),
                kinds.candidates,
                confidence,
            )
            for each, view in plan
        }
        for name, plan in plans.items()
    }
    return Bootstrap(intervals, resamples, seed, confidence, draws)


def _compute(
    times: Floats,
    plans: Mapping[str, Plan],
    reasons: Mapping[str, Mapping[str, str | None]],
    drawn: dict[str, dict[str, list[Floats]]],
) -> None:
    """Adds this block of draws; views of one comparison share their sums."""
    for name, plan in plans.items():
        samples: dict[int, Sample] = {}
        for each, view in plan:
            if reasons[name][each.name] is None:
                if id(view) not in samples:
                    samples[id(view)] = seen_by(view, times)
                sample = samples[id(view)]
                drawn[name].setdefault(each.name, []).append(each.values(sample))
