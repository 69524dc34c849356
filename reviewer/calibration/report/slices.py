"""One slice of the table: everybody compared with everybody, on one element or on all.

Invariant: all engines of a slice and its human ceiling see the same draws of candidates.
"""

from collections.abc import Sequence

import pandas as pd

from reviewer.calibration.agreement import Bootstrap, bootstrap_dsm
from reviewer.calibration.agreement import Comparison as Columns
from reviewer.calibration.drift import drifted_engines
from reviewer.calibration.pairing import UNIT, slots, two_sides
from reviewer.calibration.report.matrix import QWK, Drawing, bootstrap, comparison, figure
from reviewer.calibration.report.model import (
    Comparison,
    Degradation,
    Evidence,
    Figure,
    Kind,
    Slice,
    SubgroupDifference,
)
from reviewer.calibration.report.prepare import Prepared

_MANY = ("krippendorff_alpha.", "gwet.", "fleiss_kappa", "brennan_prediger", "rwg", "ad")
"""Statistics that any number of raters have in common; the others are of two."""

_PAIR = ("0", "1")
_REFERENCE = "reference"


def slice_of(part: Prepared, name: str, groupings: Sequence[str], drawing: Drawing) -> Slice:
    """All comparisons of `part`, which holds the rows of one slice alone."""
    levels = tuple(sorted({value for values in part.levels.values() for value in values}))
    wide = _side_by_side(part, drawing.seed)
    engines = sorted(part.engine["rater"].unique())
    pairs = {str(Kind.HUMAN_HUMAN): Columns(_PAIR)}
    for engine in engines:
        columns = (f"engine {engine}", _REFERENCE)
        pairs[engine] = Columns(columns, system=columns[0], humans=(_REFERENCE,))
    drawn = bootstrap(_without_more(wide), levels, pairs, drawing)
    made = [_people(wide, levels, drawn, drawing)]
    made += [_engine(part, engine, wide, levels, drawn, drawing) for engine in engines]
    made += _others(part, levels, drawing)
    return Slice(
        name=name,
        levels=levels,
        comparisons=tuple(one for one in made if one.units),
        degradation=tuple(Degradation(engine, _degradation(drawn, engine)) for engine in engines),
        subgroups=tuple(
            one
            for engine in engines
            for grouping in groupings
            for one in _subgroups(part, wide, engine, grouping, drawing)
        ),
        evidence=tuple(_evidence(part, wide, engine, levels) for engine in engines),
        drifted=drifted_engines(part.people, part.engine) if engines else (),
    )


def _side_by_side(part: Prepared, seed: int) -> pd.DataFrame:
    """One row a unit that a person rated: ratings by people, the reference, each engine."""
    chosen = part.reference.set_index(UNIT)["score"]
    first = part.people["rater"].isin(part.reference["rater"].unique())
    wide = slots(part.people, first, seed)
    wide.columns = pd.Index([str(column) for column in wide.columns])
    absent = chosen.index.difference(wide.index)
    if len(absent):  # a consensus on works whose single ratings are not in the table
        alone = part.reference.set_index(UNIT).loc[absent, ["candidate"]]
        wide = pd.concat([wide, alone])
    wide[_REFERENCE] = chosen
    for engine, rows in part.engine.groupby("rater", sort=True):
        wide[f"engine {engine}"] = rows.drop_duplicates(UNIT).set_index(UNIT)["score"]
    return wide


def _without_more(wide: pd.DataFrame) -> pd.DataFrame:
    """Without third and further ratings of a unit, which would only multiply its patterns."""
    more = [column for column in wide.columns if column.isdigit() and column not in _PAIR]
    return wide.drop(columns=more)


def _figures(drawn: Bootstrap, name: str) -> dict[str, Figure]:
    return {key: figure(one) for key, one in drawn.intervals[name].items()}


def _people(
    wide: pd.DataFrame, levels: Sequence[float], drawn: Bootstrap, drawing: Drawing
) -> Comparison:
    statistics = _figures(drawn, Kind.HUMAN_HUMAN)
    notes = []
    ratings = [column for column in wide.columns if column.isdigit()]
    if len(ratings) > len(_PAIR):
        many = bootstrap(
            wide[[*ratings, "candidate"]], levels, {"all": Columns(tuple(ratings))}, drawing
        )
        all_of_them = _figures(many, "all")
        statistics |= {key: one for key, one in all_of_them.items() if key.startswith(_MANY)}
        notes.append(
            "Some units have more than two ratings: statistics of two raters take two of them, "
            f"drawn at random; alpha, AC1, AC2, r_wg and AD take up to {len(ratings)}."
        )
    return comparison(Kind.HUMAN_HUMAN, "", wide, _PAIR, levels, statistics, notes)


