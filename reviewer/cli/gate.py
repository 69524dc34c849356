"""``reviewer gate``: from a calibration report to the verdict per element, kept and obeyed.

Invariant: a verdict names the report it rests on by its hash, and holds for one credential, one
version of its rubric, one element and one engine version alone.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reviewer.cli.outputs import STANDARD_OUTPUT, check_outputs, write_whole
from reviewer.cli.usage import path_given, text_given

if TYPE_CHECKING:
    from rich.console import Console

    from reviewer.calibration.gate import Verdict
    from reviewer.calibration.report import Report
    from reviewer.rubric import Credential


def gate(
    report: Annotated[
        Path,
        typer.Argument(
            parser=path_given,
            metavar="REPORT",
            help="Report written by `reviewer calibrate --json`.",
            show_default=False,
        ),
    ],
    credential: Annotated[
        str,
        typer.Option(parser=text_given, metavar="ID", help="Credential whose drafts are judged."),
    ],
    thresholds: Annotated[
        Path | None,
        typer.Option(
            parser=path_given, metavar="FILE", help="YAML of the issuer's own thresholds."
        ),
    ] = None,
    json_out: Annotated[
        Path | None,
        typer.Option(
            "--json", parser=path_given, metavar="OUT", help="Write the verdicts; - is stdout."
        ),
    ] = None,
    keep: Annotated[
        bool, typer.Option(help="Keep the verdicts in the store, where first passes obey them.")
    ] = True,
) -> None:
    """Say per element whether drafts may be shown: open, closed or unmeasured, and why."""
    check_outputs(json_out)

    from reviewer.calibration.gate import Thresholds, read_thresholds, verdicts_json
    from reviewer.calibration.gate.judging import verdicts
    from reviewer.calibration.report import read_report, report_hash
    from reviewer.cli.inputs import read_input
    from reviewer.cli.screen import err, out
    from reviewer.errors import PolicyError
    from reviewer.settings import load_settings
    from reviewer.wiring import credential_named

    settings = load_settings()
    wanted = credential_named(settings, credential)
    data = read_input(report)
    made = read_report(data, report.name)
    _refuse_another(made, report.name, wanted)
    limits = (
        read_thresholds(read_input(thresholds), thresholds.name) if thresholds else Thresholds()
    )
    elements = tuple(element.id for element in wanted.elements)
    given = verdicts(made, report_hash(data), limits, wanted.id, wanted.rubric_hash, elements)
    if not given:
        raise PolicyError(
            f"{report.name} has no engine's drafts, so there is nothing to open or close; put "
            "ratings of rater_type engine into the table."
        )
    if keep:
        from reviewer.wiring import keep_verdicts

        keep_verdicts(settings, given)
    if json_out is not None:
        write_whole(json_out, verdicts_json(given, limits))
    _show(err if json_out == STANDARD_OUTPUT else out, given)


def _refuse_another(made: "Report", name: str, wanted: "Credential") -> None:
    """Refuse a report on another version of the rubric, by something else, or on few resamples."""
    from reviewer.calibration.agreement import RESAMPLES
    from reviewer.errors import PolicyError

    again = f"run `reviewer calibrate … --credential {wanted.id} --json {name}` again."
    if made.settings.rubric_hash != wanted.rubric_hash:
        was = made.settings.credential or "no credential"
        if was == wanted.id:
            was = "another version of its rubric"
        raise PolicyError(f"{name} was made for {was}, not for {wanted.id} as it is now; {again}")
    if made.settings.by != "element":
        raise PolicyError(
            f"{name} tells apart by {made.settings.by}, and a verdict is on an element; {again}"
        )
    if made.settings.resamples < RESAMPLES:
        raise PolicyError(
            f"{name} rests on {made.settings.resamples} resamples, and the bounds that a verdict "
            f"goes by need {RESAMPLES:,}; {again}"
        )


def _show(console: "Console", given: tuple["Verdict", ...]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(show_lines=True)
    for column in ("element", "engine", "verdict", "because"):
        table.add_column(column, no_wrap=column != "because")
    for one in given:
        cells = (one.element, one.engine_version[:12], one.fitness, one.reason)
        table.add_row(*map(Text, cells))
    console.print(table, soft_wrap=False)
