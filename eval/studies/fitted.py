"""A scorer fitted to expert ratings, beside the floor, length alone and a second human rater.

Invariant: every figure is of essays (on ELLIPSE: of prompts) that the scorer had not seen, and
whatever a fit chooses it chooses within its training essays. Floor and length alone are made in the
same run on the same folds.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from eval.floors import floor, length_only, qwk
from eval.rated import RatedSet, rated_set
from eval.statistics import partial_spearman
from reviewer.evidence.match import Numbers
from reviewer.scoring.fitted.measure import cross_validated, fit_sample, folds, predict

NAME = "fitted"
HELP = "fitted scorer on ASAP 7 and ELLIPSE: all labels and 20, 50, 200, beside floors and humans"
BENCH = False

SEED = 0
FEW = (20, 50, 200)
DRAWS = 10

Predict = Callable[[Sequence[str], Numbers, Sequence[str]], Numbers]


def run(data: Path | None, out: Console) -> dict[str, float]:
    """Both sets, all labels first, then few."""
    figures: dict[str, float] = {}
    for name in ("asap7", "ellipse"):
        rated = rated_set(name, data)
        figures |= _all_labels(rated, out)
        figures |= _few_labels(rated, out)
    return figures


def by_element(rated: RatedSet, levels: Numbers, scores: Numbers) -> list[float]:
    """QWK of each element, levels and scores of shape (works, elements)."""
    return [
        qwk(levels[:, at], scores[:, at], element.values)
        for at, element in enumerate(rated.credential.elements)
    ]


def element_table(rated: RatedSet, title: str) -> Table:
    """An empty table with a column an element and one for their mean."""
    table = Table(title=title)
    table.add_column("QWK")
    for element in rated.credential.elements:
        table.add_column(element.id, justify="right")
    table.add_column("mean", justify="right")
    return table


def add_row(table: Table, label: str, values: Sequence[float]) -> None:
    """A row of such a table."""
    table.add_row(label, *(f"{one:.3f}" for one in values), f"{np.mean(values):.3f}")


def _all_labels(rated: RatedSet, out: Console) -> dict[str, float]:
    scores, texts = rated.sample.scores, rated.texts
    drafted = cross_validated(rated.credential, rated.sample, SEED)
    floors = {"floor": np.zeros_like(scores), "length only": np.zeros_like(scores)}
    makers: dict[str, Predict] = {"floor": floor, "length only": length_only}
    for training, held in folds(rated.sample, SEED):
        for label, make in makers.items():
            floors[label][held] = make(
                [texts[at] for at in training], scores[training], [texts[at] for at in held]
            )
    rows = {"fitted": by_element(rated, drafted.levels, scores)}
    rows |= {label: by_element(rated, one, scores) for label, one in floors.items()}
    if rated.second is not None:
        both = replace(rated.sample, scores=(scores + rated.second) / 2)
        drafted_by_both = cross_validated(rated.credential, both, SEED)
        rows["fitted to both raters"] = by_element(rated, drafted_by_both.levels, scores)
        rows["human, rater 2"] = by_element(rated, rated.second, scores)
    table = element_table(rated, f"{rated.name}, {len(texts)} essays, cross-validated")
    for label, values in rows.items():
        add_row(table, label, values)
    tied = _tied(texts, drafted.expected, scores)
    table.add_section()
    add_row(table, "tied to length, given the score", tied)
    if rated.second is not None:
        add_row(table, "rater 2, the same", _tied(texts, rated.second, scores))
    out.print(table)
    made = {f"{rated.name} {label}": float(np.mean(values)) for label, values in rows.items()}
    named = zip(rated.credential.elements, rows["fitted"], strict=True)
    made |= {f"{rated.name} fitted {element.id}": value for element, value in named}
    return made | {f"{rated.name} tied to length, most": float(np.max(tied))}


def _tied(texts: Sequence[str], drafted: Numbers, scores: Numbers) -> list[float]:
    """Partial rank correlation of drafts with length, given the expert score, by element."""
    length = [np.log(max(1, len(text.split()))) for text in texts]
    return [
        partial_spearman(drafted[:, at], length, [scores[:, at]]) for at in range(scores.shape[1])
    ]


def _few_labels(rated: RatedSet, out: Console) -> dict[str, float]:
    figures = {}
    for size in FEW:
        table = element_table(rated, f"{rated.name}, {size} labels, mean of {DRAWS} draws")
        found: dict[str, list[list[float]]] = {"fitted": [], "floor": [], "length only": []}
        for draw in range(DRAWS):
            order = np.random.default_rng(draw).permutation(len(rated.texts))
            _one_draw(rated, order[:size], order[size:], found)
        for label, each in found.items():
            values = np.mean(each, axis=0)
            add_row(table, label, values.tolist())
            figures[f"{rated.name} {size} labels {label}"] = float(values.mean())
        out.print(table)
    return figures


def _one_draw(
    rated: RatedSet, training: Numbers, rest: Numbers, found: dict[str, list[list[float]]]
) -> None:
    scores, texts = rated.sample.scores, rated.texts
    scorer = fit_sample(rated.credential, rated.sample.some(training))
    drafted = predict(scorer, rated.sample.some(rest).works).levels
    known, asked = [texts[at] for at in training], [texts[at] for at in rest]
    found["fitted"].append(by_element(rated, drafted, scores[rest]))
    found["floor"].append(by_element(rated, floor(known, scores[training], asked), scores[rest]))
    found["length only"].append(
        by_element(rated, length_only(known, scores[training], asked), scores[rest])
    )
