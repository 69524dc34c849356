"""The plots of the calibration report, as HTML fragments that need plotly's script once.

Invariant: a plot shows nothing that the table beside it does not say; meaning is carried by sign
as well as by colour; every point has its interval. Equal reports give equal fragments.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import plotly.graph_objects as go
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from reviewer.calibration.confidence import Confidence
from reviewer.calibration.drift import Drift
from reviewer.calibration.report.headline import GOOD_ENOUGH
from reviewer.calibration.report.matrix import QWK
from reviewer.calibration.report.model import OVERALL, Comparison, Kind, Slice
from reviewer.calibration.severity import RaterEffect
from reviewer.export.calibration.words import named

INK, SOFT, LINE = "#1f1e1b", "#5c5952", "#ddd8cd"
PEOPLE, MACHINE, BAND = "#1d5b86", "#96431a", "#ddefe3"
ROW = 46  # pixels of height a row of a plot takes
_FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif'


@cache
def script() -> Markup:
    """Plotly's own script, to stand in the file once."""
    return Markup(get_plotlyjs())  # noqa: S704 - a library's file, nothing of anybody's work


def forest(slices: Sequence[Slice]) -> Markup:
    """QWK per slice with intervals: people ●, machine ◆, the threshold as a band."""
    rows = [one for one in slices if one.name != OVERALL] + [
        one for one in slices if one.name == OVERALL
    ]
    names = [one.name for one in rows][::-1]
    figure = _empty(names)
    lowest = 0.0
    for kind, color, symbol, words, lift in (
        (Kind.HUMAN_HUMAN, PEOPLE, "circle", "person and person (the human ceiling)", 0.14),
        (Kind.ENGINE_HUMAN, MACHINE, "diamond", "machine and person", -0.14),
    ):
        found = [
            (names.index(part.name) + lift, one)
            for part in rows
            for one in part.comparisons
            if one.kind is kind and one.statistics[QWK].value is not None
        ]
        if not found:
            continue
        lowest = min([lowest, *(_low(one) for _, one in found)])
        figure.add_trace(_points(found, color, symbol, words))
    figure.add_vrect(x0=GOOD_ENOUGH, x1=1, fillcolor=BAND, line_width=0, layer="below")
    figure.add_annotation(
        x=GOOD_ENOUGH, y=1.0, yref="paper", yanchor="bottom", xanchor="left", showarrow=False,
        text="good enough to decide", font={"color": SOFT, "size": 12},
    )  # fmt: skip
    figure.update_xaxes(range=[min(-0.02, lowest - 0.05), 1.0], title_text=_AXIS)
    return _html(figure, "forest", ROW * len(names) + 150)


_AXIS = "QWK: 0 agreement as by chance, 1 always the same level"


def _points(
    found: Sequence[tuple[float, Comparison]], color: str, symbol: str, words: str
) -> go.Scatter:
    figures = [one.statistics[QWK] for _, one in found]
    values = [figure.value or 0.0 for figure in figures]
    return go.Scatter(
        x=values,
        y=[place for place, _ in found],
        mode="markers",
        name=words,
        marker={"color": color, "symbol": symbol, "size": 11},
        error_x=_bars([(one.value, one.low, one.high) for one in figures], color),
        customdata=[[figure.low, figure.high, figure.n] for figure in figures],
        hovertemplate="%{x:.2f} (%{customdata[0]:.2f} to %{customdata[1]:.2f}), "
        "n = %{customdata[2]}<extra></extra>",
    )


def _low(one: Comparison) -> float:
    figure = one.statistics[QWK]
    return figure.low if figure.low is not None else figure.value or 0.0


def severity(raters: Sequence[RaterEffect]) -> Markup:
    """Points of the scale that each rater gives less (right) or more (left) than the mean."""
    ordered = list(raters)[::-1]
    names = [named(one.rater, one.rater_type) for one in ordered]
    figure = _empty(names)
    figure.add_vline(x=0, line={"color": SOFT, "width": 1})
    for engine, color, symbol, words in (
        (False, PEOPLE, "circle", "people"),
        (True, MACHINE, "diamond", "machine"),
    ):
        shown = [
            (at, one) for at, one in enumerate(ordered) if (one.rater_type == "engine") is engine
        ]
        if not shown:
            continue
        bounds = [(one.points.value, one.points.low, one.points.high) for _, one in shown]
        figure.add_trace(
            go.Scatter(
                x=[value for value, _, _ in bounds],
                y=[at for at, _ in shown],
                mode="markers",
                name=words,
                marker={"color": color, "symbol": symbol, "size": 10},
                error_x=_bars(bounds, color),
                customdata=[[low, high, one.n] for (_, low, high), (_, one) in
                            zip(bounds, shown, strict=True)],
                hovertemplate="%{x:+.2f} (%{customdata[0]:+.2f} to %{customdata[1]:+.2f}), "
                "n = %{customdata[2]}<extra></extra>",
            )
        )  # fmt: skip
    furthest = max(0.5, *(max(abs(one.points.low), abs(one.points.high)) for one in ordered)) * 1.1
    figure.update_xaxes(
        range=[-furthest, furthest],
        title_text="← gives more points · points of the scale · gives fewer →",
    )
    return _html(figure, "severity", 30 * len(names) + 150)


