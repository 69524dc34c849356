"""``reviewer jobs …``: the first passes of a store, listed and steered.

Invariant: what is finished stays finished whatever is said here; nothing of a candidate's words is
printed.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from reviewer.cli.usage import PlainCommand, text_given

if TYPE_CHECKING:
    from reviewer.jobs.steering import Steer
    from reviewer.store.queue import Job

MOST = 200
"""Lines of the list where nothing else is asked for."""

app = typer.Typer(
    help="First passes: which wait, run or failed; stop and retry.", no_args_is_help=True
)
Submissions = Annotated[
    list[str],
    typer.Argument(
        parser=text_given, metavar="SUBMISSION", help="Ids, as `list` shows.", show_default=False
    ),
]


@app.command("list", cls=PlainCommand)
def list_jobs(
    every: Annotated[bool, typer.Option("--all", help="Those that are done too.")] = False,
    most: Annotated[
        int, typer.Option(min=1, metavar="N", help="How many at the most, newest first.")
    ] = MOST,
) -> None:
    """List first passes that are not done: waiting, running, paused, canceled, failed."""
    from reviewer.cli.screen import err, out
    from reviewer.settings import load_settings
    from reviewer.wiring import open_repository

    jobs = open_repository(load_settings()).queue.jobs(most, every)
    if not jobs:
        err.print("No first pass is waiting, running, held or failed.")
        return
    from rich.table import Table
    from rich.text import Text

    from reviewer.export.wording import legible

    table = Table()
    for column in ("submission", "credential", "attempt", "state", "stages done", "last error"):
        table.add_column(column)
    for job in jobs:
        table.add_row(*(Text(legible(cell)) for cell in _cells(job)))
    out.print(table, soft_wrap=False)


def _cells(job: "Job") -> tuple[str, ...]:
    from reviewer.store.records import StageState

    done, total = job.stages.get(StageState.DONE, 0), sum(job.stages.values())
    return (
        job.submission,
        job.credential,
        str(job.attempt),
        job.state,
        f"{done} of {total}",
        job.error or "",
    )


@app.command(cls=PlainCommand)
def pause(submissions: Submissions) -> None:
    """Begin no further stage of them; `retry` goes on."""
    from reviewer.jobs.steering import Steer

    _steer(submissions, Steer.PAUSE, "paused")


@app.command(cls=PlainCommand)
def retry(submissions: Submissions) -> None:
    """Go on with what was paused or canceled, and give failed stages new attempts."""
    from reviewer.jobs.steering import Steer

    _steer(submissions, Steer.RETRY, "queued; `reviewer serve` takes it up within seconds")


@app.command(cls=PlainCommand)
def cancel(submissions: Submissions) -> None:
    """End them: stages that are not done count as failed, what is done stays."""
    from reviewer.jobs.steering import Steer

    _steer(submissions, Steer.CANCEL, "canceled")


def _steer(submissions: list[str], how: "Steer", word: str) -> None:
    from reviewer.settings import load_settings
    from reviewer.wiring import open_program

    steering = open_program(load_settings()).steering
    for one in submissions:
        steering.steer(one, how, "operator")
        typer.echo(f"{one}: {word}")


@app.callback()
def _root() -> None:
    """First passes: which wait, run or failed; stop and retry."""
