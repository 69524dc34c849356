"""Entry point: registers every command and turns `ReviewerError` into one sentence.

Invariant: no traceback for anything a person did, and one sentence for each; the exit statuses are
those of `STATUSES`.
"""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import typer

from reviewer import __version__
from reviewer.cli import audit, bench, erase, jobs, models, rubric, store, user
from reviewer.cli.agreement import agreement
from reviewer.cli.calibrate import calibrate
from reviewer.cli.demo import demo
from reviewer.cli.draft import draft
from reviewer.cli.fit import fit, score
from reviewer.cli.gate import gate
from reviewer.cli.monitor import monitor
from reviewer.cli.moves import fit_moves
from reviewer.cli.serve import serve
from reviewer.cli.transcribe import transcribe
from reviewer.cli.usage import PlainCommand, usage_sentence
from reviewer.cli.worker import worker
from reviewer.errors import NothingReviewed, RatingsError, ReviewerError

STATUSES = (
    "0 done · 1 refused, with one sentence that says why · 2 called wrongly, or a table of ratings "
    "that cannot be used, or no file that could be reviewed · 130 interrupted · 143 terminated"
)
_STOPPED = "stopped; what was finished is kept."
_INTERRUPTED, _TERMINATED = 128 + signal.SIGINT, 128 + signal.SIGTERM

app = typer.Typer(
    name="reviewer",
    help="First-pass review of educator micro-credentials: cited drafts, human decisions.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command(cls=PlainCommand, epilog=f"Exit status: {STATUSES}.")(draft)
app.command(cls=PlainCommand)(transcribe)
app.add_typer(models.app, name="models")
app.add_typer(rubric.app, name="rubric")
app.command(cls=PlainCommand, short_help="Print every agreement statistic of a table of ratings.")(
    agreement
)
app.command(cls=PlainCommand, short_help="Measure agreement of people and machine, by element.")(
    calibrate
)
app.command(cls=PlainCommand, short_help="Say per element whether drafts may be shown, and why.")(
    gate
)
app.command(cls=PlainCommand)(monitor)
app.command(cls=PlainCommand, short_help="Fit a scorer to blind expert ratings.")(fit)
app.command(cls=PlainCommand, short_help="Draft every text with a fitted scorer.")(score)
app.command("fit-moves", cls=PlainCommand, short_help="Learn talk moves from labelled lessons.")(
    fit_moves
)
app.add_typer(jobs.app, name="jobs")
app.command(cls=PlainCommand)(worker)
app.add_typer(user.app, name="user")
app.add_typer(audit.app, name="audit")
app.add_typer(store.app, name="store")
app.command(cls=PlainCommand)(store.backup)
app.command(cls=PlainCommand)(store.restore)
app.command(cls=PlainCommand)(erase.erase)
app.add_typer(erase.app, name="retention")
app.add_typer(bench.app, name="bench")
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
    with _terminable():
        sys.exit(_run())


def _run() -> int:
    """The exit status, after the sentence, if there is one, has been said."""
    try:
        status: int | None = app(prog_name="reviewer", standalone_mode=False)
    except ReviewerError as error:
        _say(str(error))
        return 2 if isinstance(error, NothingReviewed | RatingsError) else 1
    except typer.TyperException as error:
        _say(usage_sentence(error))
        return 2
    except (KeyboardInterrupt, typer.Abort):
        status = _INTERRUPTED
    except SystemExit as left:
        if left.code != _TERMINATED:
            raise
        status = _TERMINATED
    if status in (_INTERRUPTED, _TERMINATED):
        _say(_STOPPED)
    return status or 0


def _say(sentence: str) -> None:
    if sentence:
        typer.echo(f"reviewer: {sentence}", err=True)


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM unwind the stack as an interrupt does, so that what runs is stopped in order."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(_TERMINATED)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
