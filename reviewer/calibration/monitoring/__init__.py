"""Monitoring of a program: one snapshot of its reviews, as tables, and what they propose to do.

Invariant: pure. A snapshot is made of facts of one moment and says of which; every figure on a
dashboard is a cell of one of its tables, and every alert names the rows that it rests on.
What makes one is in `build`, which takes a second to import and is no part of every command.
"""

from reviewer.calibration.monitoring.facts import Facts, State, ValidityRating, Waived, Work
from reviewer.calibration.monitoring.model import Alert, Snapshot, Table

__all__ = ["Alert", "Facts", "Snapshot", "State", "Table", "ValidityRating", "Waived", "Work"]
