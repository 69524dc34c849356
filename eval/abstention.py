"""The plot of agreement under abstention, drawn from the committed figures of `fitted_trust`.

Invariant: equal figures give an equal file, which needs no other; every point is labelled with its
figure, and series differ by mark as well as by colour.
"""

from collections.abc import Mapping, Sequence

SHARES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)  # of the works that are still drafted
SERIES = (("asap7", "ASAP set 7, mean of four traits"), ("ellipse", "ELLIPSE, mean of six"))
COLORS = ("#1d5b86", "#96431a")
WIDTH, HEIGHT = 640, 400  # pixels
LEFT, RIGHT, TOP, BOTTOM = 60, 620, 60, 350  # of the plot within them
LOW, HIGH = 0.3, 0.8  # exact agreement at the ends of the axis
INK, LINE = "#1f1e1b", "#ddd8cd"


def figure_name(set_name: str, share: float) -> str:
    """What the figure of one set and share is called among those of the study."""
    named = {1.0: "all drafted", 0.5: "half drafted"}
    return f"{set_name} exact, {named.get(share, f'{share:.0%} drafted')}"


def abstention_svg(figures: Mapping[str, float]) -> str:
    """Exact agreement of what is still drafted, by the share that is, the surest first."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="13" fill="{INK}">',
        "<title>Exact agreement with the expert, by share of works still drafted</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        *_axes(),
    ]
    for at, (name, words) in enumerate(SERIES):
        values = [figures[figure_name(name, share)] for share in SHARES]
        parts += _series(at, values)
        parts.append(_mark(at, LEFT + 10, 18 + 20 * at))
        parts.append(f'<text x="{LEFT + 22}" y="{23 + 20 * at}">{words}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _x(share: float) -> float:
    return round(LEFT + 30 + (1 - share) / 0.5 * (RIGHT - LEFT - 60), 1)


def _y(value: float) -> float:
    return round(BOTTOM - (value - LOW) / (HIGH - LOW) * (BOTTOM - TOP), 1)


def _axes() -> list[str]:
    parts = []
    for step in range(6):
        value = LOW + step / 10
        y = _y(value)
        parts.append(f'<path d="M{LEFT} {y}H{RIGHT}" stroke="{LINE}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{value:.1f}</text>')
    parts += [
        f'<text x="{_x(share)}" y="{BOTTOM + 20}" text-anchor="middle">{share:.0%}</text>'
        for share in SHARES
    ]
    middle = (LEFT + RIGHT) / 2
    words = "works still drafted, the surest first (exact agreement of the most probable level)"
    parts.append(f'<text x="{middle}" y="{BOTTOM + 42}" text-anchor="middle">{words}</text>')
    return parts


def _series(at: int, values: Sequence[float]) -> list[str]:
    points = [(_x(share), _y(value)) for share, value in zip(SHARES, values, strict=True)]
    path = "L".join(f"{x} {y}" for x, y in points)
    parts = [f'<path d="M{path}" fill="none" stroke="{COLORS[at]}" stroke-width="2"/>']
    for (x, y), value in zip(points, values, strict=True):
        parts.append(_mark(at, x, y))
        parts.append(f'<text x="{x}" y="{y - 10}" text-anchor="middle">{value:.3f}</text>')
    return parts


def _mark(at: int, x: float, y: float) -> str:
    if at == 0:
        return f'<circle cx="{x}" cy="{y}" r="5" fill="{COLORS[0]}"/>'
    return f'<path d="M{x} {y - 6}l6 6l-6 6l-6 -6z" fill="{COLORS[1]}"/>'
