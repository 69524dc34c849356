"""Intervals for every statistic at once, by a bootstrap clustered by candidate.

Invariant: all comparisons of one call see the same resamples, so differences between them (engine
against human ceiling) have honest intervals; the same seed gives the same intervals.

Source: percentile intervals, Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 13;
resampling of clusters: Davison & Hinkley (1997), Bootstrap Methods and their Application, ch. 3.8.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from reviewer.calibration.agreement.cronbach import (
    CRONBACH_NEEDS,
    NO_TOTAL_VARIATION,
    cronbach_values,
)
from reviewer.calibration.agreement.patterns import Floats, Patterns
from reviewer.calibration.agreement.prmse import NO_DOUBLE_SCORES, NO_TRUE_VARIATION, prmse_values
from reviewer.calibration.agreement.reading import Ratings, read_ratings
from reviewer.calibration.agreement.registry import STATISTICS
from reviewer.calibration.agreement.resampling import Kinds, draw_times, kinds_of
from reviewer.calibration.agreement.results import Interval
from reviewer.calibration.agreement.sample import Sample, whole
from reviewer.calibration.agreement.standardized import dsm_values, smd_values
from reviewer.calibration.agreement.statistic import Statistic, needs_numbers

RESAMPLES = 1000
SEED = 20240229
"""Any number would do; that it is fixed makes a report the same when it is made again."""


@dataclass(frozen=True)
class Comparison:
    """Which columns are compared.

    ``raters``: columns (names, or places from 0) whose agreement is asked. ``system``: the column
    of the machine, if SMD (against the first of ``humans``) and PRMSE (against all of them) are
    wanted too.
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
        return _interval(one.value - other.value, drawn, n, one.clusters, self.confidence)


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
    patterns = read_ratings(ratings, categories)
    asked = comparisons or {"all": Comparison(patterns.raters)}
    plans = {
        name: _plan(patterns, one, statistics, single=comparisons is None)
        for name, one in asked.items()
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
    plans = {name: [(_dsm(patterns, float(at)), patterns)] for name, at in place.items()}
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


def _plan(
    patterns: Patterns, asked: Comparison, wanted: Sequence[str] | None, *, single: bool
) -> Plan:
    view = patterns if single else patterns.columns(_places(patterns, asked.raters))
    known: Plan = [(each, view) for each in STATISTICS]
    if asked.system is not None:
        machine = _places(patterns, (asked.system,))[0]
        humans = _places(patterns, asked.humans)
        if not humans:
            raise ValueError("a comparison with a system names the human columns it is held to.")
        known += [(_smd(machine, humans[0]), patterns), (_prmse(machine, humans), patterns)]
    if wanted is None:
        return known
    unknown = set(wanted) - {each.name for each in STATISTICS} - {"smd", "prmse"}
    if unknown:
        raise ValueError(f"no statistic is called {', '.join(sorted(unknown))}.")
    return [(each, own) for each, own in known if each.name in wanted]


def _places(patterns: Patterns, columns: Sequence[str | int]) -> list[int]:
    names = {name: at for at, name in enumerate(patterns.raters)}
    found = [each if isinstance(each, int) else names.get(each, -1) for each in columns]
    for each, at in zip(columns, found, strict=True):
        if not 0 <= at < len(patterns.raters):
            raise ValueError(f"no column is {each!r}; there are {', '.join(patterns.raters)}.")
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
            each.name: _of(
                each, view, reasons[name][each.name], draws[name].get(each.name), kinds, confidence
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
                sample = samples.setdefault(id(view), Sample(view, times))
                drawn[name].setdefault(each.name, []).append(each.values(sample))


def _of(
    statistic: Statistic,
    view: Patterns,
    reason: str | None,
    drawn: Floats | None,
    kinds: Kinds,
    confidence: float,
) -> Interval:
    n, clusters = statistic.units(view), kinds.candidates
    value = None if reason else float(statistic.values(whole(view))[0])
    if value is None or np.isnan(value):
        resamples = 0 if drawn is None else len(drawn)
        why = reason or statistic.degenerate
        return Interval(None, None, None, n, clusters, resamples, 0, why)
    if drawn is None:
        why = "an interval needs at least two candidates"
        return Interval(value, None, None, n, clusters, 0, 0, why)
    return _interval(value, drawn, n, clusters, confidence)


def _interval(value: float, drawn: Floats, n: int, clusters: int, confidence: float) -> Interval:
    defined = drawn[~np.isnan(drawn)]
    lost = len(drawn) - len(defined)
    if len(defined) * 2 < len(drawn) or not len(defined):
        why = f"it is undefined in {lost} of {len(drawn)} resamples"
        return Interval(value, None, None, n, clusters, len(drawn), lost, why)
    low, high = np.quantile(defined, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Interval(value, float(low), float(high), n, clusters, len(drawn), lost)


def _both_rated(system: int, human: int) -> Callable[[Patterns], int]:
    def count(patterns: Patterns) -> int:
        return patterns.columns((system, human)).complete_units

    return count


def _smd(system: int, human: int) -> Statistic:
    def needs(patterns: Patterns) -> str | None:
        many = _both_rated(system, human)(patterns)
        return needs_numbers(patterns) or (
            None if many > 1 else f"it needs two units with both scores; there are {many}"
        )

    return Statistic(
        "smd",
        needs,
        lambda sample: smd_values(sample, system, human),
        _both_rated(system, human),
        "the human scores do not vary",
    )


def _prmse(system: int, humans: Sequence[int]) -> Statistic:
    def scored(patterns: Patterns) -> NDArray[np.int64]:
        assert patterns.codes is not None
        many = (patterns.codes[:, list(humans)] >= 0).sum(axis=1)
        return np.asarray(many * (patterns.codes[:, system] >= 0), dtype=np.int64)

    def needs(patterns: Patterns) -> str | None:
        double = (scored(patterns) > 1).any()
        return needs_numbers(patterns) or (None if double else NO_DOUBLE_SCORES)

    return Statistic(
        "prmse",
        needs,
        lambda sample: prmse_values(sample, system, humans),
        lambda patterns: int(patterns.counts[scored(patterns) > 0].sum()),
        NO_TRUE_VARIATION,
    )


def _dsm(patterns: Patterns, code: float) -> Statistic:
    mine = (patterns.scores[:, 2] == code).astype(np.float64)

    def count(own: Patterns) -> int:
        both = own.columns((0, 1)).complete
        return int(own.counts[both & (mine > 0)].sum())

    return Statistic(
        "dsm",
        lambda own: None if count(own) else "no unit of this subgroup has both scores",
        lambda sample: dsm_values(sample, 0, 1, mine),
        count,
        "the scores do not vary",
    )
