"""``reviewer backup``, ``reviewer restore`` and ``reviewer store …``: the store as a whole.

Invariant: every command may be given while pages are served; none loses anything unless told so.
"""

from pathlib import Path
from typing import Annotated

import typer

from reviewer.cli.outputs import check_outputs
from reviewer.cli.usage import PlainCommand, path_given, text_given

app = typer.Typer(help="The store as a whole.", no_args_is_help=True)


def backup(
    file: Annotated[
        Path, typer.Argument(parser=path_given, metavar="FILE", help="Archive to write (.tar).")
    ],
) -> None:
    """Write the store and its files into one archive, at any time."""
    check_outputs(file)

    from reviewer.settings import load_settings
    from reviewer.wiring.keeping import backup as make

    made = make(load_settings(), file)
    typer.echo(
        f"{file}: {made.submissions} submissions, {made.files} files, {made.events} events, as of "
        f"{made.moment}. Each file was read and has its hash."
    )


def restore(
    file: Annotated[
        Path,
        typer.Argument(parser=path_given, metavar="FILE", help="Archive that `backup` wrote."),
    ],
    replace: Annotated[
        bool, typer.Option("--replace", help="Lose what is in the store now.")
    ] = False,
) -> None:
    """Bring a backup into an empty store, once all of it is verified."""
    from reviewer.settings import load_settings
    from reviewer.wiring.keeping import restore as bring

    made = bring(load_settings(), file, replace=replace)
    typer.echo(
        f"Restored as of {made.moment}: {made.submissions} submissions, {made.files} files, "
        f"{made.events} events, each hash right."
    )


@app.command(cls=PlainCommand)
def copy(
    to: Annotated[
        str,
        typer.Option(
            "--to", parser=text_given, metavar="URL", help="Empty database, as REVIEWER_DATABASE."
        ),
    ],
) -> None:
    """Copy the store into an empty database of either kind; submitted files stay where they are."""
    from reviewer.settings import load_settings
    from reviewer.wiring.keeping import copy_to

    copied = copy_to(load_settings(), to)
    typer.echo(
        f"Copied {copied.rows} rows of {copied.tables} tables, as many as there were; "
        f"{copied.events} events, each hash right. Set REVIEWER_DATABASE to use it."
    )


@app.command()
def sweep() -> None:
    """Leave nothing on this machine of rows and files that are gone.

    The database is written anew, without any vectors, which are made again where they are needed;
    copies of files that REVIEWER_FILES has no more are removed.
    """
    from reviewer.settings import load_settings
    from reviewer.wiring.keeping import sweep as sweep_store

    vectors, copies = sweep_store(load_settings())
    typer.echo(
        f"The database was written anew, without its {vectors} vectors; {copies} copies of files "
        "were removed."
    )


@app.callback()
def _root() -> None:
    """The store as a whole."""