def _engine(
    part: Prepared,
    engine: str,
    wide: pd.DataFrame,
    levels: Sequence[float],
    drawn: Bootstrap,
    drawing: Drawing,
) -> Comparison:
    column = f"engine {engine}"
    statistics = _figures(drawn, engine)
    # The true score is estimated from all people's ratings, not from the reference alone.
    against = {"all": Columns((column, "0"), system=column, humans=_PAIR)}
    true_score = bootstrap(wide[[*_PAIR, column, "candidate"]], levels, against, drawing, ["prmse"])
    statistics["prmse"] = figure(true_score.intervals["all"]["prmse"])
    notes = (f"Reference: {part.reference_is}.",)
    pair = (column, _REFERENCE)
    return comparison(Kind.ENGINE_HUMAN, engine, wide, pair, levels, statistics, notes)


def _degradation(drawn: Bootstrap, engine: str) -> Figure:
    people = drawn.intervals[str(Kind.HUMAN_HUMAN)][QWK]
    machine = drawn.intervals[engine][QWK]
    for one in (people, machine):
        if one.value is None or one.low is None:
            value = None
            if people.value is not None and machine.value is not None:
                value = people.value - machine.value
            return Figure(value, None, None, min(people.n, machine.n), one.reason)
    return figure(drawn.difference(str(Kind.HUMAN_HUMAN), engine, QWK))


def _others(part: Prepared, levels: Sequence[float], drawing: Drawing) -> list[Comparison]:
    """Evaluators against the reference, and those who had seen excerpts or a draft, apart."""
    made = []
    if part.expert:
        evaluators = part.people[part.people["rater_type"] == "evaluator"]
        made.append(_sides(Kind.EVALUATOR_EXPERT, evaluators, part.reference, levels, drawing))
    made.append(_sides(Kind.AIDED_HUMAN, part.aided, part.reference, levels, drawing))
    return [one for one in made if one is not None]


def _sides(
    kind: Kind,
    left: pd.DataFrame,
    right: pd.DataFrame,
    levels: Sequence[float],
    drawing: Drawing,
) -> Comparison | None:
    both = two_sides(left, right, drawing.seed)
    if both.empty:
        return None
    wide = both.set_index(UNIT)
    columns = Columns(("left", "right"), system="left", humans=("right",))
    drawn = bootstrap(wide, levels, {"all": columns}, drawing)
    return comparison(kind, "", wide, ("left", "right"), levels, _figures(drawn, "all"))


def _subgroups(
    part: Prepared, wide: pd.DataFrame, engine: str, grouping: str, drawing: Drawing
) -> list[SubgroupDifference]:
    by_candidate = part.whole.drop_duplicates("candidate").set_index("candidate")[grouping]
    both = wide[[f"engine {engine}", _REFERENCE, "candidate"]].dropna()
    if both.empty:
        return []
    groups = both["candidate"].map(by_candidate)
    found = bootstrap_dsm(
        both[f"engine {engine}"].to_numpy(dtype="float64"),
        both[_REFERENCE].to_numpy(dtype="float64"),
        [str(group) or None for group in groups],
        clusters=both["candidate"].to_numpy(),
        resamples=drawing.resamples,
        seed=drawing.seed,
    )
    return [
        SubgroupDifference(engine, grouping, group, figure(interval))
        for group, interval in found.items()
    ]


def _evidence(part: Prepared, wide: pd.DataFrame, engine: str, levels: Sequence[float]) -> Evidence:
    both = wide[wide[f"engine {engine}"].notna() & wide[_REFERENCE].notna()]
    works = both.index.droplevel("element")
    double = works[both[list(_PAIR)].notna().all(axis=1).to_numpy()]
    at_level = both.groupby(_REFERENCE)[_REFERENCE].size()
    return Evidence(
        engine=engine,
        works=works.nunique() if part.expert else 0,
        double_scored=double.nunique() if part.expert else 0,
        at_level={f"{level:g}": int(at_level.get(level, 0)) for level in levels},
    )
