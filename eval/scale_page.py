"""docs/scale.md and its plot, drawn from the committed figures of `scale` and `scale_state`.

Invariant: equal figures give equal files, which need no other; every point of the plot is labelled
with its figure, and series differ by mark as well as by colour.
"""

import math
from collections.abc import Callable, Mapping, Sequence

from eval.scaling import MEMORY, TENTHS, Series, crew, shown

Figures = Mapping[str, Mapping[str, float]]
"""Study -> figure -> number."""

COLORS = ("#1d5b86", "#96431a", "#3f6b2b")
WIDTH, HEIGHT = 760, 420  # pixels
LEFT, RIGHT, TOP, BOTTOM = 60, 740, 80, 370  # of the plot within them
FEWEST, MOST = 80, 12_500  # submissions at the ends of the axis
INK, LINE = "#1f1e1b", "#ddd8cd"


def scale_table(figures: Figures) -> str:
    """A row a figure, a column a run."""
    runs = shown(figures)
    if not runs:
        return "Not measured yet.\n"

    def row(words: str, cell: Callable[[Series, Mapping[str, float]], str]) -> str:
        return f"| {words} | " + " | ".join(cell(one, figures[one.study]) for one in runs) + " |"

    def plain(what: str) -> Callable[[Series, Mapping[str, float]], str]:
        return lambda one, own: f"{own[one.figure(what)]:.1f}"

    def grown(process: str) -> Callable[[Series, Mapping[str, float]], str]:
        def cell(one: Series, own: Mapping[str, float]) -> str:
            first, last = (
                own[one.figure(f"MiB of {process}, {which} tenth")] for which in ("first", "last")
            )
            return f"{first:.0f} → {last:.0f}"

        return cell

    def times(one: Series, own: Mapping[str, float]) -> str:
        found = own.get(one.figure("times as fast"))
        return "" if found is None else f"{found:.2f}"

    head = [f"{one.submissions:,} by {crew(one.workers)}" for one in runs]
    rows = [
        "| figure | " + " | ".join(head) + " |",
        "| --- |" + " --- |" * len(runs),
        row("ms to hand in a submission", plain("ms to hand in a submission")),
        row("ms for a submission", plain("ms a submission")),
        row("… in the first tenth", lambda one, own: f"{own[one.tenth(1)]:.1f}"),
        row("… in the last tenth", lambda one, own: f"{own[one.tenth(TENTHS)]:.1f}"),
        row("times as fast as one worker (asked 1.6, aim 1.8)", times),
        row("ms of overhead for a stage (asked <= 20)", plain("ms of overhead a stage")),
        *(row(f"MiB of {name}, first → last tenth", grown(name)) for name in MEMORY),
    ]
    return "\n".join(rows) + "\n"


def scale_svg(figures: Figures) -> str:
    """Milliseconds for a submission, by how many were done before it (logarithmic)."""
    runs = shown(figures)
    values = [
        [figures[one.study][one.tenth(number + 1)] for number in range(TENTHS)] for one in runs
    ]
    high = 50.0 * math.ceil(max((value for some in values for value in some), default=50.0) / 45)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="12" fill="{INK}">',
        "<title>Time for a submission, by how many were done</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        *_axes(high),
    ]
    for at, (one, some) in enumerate(zip(runs, values, strict=True)):
        parts += _line(at, one, some, high)
        parts.append(_mark(at, LEFT + 10, 18 + 20 * at))
        words = f"{one.submissions:,} submissions, {crew(one.workers)} of one thread"
        parts.append(f'<text x="{LEFT + 22}" y="{22 + 20 * at}">{words}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _x(done: float) -> float:
    share = math.log(done / FEWEST) / math.log(MOST / FEWEST)
    return round(LEFT + share * (RIGHT - LEFT), 1)


def _y(value: float, high: float) -> float:
    return round(BOTTOM - value / high * (BOTTOM - TOP), 1)


def _axes(high: float) -> list[str]:
    parts = []
    for step in range(6):
        value = high * step / 5
        y = _y(value, high)
        parts.append(f'<path d="M{LEFT} {y}H{RIGHT}" stroke="{LINE}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{value:.0f}</text>')
    parts += [
        f'<text x="{_x(done)}" y="{BOTTOM + 20}" text-anchor="middle">{done:,}</text>'
        for done in (100, 300, 1000, 3000, 10_000)
    ]
    middle = (LEFT + RIGHT) / 2
    words = "submissions done (milliseconds for each of the last tenth)"
    parts.append(f'<text x="{middle}" y="{BOTTOM + 42}" text-anchor="middle">{words}</text>')
    return parts


def _line(at: int, one: Series, values: Sequence[float], high: float) -> list[str]:
    points = [
        (_x(one.submissions * (number + 1) / TENTHS), _y(value, high))
        for number, value in enumerate(values)
    ]
    path = "L".join(f"{x} {y}" for x, y in points)
    parts = [f'<path d="M{path}" fill="none" stroke="{COLORS[at]}" stroke-width="2"/>']
    for (x, y), value in zip(points, values, strict=True):
        parts.append(_mark(at, x, y))
        parts.append(
            f'<text x="{x}" y="{y - 9}" text-anchor="middle" font-size="10">{value:.0f}</text>'
        )
    return parts


def _mark(at: int, x: float, y: float) -> str:
    if at == 0:
        return f'<circle cx="{x}" cy="{y}" r="4" fill="{COLORS[0]}"/>'
    if at == 1:
        return f'<path d="M{x} {y - 5}l5 5l-5 5l-5 -5z" fill="{COLORS[1]}"/>'
    return f'<path d="M{x - 4} {y - 4}h8v8h-8z" fill="{COLORS[2]}"/>'
