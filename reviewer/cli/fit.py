"""``reviewer fit`` and ``reviewer score``: a scorer fitted to expert ratings, and its drafts.

Invariant: tables and folders are read and refused before any model is loaded; results are written
whole or not at all.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from reviewer.cli.outputs import check_outputs, write_whole


class FitEngine(StrEnum):
    """How a scorer is fitted."""

    STANDARD = "standard"
    DEEP = "deep"


Texts = Annotated[
    Path,
    typer.Argument(
        metavar="TEXTS", help="CSV: submission, candidate, group, text.", show_default=False
    ),
]
Rubric = Annotated[
    str, typer.Option(metavar="FILE", help="The rubric: a YAML file, or an id from rubrics/.")
]


def fit(
    texts: Texts,
    ratings: Annotated[
        Path,
        typer.Argument(
            metavar="RATINGS", help="CSV, the long table of ratings.", show_default=False
        ),
    ],
    rubric: Rubric,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the scorer is written.")],
    engine: Annotated[
        FitEngine,
        typer.Option(help="standard: minutes on a processor; deep: tunes the encoder (GPU)."),
    ] = FitEngine.STANDARD,
    seed: Annotated[int, typer.Option(help="Of folds, draws and attacks.", min=0)] = 0,
) -> None:
    """Fit a scorer to blind expert ratings; writes numbers, their meaning and a model card."""
    from reviewer.cli.screen import err
    from reviewer.cli.screen import out as screen
    from reviewer.cli.stages import stage_bars
    from reviewer.rubric import find_credential
    from reviewer.scoring.fitted.saved import Origin, prepare
    from reviewer.scoring.fitted.tables import read_rated, said
    from reviewer.settings import load_settings
    from reviewer.wiring import open_encoder

    settings = load_settings()
    credential = find_credential(rubric, settings.rubrics_dir)
    rated = read_rated(texts, ratings, credential)
    prepare(out)
    err.print(f"{len(rated.texts)} rated texts; left out: {said(rated.left_out)}.", markup=False)
    with stage_bars() as progress:
        encoder = open_encoder(settings, progress)

    from reviewer.scoring.fitted.program import fit_folder

    origin = Origin(credential, encoder.sha256, rated.data_sha256, seed, engine.value)
    card = fit_folder(
        rated,
        origin,
        encoder.encode,
        encoder.folder,
        out,
        lambda step: err.print(f"{step} …", markup=False),
    )
    screen.print(card, markup=False)


def score(
    texts: Texts,
    fitted: Annotated[Path, typer.Option(metavar="FOLDER", help="What `reviewer fit` wrote.")],
    rubric: Rubric,
    json_out: Annotated[
        Path, typer.Option("--json", metavar="OUT", help="JSON Lines; - is stdout.")
    ],
    abstain_below: Annotated[
        float,
        typer.Option(
            metavar="P",
            min=0.0,
            max=1.0,
            help="Decline where no level is as probable as P; 0 drafts every text.",
        ),
    ] = 0.0,
) -> None:
    """Draft every text with a fitted scorer: one JSON object a submission and element."""
    check_outputs(json_out)

    from reviewer.cli.stages import stage_bars
    from reviewer.rubric import find_credential
    from reviewer.scoring.fitted.saved import load_engine
    from reviewer.scoring.fitted.tables import read_texts
    from reviewer.settings import load_settings
    from reviewer.wiring import open_encoder

    settings = load_settings()
    credential = find_credential(rubric, settings.rubrics_dir)
    rows = read_texts(texts)
    with stage_bars() as progress:
        encoder = open_encoder(settings, progress)
    engine = load_engine(fitted, credential, encoder.sha256, abstain_below)

    from reviewer.scoring.fitted.program import rows_for, score_lines

    encode = rows_for(engine, fitted, encoder.encode, settings.threads)
    lines = score_lines(credential, engine, rows, encode)
    write_whole(json_out, "".join(lines).encode())
