"""``reviewer agreement``: every agreement statistic of one table, as one JSON object.

Invariant: standard output holds the object and nothing else; what was repaired, assumed or left
out goes to standard error.
"""

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reviewer.cli.usage import path_given, text_given
from reviewer.errors import RatingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.calibration.agreement import Patterns


class Form(StrEnum):
    """What the cells of the table are."""

    ratings = "ratings"
    counts = "counts"
    contingency = "contingency"


class Scale(StrEnum):
    """The level of measurement that statistics may assume."""

    nominal = "nominal"
    ordinal = "ordinal"
    interval = "interval"
    ratio = "ratio"


def agreement(
    table: Annotated[
        Path,
        typer.Argument(
            parser=path_given,
            metavar="TABLE",
            help="CSV, one row a unit: the first column identifies it, every other is a rater.",
            show_default=False,
        ),
    ],
    form: Annotated[
        Form,
        typer.Option(
            help="ratings: a column a rater; counts: a column a level, how many raters chose it; "
            "contingency: two raters' cross table, the first one's levels down."
        ),
    ] = Form.ratings,
    raters: Annotated[
        str | None,
        typer.Option(parser=text_given, metavar="A,B,…", help="Use these columns only."),
    ] = None,
    levels: Annotated[
        str | None,
        typer.Option(
            parser=text_given,
            metavar="1,2,…",
            help="Every level of the scale; without it, those seen.",
        ),
    ] = None,
    metric: Annotated[
        Scale | None,
        typer.Option(
            help="Assume no more than this of the levels; what needs more is undefined. Without "
            "it numbers are on a ratio scale and words nominal."
        ),
    ] = None,
) -> None:
    """Print every agreement statistic of a table of ratings as one JSON object."""
    from reviewer.calibration.agreement.summary import summarize
    from reviewer.calibration.agreement.wide_csv import read_wide_csv
    from reviewer.calibration.agreement.wide_table import Asked, read_wide

    asked = Asked(
        form.value, _list(raters), _list(levels), metric.value if metric is not None else None
    )
    patterns, notes = read_wide(read_wide_csv(_bytes(table), table.name), asked)
    for note in (*notes, *_left_out(patterns)):
        typer.echo(f"reviewer: {table.name}: {note}", err=True)
    found = {"form": form.value, **summarize(patterns)}
    typer.echo(json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False))


def _left_out(patterns: "Patterns") -> "Iterator[str]":
    empty = int(patterns.counts.sum()) - patterns.units
    single = patterns.units - patterns.paired_units
    if empty:
        yield f"{_units(empty)} without any rating left out."
    if single:
        yield f"{_units(single)} with one rating only, on which no agreement can be seen."
    gaps = patterns.units - patterns.complete_units
    if patterns.codes is not None and gaps:
        yield f"{_units(gaps)} not rated by every rater, left out of the ICC forms."


def _units(many: int) -> str:
    return f"{many} unit{'s' if many > 1 else ''}"


def _list(text: str | None) -> tuple[str, ...] | None:
    if text is None:
        return None
    return tuple(each.strip() for each in text.split(",") if each.strip())


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise RatingsError(f"{path} is not there: name a CSV table of ratings.") from None
    except OSError as error:
        raise RatingsError(f"{path} cannot be read ({error.strerror}).") from error
