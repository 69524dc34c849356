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
    Resubmission,
    ReviewMode,
    Slot,
    SlotKind,
    Stack,
)
from reviewer.rubric.reading import (
    Listed,
    examine,
    examine_named,
    find_credential,
    list_credentials,
    read_credential,
)
from reviewer.rubric.schema import schema_text

__all__ = [
    "Credential",
    "DecisionRule",
    "Element",
    "GatePolicy",
    "Indicator",
    "Level",
    "Listed",
    "Recognition",
    "Resubmission",
    "ReviewMode",
    "Slot",
    "SlotKind",
    "Stack",
    "examine",
    "examine_named",
    "find_credential",
    "list_credentials",
    "read_credential",
    "schema_text",
]
