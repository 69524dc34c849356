"""Figures in the words and signs that people read them in.

Invariant: no number is worded without its interval, or the reason why it has none.
"""

from reviewer.calibration.report.model import Figure, Kind

KINDS = {
    Kind.HUMAN_HUMAN: "person and person",
    Kind.ENGINE_HUMAN: "machine and person",
    Kind.EVALUATOR_EXPERT: "evaluator and expert",
    Kind.AIDED_HUMAN: "person who had seen help, and person",
}
"""Who is compared, for people."""


def with_interval(figure: Figure, percent: bool = False) -> str:
    """Such as "0.62 (0.60 to 0.64)", "not known"; `percent`: as whole percentages."""
    if figure.value is None:
        return "not known"
    if figure.low is None or figure.high is None:
        return f"{_number(figure.value, percent)} (no interval)"
    low, high = _number(figure.low, percent), _number(figure.high, percent)
    return f"{_number(figure.value, percent)} ({low} to {high})"


def _number(value: float, percent: bool) -> str:
    return f"{value:.0%}" if percent else f"{value:.2f}"
