"""What the tables of a snapshot propose to do; each proposal with the rows that it rests on.

Invariant: an interval decides, never a value: an alert is raised only where the whole interval lies
on one side. It proposes recalibration, training or help; it names no fault of a person.
"""

from collections.abc import Sequence

from reviewer.calibration.gate import Verdict
from reviewer.calibration.monitoring.model import Alert, Cell, Table
from reviewer.calibration.report.headline import GOOD_ENOUGH
from reviewer.scoring.draft import Fitness

VALIDITY = 0.70
"""Least exact agreement with known levels (NAEP's cut for items of four to six levels)."""


def alerts(tables: Sequence[Table], verdicts: Sequence[Verdict]) -> tuple[Alert, ...]:
    """The alerts of a snapshot with these tables, and with the gate's verdicts on the machine."""
    by_name = {table.name: table for table in tables}
    return (
        *_agreement(by_name["agreement"]),
        *_severity(by_name["severity"]),
        *_drift(by_name["drift"]),
        *_validity(by_name["validity"]),
        *_flips(by_name["flips"]),
        *_late(by_name["backlog"]),
        *_machine(verdicts),
    )


def _agreement(table: Table) -> list[Alert]:
    columns = zip(table.column("element"), table.column("qwk_high"), table.column("n"), strict=True)
    return [
        Alert(
            str(element),
            f"People agree too little on {element}: QWK is at most {high:.2f} "
            f"({GOOD_ENOUGH:.2f} asked), n = {n}.",
            "Train this element again with anchors, then score some works twice.",
            table.name,
            (at,),
        )
        for at, (element, high, n) in enumerate(columns)
        if isinstance(high, float) and high < GOOD_ENOUGH
    ]


def _severity(table: Table) -> list[Alert]:
    made = []
    for at, (rater, works, _, value, low, high, reading) in enumerate(table.rows):
        if reading == "as others":
            continue
        made.append(
            Alert(
                str(rater),
                f"{rater} gives {reading}: {_points(value, low, high)}, {works} works.",
                "Recalibrate together: score two anchors and talk about the differences.",
                table.name,
                (at,),
            )
        )
    return made


def _points(value: Cell, low: Cell, high: Cell) -> str:
    """Points less or more, without a sign: the words before say the direction."""
    assert isinstance(value, float)
    assert isinstance(low, float)
    assert isinstance(high, float)
    bounds = sorted((abs(low), abs(high)))
    return f"{abs(value):.2f} ({bounds[0]:.2f} to {bounds[1]:.2f}) points an element"


def _drift(table: Table) -> list[Alert]:
    latest: dict[Cell, int] = {rater: at for at, rater in enumerate(table.column("rater"))}
    reading = table.column("reading")
    return [
        Alert(
            str(rater),
            f"{rater} scored differently in {table.rows[at][1]} than over the whole time.",
            "Recalibrate: look at the works of that month, then at two anchors together.",
            table.name,
            tuple(row for row, one in enumerate(table.column("rater")) if one == rater),
        )
        for rater, at in latest.items()
        if reading[at] == "outside"
    ]


def _validity(table: Table) -> list[Alert]:
    columns = zip(table.column("rater"), table.column("exact_high"), strict=True)
    return [
        Alert(
            str(rater),
            f"{rater} finds known levels in at most {high:.0%} of cases ({VALIDITY:.0%} asked).",
            "Recalibrate with anchors before further live works are assigned.",
            table.name,
            (at,),
        )
        for at, (rater, high) in enumerate(columns)
        if isinstance(high, float) and high < VALIDITY
    ]


def _flips(table: Table) -> list[Alert]:
    columns = zip(
        table.column("element"), table.column("harmful_low"), table.column("correct_high"),
        strict=True,
    )  # fmt: skip
    return [
        Alert(
            str(element),
            f"Seeing the draft of {element} makes levels worse more often than better.",
            "Hide this element's draft: measure again and let the gate decide.",
            table.name,
            (at,),
        )
        for at, (element, harmful, correct) in enumerate(columns)
        if isinstance(harmful, float) and isinstance(correct, float) and harmful > correct
    ]


def _late(table: Table) -> list[Alert]:
    late = [(at, row) for at, row in enumerate(table.rows) if row[3]]
    if not late:
        return []
    works = sum(int(row[3] or 0) for _, row in late)
    return [
        Alert(
            "turnaround",
            f"{works} work{' waits' if works == 1 else 's wait'} longer than was promised.",
            "Distribute them, or ask more people to evaluate.",
            table.name,
            tuple(at for at, _ in late),
        )
    ]


def _machine(verdicts: Sequence[Verdict]) -> list[Alert]:
    return [
        Alert(
            one.element,
            f"Drafts of {one.element} are not good enough: {one.reason}",
            "Run `reviewer calibrate` and `reviewer gate`: the gate closes it.",
            "agreement",
            (),
        )
        for one in verdicts
        if one.fitness is Fitness.CLOSED
    ]
