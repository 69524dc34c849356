"""Rater severity: recovered where it is known by construction, ordered alike where it is not.

Invariant: simulated data come from the model that is fitted, with an incomplete design; the second
part holds its order against a two-way additive model, which knows nothing of logits.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import lsqr
from scipy.stats import spearmanr

from eval.study import Skipped, need

NAME = "rater_severity"
HELP = "rater severity by many-facet Rasch: recovery of known values, order on public ratings"
BENCH = False

RUNS = 10
RATERS, WORKS, PER_WORK = 30, 600, 2
DIFFICULTY = (-0.6, -0.2, 0.2, 0.6)
THRESHOLDS = (-1.6, 0.0, 1.6)
LEVELS = (0.0, 1.0, 2.0, 3.0)
SEED = 11


def run(data: Path | None, out: Console) -> dict[str, float]:
    """Both parts; the second is left out, and said, where its data are absent."""
    figures = _recovery(out)
    try:
        figures |= _order(need(data, "sirt_ratings", "ratings3.csv"), out)
    except Skipped as why:
        out.print(f"[yellow]second part skipped[/yellow]: {why}")
    return figures


def simulated(seed: int) -> tuple[pd.DataFrame, "pd.Series[float]"]:
    """Ratings of `WORKS` works by `PER_WORK` of `RATERS` raters each, and the true severities."""
    draw = np.random.default_rng(seed)
    severity = draw.normal(0.0, 0.6, RATERS)
    severity -= severity.mean()
    rows = []
    for work, ability in enumerate(draw.normal(0.0, 1.3, WORKS)):
        for rater in draw.choice(RATERS, PER_WORK, replace=False):
            for element, difficulty in enumerate(DIFFICULTY):
                score = _draw(ability - difficulty - severity[rater], draw)
                rows.append((f"w{work:04}", 1, f"e{element}", f"r{rater:02}", "evaluator", score))
    columns = ["submission", "attempt", "element", "rater", "rater_type", "score"]
    names = [f"r{rater:02}" for rater in range(RATERS)]
    return pd.DataFrame(rows, columns=columns), pd.Series(severity, index=names)


def _draw(distance: float, draw: np.random.Generator) -> float:
    """A level under the rating scale model at this distance in logits."""
    logits = np.concatenate([[0.0], np.cumsum(distance - np.asarray(THRESHOLDS))])
    shares = np.exp(logits - logits.max())
    return float(draw.choice(len(LEVELS), p=shares / shares.sum()))


def _recovery(out: Console) -> dict[str, float]:
    from reviewer.calibration.severity import RaterEffects, design, rater_effects

    levels = {f"e{at}": LEVELS for at in range(len(DIFFICULTY))}
    correlations, covered = [], []
    for run_number in range(RUNS):
        ratings, true = simulated(SEED + run_number)
        made = design(ratings, levels, SEED)
        assert not isinstance(made, str)
        found = rater_effects(made)
        assert isinstance(found, RaterEffects)
        own = [(true[one.rater], one.severity) for one in found.raters]
        correlations.append(np.corrcoef([a for a, _ in own], [b.value for _, b in own])[0, 1])
        covered += [b.low <= a <= b.high for a, b in own]
    table = Table(title=f"{RUNS} runs: {RATERS} raters, {WORKS} works, {PER_WORK} raters a work")
    for column in ("", "value", "asked"):
        table.add_column(column)
    table.add_row("r with the true severities, mean", f"{np.mean(correlations):.3f}", "≥ .95")
    table.add_row("r, least of the runs", f"{np.min(correlations):.3f}", "")
    table.add_row("95 % intervals that cover", f"{np.mean(covered):.3f}", "≥ .90")
    out.print(table)
    return {
        "recovery_r": float(np.mean(correlations)),
        "recovery_r_least": float(np.min(correlations)),
        "recovery_coverage": float(np.mean(covered)),
    }


def _order(path: Path, out: Console) -> dict[str, float]:
    from reviewer.calibration.severity import RaterEffects, design, rater_effects

    wide = pd.read_csv(path, dtype={"idstud": "str", "rater": "str"})
    long = wide.melt(["idstud", "rater"], var_name="element", value_name="score").dropna()
    long = long.rename(columns={"idstud": "submission"})
    long = long.assign(attempt=1, rater_type="evaluator", element=long["element"].astype("str"))
    levels = {
        str(element): tuple(float(level) for level in range(int(scores.max()) + 1))
        for element, scores in long.groupby("element")["score"]
    }
    made = design(long, levels, SEED)
    assert not isinstance(made, str)
    found = rater_effects(made)
    assert isinstance(found, RaterEffects)
    names = [one.rater for one in found.raters]
    additive = _additive(long[long["element"].isin(made.responses.columns)])
    rho = float(spearmanr([additive[name] for name in names],
                          [one.severity.value for one in found.raters])[0])  # fmt: skip
    out.print(f"sirt set 3: {len(names)} raters, Spearman with additive model {rho:.3f} (≥ .90)")
    return {"order_spearman": rho, "order_raters": float(len(names))}


def _additive(long: pd.DataFrame) -> dict[str, float]:
    """Severity by least squares: score = text and element - rater."""
    rater, names = pd.factorize(long["rater"])
    unit, units = pd.factorize(long["submission"] + " " + long["element"])
    rows: NDArray[np.intp] = np.arange(len(long))
    signs = np.concatenate([-np.ones(len(long)), np.ones(len(long))])
    places = (np.concatenate([rows, rows]), np.concatenate([rater, unit + len(names)]))
    shape = (len(long), len(names) + len(units))
    solved = lsqr(coo_matrix((signs, places), shape=shape).tocsr(), long["score"].to_numpy(float),
                  atol=1e-12, btol=1e-12)[0]  # fmt: skip
    return dict(zip(names, solved[: len(names)], strict=True))
