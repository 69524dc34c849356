"""The fitness gate: thresholds, and what a verdict is; `gate.judging` gives them on a report."""

from reviewer.calibration.gate.choosing import chosen
from reviewer.calibration.gate.thresholds import Thresholds, read_thresholds
from reviewer.calibration.gate.verdict import Check, Verdict
from reviewer.calibration.gate.written import verdicts_json

__all__ = ["Check", "Thresholds", "Verdict", "chosen", "read_thresholds", "verdicts_json"]
