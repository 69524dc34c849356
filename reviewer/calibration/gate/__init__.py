"""The fitness gate: thresholds, and the verdict per element that follows from a report."""

from reviewer.calibration.gate.thresholds import Thresholds, read_thresholds
from reviewer.calibration.gate.verdict import Check, Verdict, verdicts

__all__ = ["Check", "Thresholds", "Verdict", "read_thresholds", "verdicts"]
