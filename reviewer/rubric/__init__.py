"""Credentials and their rubrics: immutable values, identified by a content hash.

Invariant: a `Credential` that exists is valid, and two with equal `rubric_hash` ask for, and
judge, the same things in the same words.
"""

from reviewer.rubric.model import (
    Credential,
    DecisionRule,
    Element,
    GatePolicy,
    Indicator,
    Level,
    Recognition,
    Slot,
    SlotKind,
)

__all__ = [
    "Credential",
    "DecisionRule",
    "Element",
    "GatePolicy",
    "Indicator",
    "Level",
    "Recognition",
    "Slot",
    "SlotKind",
]
