"""``reviewer draft``: a folder of artifacts in, cited drafts out.

Invariant: where results are to go is checked before the work starts, and they are written whole or
not at all. With ``--json -`` nothing but the JSON reaches standard output.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reviewer.cli.outputs import STANDARD_OUTPUT, check_outputs, write_whole
from reviewer.cli.usage import path_given, text_given

if TYPE_CHECKING:
    from rich.console import Console

    from reviewer.export.view import ElementView, PassView

_KEPT = "the drafts are kept"
QUOTE = 160  # characters of a quote that the table shows


def draft(
    folder: Annotated[
        Path,
        typer.Argument(
            parser=path_given,
            metavar="FOLDER",
            help="The submission's folder.",
            show_default=False,
        ),
    ],
    credential: Annotated[
        str,
        typer.Option(
            parser=text_given,
            metavar="ID",
            help="Credential: an id, published or in rubrics/, or a YAML file.",
        ),
    ],
    json_out: Annotated[
        Path | None,
        typer.Option(
            "--json", parser=path_given, metavar="OUT", help="Write the result; - is stdout."
        ),
    ] = None,
    html_out: Annotated[
        Path | None,
        typer.Option("--html", parser=path_given, metavar="OUT", help="Write a report to read."),
    ] = None,
) -> None:
    """Review a folder: find evidence, draft a cited score an element."""
    check_outputs(json_out, html_out)

    from reviewer.cli.screen import err, out
    from reviewer.cli.stages import stage_bars
    from reviewer.intake.package.looking import look
    from reviewer.settings import load_settings
    from reviewer.wiring import credential_named, open_program

    settings = load_settings()
    wanted = credential_named(settings, credential)
    program = open_program(settings)
    # One's own files are looked at here: a process of their own takes a third of a second to start.
    submission_id = program.submit(folder, wanted, look)
    with stage_bars() as progress:
        first_pass = program.run(submission_id, progress)

    if json_out is not None:
        from reviewer.export.result import result_json

        write_whole(json_out, result_json(first_pass), _KEPT)
    if html_out is not None:
        from reviewer.export.report import report_html

        write_whole(html_out, report_html(first_pass, wanted).encode(), _KEPT)

    from reviewer.export.compose import compose

    _show(err if json_out == STANDARD_OUTPUT else out, compose(first_pass, wanted))


def _show(console: "Console", view: "PassView") -> None:
    from rich.table import Table
    from rich.text import Text

    from reviewer.export.wording import legible

    def text(words: str, style: str = "") -> Text:
        return Text(legible(words), style=style)

    console.print(text(f"{view.title}: {view.candidate}, attempt {view.attempt}", style="bold"))
    for finding in view.findings:
        fine = finding.kind == "ok"
        sign = text("  ✓ ", style="green") if fine else text("  ! ", style="yellow")
        console.print(sign + text(finding.message))
    for artifact in view.artifacts:
        if artifact.problem:
            console.print(text("  ! ", style="yellow") + text(artifact.problem))
    for message in view.messages:
        console.print(text(f"    {message}", style="dim"))
    table = Table(show_lines=True, expand=True)
    table.add_column("element", ratio=3)
    table.add_column("first pass", ratio=3)
    table.add_column("levels", no_wrap=True)
    table.add_column("strongest evidence", ratio=5)
    for element in view.elements:
        table.add_row(*(text(cell) for cell in _cells(element)))
    console.print(table, soft_wrap=False)
    console.print(text(f"{view.outcome}. A draft is a proposal: a person decides every score."))


def _cells(element: "ElementView") -> tuple[str, str, str, str]:
    outcome = "\n".join(part for part in (element.headline, element.fitness) if part)
    levels = "\n".join(
        f"{level.value}  {level.percent}" for level in element.levels if level.percent
    )
    if not element.citations:
        return element.title, outcome, levels, element.reason
    best = max(element.citations, key=lambda citation: citation.share)
    where = ", ".join(part for part in (best.name, best.place) if part)
    return element.title, outcome, levels, f"{best.glyph} “{_short(best.quote)}”\n{where}"


def _short(quote: str) -> str:
    """The quote on one line, its middle left out if it is long; the report has it whole."""
    words = " ".join(quote.split())
    if len(words) <= QUOTE:
        return words
    head, tail = words[: QUOTE // 2].rsplit(" ", 1)[0], words[-QUOTE // 3 :].split(" ", 1)[-1]
    return f"{head} … {tail}"
