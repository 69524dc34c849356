"""Entry point: registers every command and turns `ReviewerError` into one sentence.

Invariant: no traceback for anything a person did; exit status 0 done, 1 refused with a sentence,
2 wrong usage, unusable ratings or nothing could be reviewed, 130 interrupted.
"""

import sys

import typer

from reviewer import __version__
from reviewer.cli import audit, models, rubric, user
from reviewer.cli.agreement import agreement
from reviewer.cli.calibrate import calibrate
from reviewer.cli.demo import demo
from reviewer.cli.draft import draft
from reviewer.cli.fit import fit, score
from reviewer.cli.gate import gate
from reviewer.cli.serve import serve
from reviewer.cli.transcribe import transcribe
from reviewer.errors import NothingReviewed, RatingsError, ReviewerError

app = typer.Typer(
    name="reviewer",
    help="First-pass review of educator micro-credentials: cited drafts, human decisions.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(draft)
app.command()(transcribe)
app.add_typer(models.app, name="models")
app.add_typer(rubric.app, name="rubric")
app.command()(agreement)
app.command()(calibrate)
app.command()(gate)
app.command()(fit)
app.command()(score)
app.add_typer(user.app, name="user")
app.add_typer(audit.app, name="audit")
app.command()(demo)
app.command()(serve)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"reviewer {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """First-pass review of educator micro-credentials: cited drafts, human decisions."""


def main() -> None:
    """Run the command line; the console script and ``python -m reviewer``."""
    try:
        app()
    except ReviewerError as error:
        typer.echo(f"reviewer: {error}", err=True)
        sys.exit(2 if isinstance(error, NothingReviewed | RatingsError) else 1)
    except KeyboardInterrupt:
        typer.echo("reviewer: stopped; what was finished is kept.", err=True)
        sys.exit(130)
