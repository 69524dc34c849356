"""``reviewer fit-moves``: talk moves learned from an issuer's own labelled lessons.

Invariant: the table is read and refused before the folder is made; nothing leaves the machine.
"""

from pathlib import Path
from typing import Annotated

import typer

from reviewer.cli.usage import path_given

Talk = Annotated[
    Path,
    typer.Argument(
        parser=path_given,
        metavar="TALK",
        help="CSV: lesson, role (teacher or pupil), sentence, move; turn if known.",
        show_default=False,
    ),
]
Folder = Annotated[
    Path,
    typer.Option(parser=path_given, metavar="FOLDER", help="Where the moves are written."),
]


def fit_moves(talk: Talk, out: Folder) -> None:
    """Learn talk moves from labelled lessons; writes numbers, their meaning and a card."""
    from reviewer.cli.screen import err
    from reviewer.cli.screen import out as screen
    from reviewer.scoring.talk.program import fit_moves_folder
    from reviewer.scoring.talk.table import read_talk

    lessons, empty = read_talk(talk)
    err.print(f"{len(lessons)} lessons; left out: {empty} rows without a sentence.", markup=False)
    screen.print(fit_moves_folder(lessons, out), markup=False)
    err.print(f"Written to {out}.", markup=False)
