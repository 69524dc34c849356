"""``reviewer rubric``: check credential files, list the credentials, print their JSON Schema."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from reviewer.rubric import Credential

app = typer.Typer(no_args_is_help=True, help="Check, list and describe credentials.")


@app.command()
def check(
    files: list[Path] = typer.Argument(
        metavar="FILE...", help="Credential files, YAML or JSON.", show_default=False
    ),
) -> None:
    """Say whether credential files are valid; otherwise what to change, and in which line."""
    from reviewer.rubric import examine

    faulty = False
    for file in files:
        credential, problems = examine(file)
        for problem in problems:
            typer.echo(f"reviewer: {problem}", err=True)
        if credential:
            typer.echo(f"{file} is valid: {_summary(credential)}.")
        faulty = faulty or credential is None
    if faulty:
        raise typer.Exit(1)


@app.command("list")
def list_() -> None:
    """List the credentials in the rubrics folder."""
    from rich.table import Table

    from reviewer.cli.screen import out
    from reviewer.rubric import list_credentials
    from reviewer.settings import load_settings

    folder = load_settings().rubrics_dir
    listed = list_credentials(folder)
    table = Table(caption=f"Credentials lie in {folder}", caption_justify="left")
    table.add_column("id", no_wrap=True)
    for column in ("title", "version", "elements", "awarded for"):
        table.add_column(column, justify="right" if column == "elements" else "left")
    for one in listed:
        if one.credential:
            table.add_row(*_row(one.credential))
    out.print(table)
    problems = [one.problem for one in listed if one.problem]
    for problem in problems:
        typer.echo(f"reviewer: {problem}", err=True)
    if problems:
        raise typer.Exit(1)


@app.command()
def schema() -> None:
    """Print the JSON Schema of credential files."""
    from reviewer.rubric import schema_text

    typer.echo(schema_text(), nl=False)


def _summary(credential: "Credential") -> str:
    rule = credential.decision.in_words if credential.decision else "no decision rule"
    bare = [one.id for one in credential.elements if not one.supporting and not one.counter]
    note = f"; no indicators in {', '.join(bare)}" if bare else ""
    return (
        f"{credential.title}, version {credential.version}, {len(credential.elements)} element"
        f"{'' if len(credential.elements) == 1 else 's'}, {rule}, "
        f"hash {credential.rubric_hash[:12]}{note}"
    )


def _row(credential: "Credential") -> tuple[str, ...]:
    from rich.markup import escape

    return (
        credential.id,
        escape(credential.title),
        escape(credential.version),
        str(len(credential.elements)),
        credential.decision.in_words if credential.decision else "no rule",
    )
