"""``python -m eval``: list the studies, run one, or run the bench and compare with baselines.

Invariant: a study that cannot run is named and skipped, never counted as passed.
"""

import os
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from eval.comparing import worse
from eval.study import Skipped, Study, baseline, machine_and_month, save_baseline, studies
from eval.tables import TABLES
from reviewer.cli.calibrate import calibrate
from reviewer.errors import ReviewerError

app = typer.Typer(
    help="Measure reviewer: evidence, scoring, speech, speed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
Data = Annotated[
    Path | None,
    typer.Option(
        "--data", help="Folder of evaluation data; else REVIEWER_EVAL_DATA, ../shared/data"
    ),
]


def _data(given: Path | None) -> Path | None:
    """The data folder: as given, else from the environment, else beside the clone if it exists."""
    if given is not None:
        if not given.is_dir():
            raise typer.BadParameter(f"{given} is not a folder; give the folder of evaluation data")
        return given
    named = os.environ.get("REVIEWER_EVAL_DATA")
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(named) if named else beside
    return folder if folder.is_dir() else None


def _measure(study: Study, data: Path | None, out: Console) -> dict[str, float] | None:
    out.rule(study.NAME)
    started = time.perf_counter()
    try:
        figures = study.run(data, out)
    except Skipped as why:
        out.print(f"[yellow]skipped[/yellow] {study.NAME}: {why}")
        return None
    out.print(f"[dim]{study.NAME}: {time.perf_counter() - started:.0f} s[/dim]")
    return figures


def _compare(name: str, figures: Mapping[str, float], table: Table) -> None:
    known = baseline(name)
    for key, value in figures.items():
        before = known.get(key)
        table.add_row(
            name,
            key,
            f"{value:.4g}",
            "" if before is None else f"{before:.4g}",
            "" if before is None else f"{value - before:+.4g}",
        )


def _table(title: str) -> Table:
    table = Table(title=title)
    for column in ("study", "figure"):
        table.add_column(column)
    for column in ("now", "baseline", "change"):
        table.add_column(column, justify="right")
    return table


@app.command("list")
def list_studies() -> None:
    """Every study, with what it measures; * marks those that `bench` runs."""
    for name, study in studies().items():
        typer.echo(f"{'*' if study.BENCH else ' '} {name:20} {study.HELP}")


@app.command()
def run(
    name: Annotated[str, typer.Argument(help="A study, as `list` names it.")],
    data: Data = None,
    note: Annotated[
        str,
        typer.Option(
            "--note",
            "--save",
            help="What the baseline was measured on; by default machine and date.",
        ),
    ] = "",
) -> None:
    """Run one study, print its figures beside the baseline, and write them as the new baseline.

    What is in eval/baselines/ is under version control: look at the difference before you commit.
    """
    known = studies()
    if name not in known:
        raise typer.BadParameter(f"no study is called {name!r}; known: {', '.join(known)}")
    out = Console()
    figures = _measure(known[name], _data(data), out)
    if figures is None:
        raise typer.Exit(3)
    table = _table(name)
    _compare(name, figures, table)
    out.print(table)
    written = save_baseline(name, figures, note or machine_and_month())
    out.print(f"baseline written: {written.name}")


@app.command()
def bench(data: Data = None) -> None:
    """Run every bench study; one table at the end, beside the committed baselines."""
    out = Console()
    folder = _data(data)
    table = _table("bench")
    for name, study in studies().items():
        if not study.BENCH:
            continue
        figures = _measure(study, folder, out)
        if figures is None:
            table.add_row(name, "skipped", "", "", "")
        else:
            _compare(name, figures, table)
    out.print(table)


@app.command()
def compare(
    names: Annotated[
        list[str] | None, typer.Argument(help="Studies; by default all that have a baseline.")
    ] = None,
    data: Data = None,
) -> None:
    """Run studies again and say which figures got worse than their baseline (exit status 1)."""
    out = Console()
    folder, known = _data(data), studies()
    chosen = names or [name for name in known if baseline(name)]
    unknown = [name for name in chosen if name not in known]
    if unknown:
        raise typer.BadParameter(f"no study is called {unknown[0]!r}; known: {', '.join(known)}")
    lost = 0
    for name in chosen:
        figures = _measure(known[name], folder, out)
        if figures is not None:
            changes = worse(figures, baseline(name))
            lost += len(changes)
            for figure, change in changes.items():
                out.print(f"[red]worse[/red] {name} {figure}: {change:+.4g}")
    out.print("Nothing got worse." if not lost else f"{lost} figures got worse.")
    if lost:
        raise typer.Exit(1)


@app.command()
def report(
    name: Annotated[str, typer.Argument(help=f"A public set: {', '.join(TABLES)}.")],
    data: Data = None,
    csv_out: Annotated[Path | None, typer.Option("--csv", help="Write the table itself.")] = None,
    json_out: Annotated[Path | None, typer.Option("--json", help="Write the report.")] = None,
    html_out: Annotated[Path | None, typer.Option("--html", help="Write a page to read.")] = None,
) -> None:
    """The calibration report on the scores of a public set; no work is in it."""
    if name not in TABLES:
        raise typer.BadParameter(f"no set is called {name!r}; known: {', '.join(TABLES)}")
    try:
        table = TABLES[name](_data(data))
    except Skipped as why:
        raise typer.BadParameter(str(why)) from why
    with tempfile.TemporaryDirectory() as folder:
        path = csv_out or Path(folder) / f"{name}.csv"
        path.write_bytes(table)
        calibrate(path, json_out=json_out, html_out=html_out)


app.command("calibrate")(calibrate)


def main() -> None:
    """Run the command line; what a person can mend is one sentence."""
    try:
        app(prog_name="python -m eval")
    except ReviewerError as error:
        typer.echo(f"eval: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
