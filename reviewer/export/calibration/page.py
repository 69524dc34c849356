"""The calibration report as one self-contained HTML file that a program lead can read.

Invariant: the file asks the network for nothing (its own Content-Security-Policy says so); names
and columns of the table stand in it as escaped text; each number has its n and its interval.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reviewer.calibration.gate import Thresholds, Verdict
from reviewer.calibration.gate.judging import verdicts
from reviewer.calibration.report.headline import between_people
from reviewer.calibration.report.matrix import QWK
from reviewer.calibration.report.model import (
    OVERALL,
    Absent,
    Comparison,
    Figure,
    Kind,
    Report,
    Slice,
)
from reviewer.calibration.report.wording import KINDS, with_interval
from reviewer.export.calibration import plots
from reviewer.export.calibration.words import (
    STATISTICS,
    named,
    of_people,
    share_in_words,
    verdict_sign,
)
from reviewer.export.report import stylesheet, templates

_LOSS = "degradation: QWK of people less QWK of the machine"


@dataclass(frozen=True, slots=True)
class ElementRow:
    """One line of the first table: how people agree, how the machine does, what follows."""

    name: str
    units: int
    exact: str
    qwk: str
    words: str
    machine: tuple[str, ...]  # one an engine
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a confusion table, `shade` 0 to 1 by its share of the table."""

    count: int
    shade: float
    same: bool


