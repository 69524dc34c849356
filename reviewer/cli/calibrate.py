"""``reviewer calibrate``: a table of ratings, or the store's, in, how far they can be trusted out.

Invariant: standard output has the findings, or with ``--json -`` the JSON and nothing else; what
was assumed, mended or left out is said on standard error.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reviewer.cli.outputs import STANDARD_OUTPUT, check_outputs, write_whole
from reviewer.cli.usage import path_given, text_given

if TYPE_CHECKING:
    from rich.console import Console

    from reviewer.calibration.ratings import Ratings
    from reviewer.calibration.report import Report
    from reviewer.rubric import Credential
    from reviewer.settings import Settings

STORE = "the store"
"""What the ratings are called in sentences where they come from no file."""


Table = Annotated[
    Path | None,
    typer.Argument(
        parser=path_given,
        metavar="RATINGS",
        help="Table of ratings: CSV or Parquet, long or wide. Without it, all ratings and "
        "drafts in the store at REVIEWER_HOME.",
        show_default=False,
    ),
]
Reference = Annotated[
    str | None,
    typer.Option(
        parser=text_given,
        metavar="WHO",
        help="Whom the machine is held to: expert, consensus or a rater; by default experts where "
        "there are some, else any person.",
    ),
]
CredentialId = Annotated[
    str | None,
    typer.Option(
        parser=text_given, metavar="ID", help="Credential whose levels and pass rule apply."
    ),
]
Subgroups = Annotated[
    Path | None,
    typer.Option(
        parser=path_given, metavar="FILE", help="Table of candidate and columns of subgroups."
    ),
]
By = Annotated[
    str,
    typer.Option(
        parser=text_given, metavar="WHAT", help="Tell apart by element, month or a column."
    ),
]
Wanted = Annotated[
    float,
    typer.Option(min=0.01, max=0.99, help="Share right that drafts must reach to be shown."),
]
Resamples = Annotated[int, typer.Option(min=20, help="Draws of candidates.")]
Seed = Annotated[int, typer.Option(min=0, help="Seed of every draw.")]
JsonOut = Annotated[
    Path | None,
    typer.Option("--json", parser=path_given, metavar="OUT", help="Write the report; - is stdout."),
]
HtmlOut = Annotated[
    Path | None,
    typer.Option("--html", parser=path_given, metavar="OUT", help="Write a report to read."),
]


def calibrate(
    ratings: Table = None,
    reference: Reference = None,
    credential: CredentialId = None,
    subgroups: Subgroups = None,
    by: By = "element",
    wanted: Wanted = 0.8,
    resamples: Resamples = 1000,
    seed: Seed = 20240229,
    json_out: JsonOut = None,
    html_out: HtmlOut = None,
) -> None:
    """Measure agreement of people and machine, element by element, with intervals."""
    check_outputs(json_out, html_out)

    from reviewer.calibration.report import Options
    from reviewer.calibration.report import calibrate as measure
    from reviewer.cli.screen import err
    from reviewer.settings import load_settings

    config = load_settings()
    asked = _named(credential, config)
    name = STORE if ratings is None else ratings.name
    table, sha256, groupings = _read(name, _given(ratings, config), subgroups)
    options = Options(
        reference=reference or "",
        by=by,
        groupings=groupings,
        credential=asked,
        resamples=resamples,
        seed=seed,
        wanted_agreement=wanted,
    )
    report = measure(table, name, sha256, options)
    _say(err, report)
    _write(report, json_out, html_out)


def _write(report: "Report", json_out: Path | None, html_out: Path | None) -> None:
    """The files that were asked for, and the findings on the screen."""
    from reviewer.calibration.report import report_json
    from reviewer.cli.screen import err, out

    if json_out is not None:
        write_whole(json_out, report_json(report))
    if html_out is not None:
        from reviewer.export.calibration import calibration_html

        write_whole(html_out, calibration_html(report).encode())
    _show(err if json_out == STANDARD_OUTPUT else out, report)


def _named(credential: str | None, settings: "Settings") -> "Credential | None":
    if credential is None:
        return None

    from reviewer.wiring import credential_named

    return credential_named(settings, credential)


def _given(path: Path | None, settings: "Settings") -> bytes:
    """The bytes of the table: the file, or what the store holds."""
    from reviewer.cli.inputs import read_input

    if path is not None:
        return read_input(path)

    from reviewer.wiring import stored_ratings

    return stored_ratings(settings)


def _read(name: str, data: bytes, subgroups: Path | None) -> tuple["Ratings", str, tuple[str, ...]]:
    import hashlib

    from reviewer.calibration.ratings import make_ratings, read_table, with_subgroups
    from reviewer.cli.inputs import read_input

    table = make_ratings(read_table(data, name), name)
    if subgroups is None:
        return table, hashlib.sha256(data).hexdigest(), ()
    groups = read_input(subgroups)
    table, groupings = with_subgroups(table, read_table(groups, subgroups.name), subgroups.name)
    return table, hashlib.sha256(data + groups).hexdigest(), tuple(groupings)


def _say(console: "Console", report: "Report") -> None:
    from rich.markup import escape

    source = report.source
    if source.assumed:
        console.print(f"[dim]Assumed: {escape('; '.join(source.assumed))}.[/dim]")
    for sentence in source.repairs:
        console.print(f"[dim]Mended: {escape(sentence)}[/dim]")
    for one in source.left_out:
        console.print(f"[dim]Left out: {one.rows:,} rows {escape(one.reason)}.[/dim]")


def _show(console: "Console", report: "Report") -> None:
    from rich.table import Table
    from rich.text import Text

    from reviewer.calibration.report import Kind
    from reviewer.calibration.report.wording import KINDS, with_interval
    from reviewer.export.wording import legible

    console.print(Text(legible(report.headline), style="bold"), soft_wrap=True)
    table = Table()
    for column in ("", "who", "n", "exact", "QWK", "AC1"):
        table.add_column(column, justify="left" if column in ("", "who") else "right")
    for part in report.slices:
        for one in part.comparisons:
            who = KINDS[Kind(one.kind)] + (f" ({one.engine[:12]})" if one.engine else "")
            cells = [
                with_interval(one.statistics[name])
                for name in ("percent_agreement", "cohen_kappa.quadratic", "gwet.ac1")
            ]
            table.add_row(Text(legible(part.name)), Text(legible(who)), f"{one.units:,}", *cells)
    console.print(table, soft_wrap=True)
