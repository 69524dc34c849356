"""The deep engine on prompts it has not seen, beside the standard one fitted to the same essays.

Invariant: one fold of prompts is held out of everything; all rows of the table are fitted to the
same essays and measured on the same others. Without a GPU these are a subset, and how large it is
is said.
"""

import tempfile
from pathlib import Path

import numpy as np
from rich.console import Console

from eval.floors import floor, length_only
from eval.rated import rated_set, read_more
from eval.studies.fitted import SEED, add_row, by_element, element_table
from eval.vectors import encoding, weights_folder
from reviewer.scoring.fitted.deep import EPOCHS, deep_rows, fit_deep, open_tuned
from reviewer.scoring.fitted.measure import fit_sample, folds, predict
from reviewer.settings import load_settings

NAME = "fitted_deep"
HELP = "deep engine on unseen prompts of ELLIPSE, beside standard (all essays on a GPU, else 150)"
BENCH = False

SUBSET = 150  # essays that the encoder is tuned to where there is no GPU


def run(
    data: Path | None, out: Console, subset: int = SUBSET, epochs: int = EPOCHS
) -> dict[str, float]:
    """Fit both engines to the same essays; raises `Skipped` where data or weights are absent."""
    import torch

    rated = rated_set("ellipse", data)
    training, held = folds(rated.sample, SEED)[0]
    if not torch.cuda.is_available():
        training = np.random.default_rng(SEED).permutation(training)[:subset]
    sample, scores = rated.sample.some(training), rated.sample.scores
    texts = [rated.texts[at] for at in held]
    with tempfile.TemporaryDirectory() as folder:
        fit = fit_deep(rated.credential, sample, weights_folder(), Path(folder), epochs, SEED)
        tuned = open_tuned(Path(folder), load_settings().threads)
        works = read_more(rated, texts, deep_rows(tuned, encoding()))
        drafted = {"deep": predict(fit.scorer, works).levels}
    standard = fit_sample(rated.credential, sample)
    drafted["standard"] = predict(standard, rated.sample.some(held).works).levels
    known = [rated.texts[at] for at in training]
    drafted["floor"] = floor(known, scores[training], texts)
    drafted["length only"] = length_only(known, scores[training], texts)
    title = f"{len(training)} essays fitted on, {len(held)} of other prompts drafted"
    table = element_table(rated, f"{title}, {epochs} epochs")
    rows = {name: by_element(rated, one, scores[held]) for name, one in drafted.items()}
    for name, values in rows.items():
        add_row(table, name, values)
    out.print(table)
    return {name: float(np.mean(values)) for name, values in rows.items()} | {
        "essays fitted on": float(len(training))
    }
