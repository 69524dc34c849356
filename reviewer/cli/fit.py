"""``reviewer fit`` and ``reviewer score``: a scorer fitted to expert ratings, and its drafts.

Invariant: tables and folders are read and refused before any model is loaded; results are written
whole or not at all.
"""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reviewer.cli.outputs import check_outputs, write_whole
from reviewer.cli.usage import path_given, text_given

if TYPE_CHECKING:
    from reviewer.rubric import Credential
    from reviewer.scoring.fitted.rated import Rated
    from reviewer.settings import Settings


class FitEngine(StrEnum):
    """How a scorer is fitted."""

    STANDARD = "standard"
    DEEP = "deep"


Texts = Annotated[
    Path,
    typer.Argument(
        parser=path_given,
        metavar="TEXTS",
        help="CSV: submission, candidate, group, text.",
        show_default=False,
    ),
]
Rubric = Annotated[
    str,
    typer.Option(parser=text_given, metavar="FILE", help="The rubric: a YAML file, or an id."),
]
GivenTexts = Annotated[
    Path | None,
    typer.Argument(
        parser=path_given,
        metavar="TEXTS",
        help="CSV: submission, candidate, group, text.",
        show_default=False,
    ),
]
GivenRatings = Annotated[
    Path | None,
    typer.Argument(
        parser=path_given,
        metavar="RATINGS",
        help="CSV, the long table of ratings.",
        show_default=False,
    ),
]
GivenRubric = Annotated[
    str | None,
    typer.Option(
        parser=text_given, metavar="FILE", help="The tables' rubric: a YAML file, or an id."
    ),
]
Stored = Annotated[
    str | None,
    typer.Option(
        parser=text_given,
        metavar="ID",
        help="Fit to the store's works and ratings, not to tables.",
    ),
]
Folder = Annotated[
    Path | None,
    typer.Option(
        parser=path_given,
        metavar="FOLDER",
        help="Where the scorer is written; with --credential, by default where first passes "
        "look for it.",
    ),
]


def fit(
    texts: GivenTexts = None,
    ratings: GivenRatings = None,
    rubric: GivenRubric = None,
    credential: Stored = None,
    out: Folder = None,
    engine: Annotated[
        FitEngine,
        typer.Option(help="standard: minutes on a processor; deep: tunes the encoder (GPU)."),
    ] = FitEngine.STANDARD,
    seed: Annotated[int, typer.Option(help="Of folds, draws and attacks.", min=0)] = 0,
) -> None:
    """Fit a scorer to blind expert ratings; writes numbers, their meaning and a model card."""
    from reviewer.settings import load_settings
    from reviewer.wiring import credential_named

    settings = load_settings()
    if credential and not (texts or ratings or rubric):
        asked = credential_named(settings, credential)
        _write(_from_store(settings, asked, out), asked, engine, seed, settings)
    elif texts and ratings and rubric and out and not credential:
        asked = credential_named(settings, rubric)
        from reviewer.scoring.fitted.tables import read_rated

        _write([(read_rated(texts, ratings, asked), out)], asked, engine, seed, settings)
    else:
        raise typer.BadParameter(
            "give TEXTS, RATINGS, --rubric FILE and --out FOLDER, or --credential ID alone"
        )


def _from_store(
    settings: "Settings", credential: "Credential", out: Path | None
) -> list[tuple["Rated", Path]]:
    """Rated works of the store, each with the folder that its scorer goes to."""
    from reviewer.wiring import rated_in_store

    found = rated_in_store(settings, credential)
    if out is not None and len(found) == 1:
        return [(found[0], out)]
    shelf = settings.fitted_dir / credential.id if out is None else out
    return [(one, shelf / one.data_sha256[:12]) for one in found]


def _write(
    asked: Sequence[tuple["Rated", Path]],
    credential: "Credential",
    engine: FitEngine,
    seed: int,
    settings: "Settings",
) -> None:
    """Fit one scorer to each; every folder is made before the work begins."""
    from reviewer.cli.screen import err
    from reviewer.cli.screen import out as screen
    from reviewer.cli.stages import stage_bars
    from reviewer.scoring.fitted.rated import said
    from reviewer.scoring.fitted.saved import Origin, prepare
    from reviewer.wiring import open_encoder

    for rated, folder in asked:
        prepare(folder)
        left_out = said(rated.left_out)
        err.print(f"{len(rated.texts)} rated texts; left out: {left_out}.", markup=False)
    with stage_bars() as progress:
        encoder = open_encoder(settings, progress)

    from reviewer.scoring.fitted.program import fit_folder

    for rated, folder in asked:
        origin = Origin(credential, encoder.sha256, rated.data_sha256, seed, engine.value)
        card = fit_folder(
            rated,
            origin,
            encoder.encode,
            encoder.folder,
            folder,
            lambda step: err.print(f"{step} …", markup=False),
        )
        screen.print(card, markup=False)
        err.print(f"Written to {folder}.", markup=False)


def score(
    texts: Texts,
    fitted: Annotated[
        Path, typer.Option(parser=path_given, metavar="FOLDER", help="What `reviewer fit` wrote.")
    ],
    rubric: Rubric,
    json_out: Annotated[
        Path,
        typer.Option("--json", parser=path_given, metavar="OUT", help="JSON Lines; - is stdout."),
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
    from reviewer.scoring.fitted.saved import load_engine
    from reviewer.scoring.fitted.tables import read_texts
    from reviewer.settings import load_settings
    from reviewer.wiring import credential_named, open_encoder

    settings = load_settings()
    credential = credential_named(settings, rubric)
    rows = read_texts(texts)
    with stage_bars() as progress:
        encoder = open_encoder(settings, progress)
    engine = load_engine(fitted, credential, encoder.sha256, abstain_below)

    from reviewer.scoring.fitted.program import rows_for, score_lines

    encode = rows_for(engine, fitted, encoder.encode, settings.threads)
    lines = score_lines(credential, engine, rows, encode)
    write_whole(json_out, "".join(lines).encode())
