"""Real essays, spoiled in nine ways, before a scorer that was fitted without them.

Invariant: each spoiled essay is paired with the honest one that it was made of; off the task is an
essay of the other set, cut to the same length.
"""

import random
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from eval.rated import rated_set, read_more
from eval.studies.fitted import SEED
from eval.vectors import weights_sha256
from reviewer.scoring.draft import EngineIdentity
from reviewer.scoring.fitted.draft import ENGINE, VERSION, Engine
from reviewer.scoring.fitted.measure import fit_sample, folds
from reviewer.scoring.fitted.trials import run_trials

NAME = "fitted_attacks"
HELP = "fitted scorer: essays with the rubric pasted in, repeated, shuffled, denied, off the task …"
BENCH = False

ESSAYS = 60  # of each set, drawn from the held-out fold, of FEWEST words or more
FEWEST = 80


def run(data: Path | None, out: Console) -> dict[str, float]:
    """Both sets; the worst element of each attack is what is returned."""
    figures: dict[str, float] = {}
    sets = [rated_set(name, data) for name in ("asap7", "ellipse")]
    for rated, other in (sets, sets[::-1]):
        training, held = folds(rated.sample, SEED)[0]
        scorer = fit_sample(rated.credential, rated.sample.some(training))
        identity = EngineIdentity(
            ENGINE, VERSION, weights_sha256(), rated.credential.rubric_hash, {}
        )
        draw = random.Random(SEED)
        long = [at for at in held.tolist() if len(rated.texts[at].split()) >= FEWEST]
        texts = [rated.texts[at] for at in draw.sample(long, ESSAYS)]
        strangers = [one for one in other.texts if len(one.split()) >= FEWEST]
        trials = run_trials(
            rated.credential,
            Engine(scorer, identity),
            texts,
            draw.sample(strangers, ESSAYS),
            partial(read_more, rated),
        )
        table = Table(title=f"{rated.name}: {ESSAYS} essays, rose / at the bottom")
        table.add_column("attack")
        for element in rated.credential.elements:
            table.add_column(element.id, justify="right")
        for one in trials:
            pairs = zip(one.rose, one.bottom, strict=True)
            table.add_row(one.attack, *(f"{rose:.2f} / {low:.2f}" for rose, low in pairs))
            figures[f"{rated.name} {one.attack}, rose, most"] = max(one.rose)
            figures[f"{rated.name} {one.attack}, at the bottom, least"] = min(one.bottom)
            if one.attack == "off the task" and rated.name == "asap7":
                figures[f"{rated.name} {one.attack}, ideas at the bottom"] = one.bottom[0]
        out.print(table)
    return figures
