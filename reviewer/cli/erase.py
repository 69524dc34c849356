"""``reviewer erase`` and ``reviewer retention``: work that goes, and what stays of it.

Invariant: nothing goes before a person has said so, on the terminal or by ``--yes``.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from reviewer.cli.usage import PlainCommand, text_given

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.store.erasure import Erased, Work

app = typer.Typer(help="Work that was kept long enough.", no_args_is_help=True)

Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def erase(
    candidate: Annotated[
        str,
        typer.Argument(parser=text_given, metavar="CANDIDATE", help="Pseudonym of the candidate."),
    ],
    yes: Yes = False,
) -> None:
    """Erase a candidate's work, and search the store for what is left."""
    from reviewer.settings import load_settings
    from reviewer.wiring.keeping import work_of

    _erase([work_of(load_settings(), candidate)], yes=yes)


@app.command("list")
def list_() -> None:
    """List the work for credentials with `retention_days`, and when it is due."""
    from reviewer.settings import load_settings
    from reviewer.wiring.keeping import retention

    for one in retention(load_settings()):
        ends = f"{one.ends:%Y-%m-%d}" if one.ends else "no outcome yet"
        typer.echo(f"{ends}\t{one.credential}\t{one.work.candidate}")


@app.command(cls=PlainCommand)
def run(yes: Yes = False) -> None:
    """Erase the work that was kept for its `retention_days` after the outcome."""
    from datetime import UTC, datetime

    from reviewer.settings import load_settings
    from reviewer.wiring.keeping import retention

    now = datetime.now(UTC)
    due = [one.work for one in retention(load_settings()) if one.ends and one.ends <= now]
    if due:
        _erase(due, yes=yes)
    else:
        typer.echo("No work was kept for longer than its credential says.")


def _erase(works: "Sequence[Work]", *, yes: bool) -> None:
    from reviewer.settings import load_settings
    from reviewer.wiring.keeping import erase as erase_work

    for work in works:
        typer.echo(f"{work.candidate}: {', '.join(work.submissions)}")
    if not yes:
        typer.confirm(
            "Erase files, transcripts, drafts and words about this work, for good?", abort=True
        )
    typer.echo(_told(erase_work(load_settings(), works)))


def _told(erased: "Erased") -> str:
    searched = erased.searched
    levels = (
        f"{erased.ratings} ratings too, as their credential asks; other levels stay"
        if erased.ratings
        else "Their levels stay"
    )
    return (
        f"Erased: {erased.submissions} submissions, {erased.files} files, {erased.results} results "
        f"of stages, {erased.vectors} vectors, {erased.remarks} remarks. {levels} under "
        f"{', '.join(erased.tombstones)}.\n"
        f"Searched for {erased.passages} runs of words of the work: {searched.tables} tables "
        f"({searched.rows} rows), {searched.files} files, {erased.kept} submitted files by their "
        "hash. Nothing is left.\n"
        f"Not searched for: {erased.shared} runs that other work, a credential or an anchor holds "
        f"as well; {erased.anchors} anchors were made of this work, without names, and stay.\n"
        "Not searched: backups, and the memory of a server that runs."
    )