def control_chart(one: Drift, number: int) -> Markup:
    """One rater by month, with the band that chance alone explains."""
    months = [month.month for month in one.months]
    color = MACHINE if one.rater_type == "engine" else PEOPLE
    figure = _empty(())
    judged = [month for month in one.months if month.low is not None]
    for bound, fill in (("low", None), ("high", "tonexty")):
        figure.add_trace(
            go.Scatter(
                x=[month.month for month in judged],
                y=[getattr(month, bound) for month in judged],
                mode="lines",
                line={"color": LINE, "width": 1, "shape": "hvh"},
                fill=fill,
                fillcolor="rgba(221,239,227,.6)",
                hoverinfo="skip",
                showlegend=False,
            )
        )
    figure.add_hline(y=one.center, line={"color": SOFT, "width": 1, "dash": "dot"})
    figure.add_trace(
        go.Scatter(
            x=months,
            y=[month.difference for month in one.months],
            mode="lines+markers",
            line={"color": color, "width": 1},
            marker={
                "color": color,
                "size": 9,
                "symbol": ["x" if month.outside else "circle" for month in one.months],
            },
            showlegend=False,
            customdata=[[month.n] for month in one.months],
            hovertemplate="%{x}: %{y:+.2f}, n = %{customdata[0]}<extra></extra>",
        )
    )
    figure.update_xaxes(type="category")
    figure.update_yaxes(title_text="points above others")
    return _html(figure, f"drift-{number}", 260)


def reliability(one: Confidence, number: int) -> Markup:
    """How sure the machine was against how often it was right; the diagonal is honesty."""
    figure = _empty(())
    figure.add_trace(
        go.Scatter(
            x=[0, 1], y=[0, 1], mode="lines", line={"color": SOFT, "dash": "dot", "width": 1},
            name="as sure as right", hoverinfo="skip",
        )
    )  # fmt: skip
    bounds = [(bin_.right.value, bin_.right.low, bin_.right.high) for bin_ in one.bins]
    figure.add_trace(
        go.Scatter(
            x=[bin_.confidence for bin_ in one.bins],
            y=[bin_.right.value for bin_ in one.bins],
            mode="lines+markers",
            name="drafts",
            marker={"color": MACHINE, "symbol": "diamond", "size": 10},
            line={"color": MACHINE, "width": 1},
            error_y=_bars(bounds, MACHINE),
            customdata=[[bin_.right.n] for bin_ in one.bins],
            hovertemplate="sure %{x:.0%}, right %{y:.0%}, n = %{customdata[0]}<extra></extra>",
        )
    )
    figure.update_xaxes(range=[0, 1], tickformat=".0%", title_text="how sure the machine was")
    figure.update_yaxes(range=[0, 1], tickformat=".0%", title_text="how often it was right")
    return _html(figure, f"reliability-{number}", 380)


def coverage(one: Confidence, number: int) -> Markup:
    """Share of drafts kept against share of these right, as the machine abstains more."""
    figure = _empty(())
    bounds = [(point.right.value, point.right.low, point.right.high) for point in one.curve]
    figure.add_hline(y=one.wanted, line={"color": SOFT, "dash": "dot", "width": 1})
    figure.add_trace(
        go.Scatter(
            x=[point.coverage for point in one.curve],
            y=[value for value, _, _ in bounds],
            mode="lines+markers",
            marker={"color": MACHINE, "symbol": "diamond", "size": 8},
            line={"color": MACHINE, "width": 1},
            error_y=_bars(bounds, MACHINE),
            customdata=[[point.threshold, point.right.n] for point in one.curve],
            hovertemplate="from %{customdata[0]:.0%} sure: %{x:.0%} of drafts kept, %{y:.0%} "
            "right, n = %{customdata[1]}<extra></extra>",
            showlegend=False,
        )
    )
    figure.update_xaxes(range=[1.03, 0], tickformat=".0%", title_text="share of drafts kept")
    figure.update_yaxes(range=[0, 1], tickformat=".0%", title_text="share right")
    return _html(figure, f"coverage-{number}", 380)


def _bars(
    bounds: Sequence[tuple[float | None, float | None, float | None]], color: str
) -> dict[str, Any]:
    """Error bars from (value, low, high); none where there is no interval."""
    up = [
        (high - value) if high is not None and value is not None else 0 for value, _, high in bounds
    ]
    down = [
        (value - low) if low is not None and value is not None else 0 for value, low, _ in bounds
    ]
    return {
        "type": "data", "array": up, "arrayminus": down, "symmetric": False, "color": color,
        "thickness": 2, "width": 4,
    }  # fmt: skip


def _empty(rows: Sequence[str]) -> go.Figure:
    figure = go.Figure()
    figure.update_layout(
        template="none",
        font={"family": _FONT, "size": 14, "color": INK},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        margin={"l": 20, "r": 20, "t": 50, "b": 60},
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "xanchor": "left"},
        hoverlabel={"font": {"family": _FONT}},
    )
    figure.update_xaxes(gridcolor=LINE, zeroline=False, automargin=True)
    figure.update_yaxes(gridcolor=LINE, zeroline=False, automargin=True)
    if rows:
        figure.update_yaxes(
            tickvals=list(range(len(rows))),
            ticktext=[_escaped(one) for one in rows],
            range=[-0.6, len(rows) - 0.4],
            showgrid=False,
        )
    return figure


def _escaped(text: str) -> str:
    """Plotly reads a few tags in labels; a rater's name is no mark-up."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _html(figure: go.Figure, name: str, height: int) -> Markup:
    figure.update_layout(height=height)
    fragment = figure.to_html(
        full_html=False,
        include_plotlyjs=False,
        div_id=f"plot-{name}",
        config={"displayModeBar": False, "responsive": True},
    )
    return Markup(fragment)  # noqa: S704 - plotly writes its data as JSON with tags escaped
