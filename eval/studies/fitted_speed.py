"""How long a fit of 2,500 essays takes from cold and how much memory, and how fast drafts come.

Invariant: the commands are run as a person runs them, each in a process of its own with an empty
store, so that nothing was embedded before; scoring is timed on essays that the fit has embedded.
"""

import csv
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import yaml
from rich.console import Console

from eval.data import asap7, ellipse, ellipse_credential
from eval.processes import spend
from eval.rated import with_half_points
from eval.recordings import say
from eval.vectors import weights_folder
from reviewer.rubric import Credential

NAME = "fitted_speed"
HELP = "fitted scorer: seconds and memory of a fit of 2,500 essays from cold, essays a second"
BENCH = False

WORKS = 2500
SCORED = 500  # essays whose drafts are timed


def run(data: Path | None, out: Console) -> dict[str, float]:
    """Fit once and score once; all of ELLIPSE, filled up with essays of ASAP set 7."""
    weights_folder()
    credential = with_half_points(ellipse_credential(data))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rubric = folder / "rubric.yaml"
        rubric.write_text(yaml.safe_dump(credential.model_dump(mode="json", exclude_none=True)))
        texts, ratings, some = _tables(data, credential, folder)
        where = ["--rubric", str(rubric)]
        home = {"REVIEWER_HOME": str(folder / "home"), "REVIEWER_OFFLINE": "1"}
        given = ["fit", str(texts), str(ratings), *where, "--out", str(folder / "f")]
        fit = spend(["-m", "reviewer", *given], home)
        scored = ["score", str(some), *where, "--fitted", str(folder / "f"), "--json", os.devnull]
        drafts = spend(["-m", "reviewer", *scored], home)
    n = f"one run, {WORKS} essays, {len(credential.elements)} elements, {os.cpu_count()} processors"
    say(out, "fit from cold, seconds", fit.wall_s, "<= 600", n)
    say(out, "fit from cold, processor seconds", fit.processor_s, "", n)
    say(out, "fit, largest memory in GB", fit.memory_gb, "<= 2", n)
    rate = SCORED / drafts.wall_s
    say(out, "essays drafted a second", rate, ">= 20", f"{SCORED} embedded essays, start and all")
    return {
        "fit, seconds": fit.wall_s,
        "fit, processor seconds": fit.processor_s,
        "fit, GB": fit.memory_gb,
        "essays drafted a second": rate,
        "essays drafted a processor second": SCORED / drafts.processor_s,
    }


def _tables(data: Path | None, credential: Credential, folder: Path) -> tuple[Path, Path, Path]:
    """Texts, ratings and the texts that are scored; essays of ASAP get scores by their ideas.

    What those say is nothing about ELLIPSE's elements: they are there to be read and weighed.
    """
    elements = credential.elements
    essays = [(one.text, one.prompt, [one.scores[e.id] for e in elements]) for one in ellipse(data)]
    for one in asap7(data):
        if len(essays) == WORKS:
            break
        essays.append((one.text, "asap7", [1 + one.scores["ideas"]] * len(elements)))
    paths = folder / "texts.csv", folder / "ratings.csv", folder / "some.csv"
    rows = [[f"s{at}", f"s{at}", prompt, text] for at, (text, prompt, _) in enumerate(essays)]
    head = ["submission", "candidate", "group", "text"]
    _write(paths[0], [head, *rows])
    _write(paths[2], [head, *rows[:SCORED]])
    scores = [
        [f"s{at}", element.id, "r1", f"{score:g}"]
        for at, (_, _, own) in enumerate(essays)
        for element, score in zip(elements, own, strict=True)
    ]
    _write(paths[1], [["submission", "element", "rater", "score"], *scores])
    return paths


def _write(path: Path, rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows(rows)