@dataclass(frozen=True, slots=True)
class ConfusionView:
    """A confusion table: who is down, who across, and the cells."""

    title: str
    down: str
    across: str
    levels: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    n: int


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One line of the table of all figures."""

    name: str
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FigureTable:
    """All figures of one comparison kind: a statistic a line, a slice a column."""

    title: str
    columns: tuple[str, ...]
    units: tuple[int, ...]
    rows: tuple[FigureRow, ...]


def calibration_html(report: Report, thresholds: Thresholds | None = None) -> str:
    """The report as the text of one HTML document; equal reports give equal documents."""
    limits = thresholds or Thresholds()
    given = _verdicts(report, limits)
    effects = report.rater_effects
    overall = (one for one in report.confidence if one.element == OVERALL)
    return (
        templates()
        .get_template("calibration.html.j2")
        .render(
            report=report,
            overall=OVERALL,
            rows=[_row(part, given) for part in report.slices],
            has_engine=bool(given),
            limits=limits,
            forest=plots.forest(report.slices),
            confusions=_confusions(report.slices),
            effects=None if isinstance(effects, Absent) else effects,
            no_effects=effects.reason if isinstance(effects, Absent) else "",
            severity=None
            if isinstance(effects, Absent) or not effects.raters
            else plots.severity(effects.raters),
            charts=[
                (one, plots.control_chart(one, number)) for number, one in enumerate(report.drift)
            ],
            sure=[
                (one, plots.reliability(one, number), plots.coverage(one, number))
                for number, one in enumerate(overall)
            ],
            tables=[*_tables(report.slices), *_losses(report.slices)],
            kinds=KINDS,
            with_interval=with_interval,
            share=share_in_words,
            named=named,
            sign=verdict_sign,
            script=plots.script(),
            css=Markup(stylesheet("tokens", "report", "calibration")),  # noqa: S704 - our own
        )
    )


def _verdicts(report: Report, limits: Thresholds) -> tuple[Verdict, ...]:
    """What the gate would say: shown here, given by `reviewer gate` alone."""
    elements = tuple(part.name for part in report.slices if part.name != OVERALL)
    settings = report.settings
    if settings.by != "element":
        return ()
    return verdicts(report, "", limits, settings.credential, settings.rubric_hash, elements)


def _row(part: Slice, given: Sequence[Verdict]) -> ElementRow:
    people = between_people(part)
    machines = [one for one in part.comparisons if one.kind is Kind.ENGINE_HUMAN]
    nothing = Figure(None, None, None, 0, "no work was scored by two people")
    exact = people.statistics["percent_agreement"] if people else nothing
    qwk = people.statistics[QWK] if people else nothing
    return ElementRow(
        name=part.name,
        units=people.units if people else 0,
        exact=with_interval(exact, percent=True),
        qwk=with_interval(qwk),
        words=of_people(qwk),
        machine=tuple(
            (f"{named(one.engine, 'engine')}: " if len(machines) > 1 else "")
            + _with_n(one.statistics[QWK])
            for one in machines
        ),
        verdicts=tuple(one for one in given if one.element == part.name),
    )


def _confusions(slices: Sequence[Slice]) -> list[ConfusionView]:
    shown = [part for part in slices if part.name != OVERALL] or list(slices)
    made = []
    for part in shown:
        engines = {one.engine for one in part.comparisons if one.kind is Kind.ENGINE_HUMAN}
        for one in part.comparisons:
            if one.kind is Kind.HUMAN_HUMAN:
                made.append(_confusion(part.name, one, "one person", "another person"))
            elif one.kind is Kind.ENGINE_HUMAN:
                down = named(one.engine, "engine") if len(engines) > 1 else "the machine"
                made.append(_confusion(part.name, one, down, "a person"))
    return made


def _confusion(name: str, one: Comparison, down: str, across: str) -> ConfusionView:
    most = max((count for row in one.confusion.counts for count in row), default=0) or 1
    return ConfusionView(
        title=name,
        down=down,
        across=across,
        levels=tuple(f"{level:g}" for level in one.confusion.levels),
        rows=tuple(
            tuple(Cell(count, count / most, at == place) for place, count in enumerate(row))
            for at, row in enumerate(one.confusion.counts)
        ),
        n=one.units,
    )


def _tables(slices: Sequence[Slice]) -> list[FigureTable]:
    made = []
    for kind in Kind:
        found = [
            (part.name, one) for part in slices for one in part.comparisons if one.kind is kind
        ]
        if not found:
            continue
        rows = []
        for key, words in STATISTICS.items():
            figures = [one.statistics.get(key) for _, one in found]
            if any(figure is not None and figure.value is not None for figure in figures):
                cells = tuple(
                    _cell(figure, one.units)
                    for figure, (_, one) in zip(figures, found, strict=True)
                )
                rows.append(FigureRow(words, cells))
        columns = tuple(_column(name, one) for name, one in found)
        units = tuple(one.units for _, one in found)
        made.append(FigureTable(KINDS[kind], columns, units, tuple(rows)))
    return made


def _column(name: str, one: Comparison) -> str:
    return f"{name} ({named(one.engine, 'engine')})" if one.engine else name


def _losses(slices: Sequence[Slice]) -> list[FigureTable]:
    """Of each engine: what it loses against the human ceiling, and its DSM in every subgroup."""
    made = []
    for engine in sorted({one.engine for part in slices for one in part.degradation}):
        parts = [
            (part, one)
            for part in slices
            for one in part.comparisons
            if (one.kind, one.engine) == (Kind.ENGINE_HUMAN, engine)
        ]
        found: dict[str, dict[str, Figure]] = {}
        for part, _ in parts:
            for loss in part.degradation:
                if loss.engine == engine:
                    found.setdefault(_LOSS, {})[part.name] = loss.figure
            for gap in part.subgroups:
                if gap.engine == engine:
                    words = f"DSM, {gap.grouping}: {gap.group}"
                    found.setdefault(words, {})[part.name] = gap.figure
        rows = tuple(
            FigureRow(words, tuple(_cell(own.get(part.name), one.units) for part, one in parts))
            for words, own in found.items()
        )
        title = f"{named(engine, 'engine')}: loss against the human ceiling, and by subgroup"
        columns = tuple(part.name for part, _ in parts)
        made.append(FigureTable(title, columns, tuple(one.units for _, one in parts), rows))
    return [one for one in made if one.columns]


def _with_n(figure: Figure) -> str:
    return f"{with_interval(figure)}, n = {figure.n:,}"


def _cell(figure: Figure | None, units: int) -> str:
    """A figure with its interval, and its n where that is not the column's."""
    if figure is None:
        return ""
    return with_interval(figure) if figure.n == units else _with_n(figure)
