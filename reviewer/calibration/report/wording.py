"""Figures in the words and signs that people read them in.

Invariant: no number is worded without its interval, or the reason why it has none; intervals are
rounded outward, as everywhere.
"""

from reviewer.calibration.report.model import Figure, Kind
from reviewer.calibration.rounding import downward, upward

KINDS = {
    Kind.HUMAN_HUMAN: "person and person",
    Kind.ENGINE_HUMAN: "machine and person",
    Kind.EVALUATOR_EXPERT: "evaluator and expert",
    Kind.AIDED_HUMAN: "person who had seen help, and person",
}
"""Who is compared, for people."""


def with_interval(figure: Figure, percent: bool = False) -> str:
    """Such as "0.62 (0.60 to 0.64)", "not known"; `percent`: such as "62 % (60 to 64 %)"."""
    if figure.value is None:
        return "not known"
    if percent:
        value = f"{figure.value * 100:.0f} %"
        if figure.low is None or figure.high is None:
            return f"{value} (no interval)"
        return (
            f"{value} ({downward(figure.low * 100, 0):.0f} to {upward(figure.high * 100, 0):.0f} %)"
        )
    if figure.low is None or figure.high is None:
        return f"{figure.value:.2f} (no interval)"
    return f"{figure.value:.2f} ({downward(figure.low, 2):.2f} to {upward(figure.high, 2):.2f})"
