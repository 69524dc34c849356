"""``reviewer bench …``: what this installation bears, measured in a store of its own.

Invariant: nothing of REVIEWER_HOME is read or written but the weights' folder, read.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reviewer.cli.outputs import STANDARD_OUTPUT, check_outputs, write_whole
from reviewer.cli.usage import PlainCommand, path_given

if TYPE_CHECKING:
    from rich.console import Console

    from reviewer.bench.scale import ScaleRun

CREDENTIAL = "morning-meetings-for-sel"

app = typer.Typer(help="What this installation bears, measured.", no_args_is_help=True)


@app.command(cls=PlainCommand)
def scale(
    submissions: Annotated[
        int, typer.Option(min=10, metavar="N", help="Submissions in each run.")
    ] = 1000,
    workers: Annotated[
        list[int] | None,
        typer.Option(
            min=1, metavar="N", help="Workers of a run; again for a further run. 1 and 2 if not."
        ),
    ] = None,
    json_out: Annotated[
        Path | None,
        typer.Option("--json", parser=path_given, metavar="OUT", help="Write it; - is stdout."),
    ] = None,
) -> None:
    """Put many small submissions through a cluster on this machine: time, overhead, memory.

    Each has a captioned recording and a page of plans, 20 short segments together; every stage but
    hearing is the real one. It needs `reviewer[cluster]`.
    """
    check_outputs(json_out)

    from reviewer.jobs.cluster_worker import need_dask

    need_dask()

    from reviewer.bench.scale import run_scale
    from reviewer.cli.screen import err, out
    from reviewer.rubric import find_credential
    from reviewer.settings import load_settings

    settings = load_settings()
    credential = find_credential(CREDENTIAL, settings.rubrics_dir)
    runs = []
    for count in workers or (1, 2):
        word = "worker" if count == 1 else "workers"

        def say(words: str, crew: str = f"{count} {word}") -> None:
            err.print(f"{crew}: {words}")

        runs.append(run_scale(settings, credential, submissions, count, say))
    if json_out is not None:
        write_whole(json_out, json.dumps([asdict(one) for one in runs], indent=2).encode() + b"\n")
    _show(err if json_out == STANDARD_OUTPUT else out, runs)


def _show(console: "Console", runs: "list[ScaleRun]") -> None:
    from rich.table import Table

    table = Table()
    table.add_column("figure")
    for run in runs:
        table.add_column(f"{run.workers} × 1 thread", justify="right")
    first = runs[0]
    rows = {
        "submissions": [f"{run.submissions}" for run in runs],
        "handing in, ms each": [f"{1000 * run.handed_in_s / run.submissions:.0f}" for run in runs],
        "seconds": [f"{run.seconds:.0f}" for run in runs],
        "ms for a submission": [f"{run.ms_each:.0f}" for run in runs],
        "… in the first tenth": [f"{run.tenth_ms(0):.0f}" for run in runs],
        "… in the last tenth": [f"{run.tenth_ms(-1):.0f}" for run in runs],
        "times as fast as the first run": [f"{first.ms_each / run.ms_each:.2f}" for run in runs],
        "stages": [f"{run.stages}" for run in runs],
        "overhead for a stage, ms": [f"{run.overhead_ms:.1f}" for run in runs],
        "server's MiB, first and last tenth": [_grown(run, "engine_mib") for run in runs],
        "scheduler's MiB": [_grown(run, "scheduler_mib") for run in runs],
        "largest worker's MiB": [_grown(run, "worker_mib") for run in runs],
    }
    for name, cells in rows.items():
        table.add_row(name, *cells)
    console.print(table, soft_wrap=False)


def _grown(run: "ScaleRun", what: str) -> str:
    return f"{getattr(run.marks[0], what):.0f} → {getattr(run.marks[-1], what):.0f}"


@app.callback()
def _root() -> None:
    """What this installation bears, measured."""
