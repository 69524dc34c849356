"""Which drafts may be shown: the one rule by which measured fitness opens or closes the machine.

Invariant: a closed draft is never shown; an unmeasured one only under the policy `pilot`.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace

from reviewer.rubric import GatePolicy
from reviewer.scoring.draft import DraftKind, ElementDraft, EngineIdentity, Fitness

_REASONS = {
    Fitness.CLOSED: (
        "The draft for this element is closed: measured against experts it does not agree well "
        "enough. Score it by hand."
    ),
    Fitness.UNMEASURED: (
        "The draft for this element has not been measured against experts here, and this "
        "credential shows measured drafts only. Score it by hand."
    ),
}


Measured = Mapping[tuple[str, str], Fitness]
"""What was measured on one version of a rubric: (element, engine version) -> fitness."""


def engine_version(identity: EngineIdentity) -> str:
    """SHA-256 (hex) of all that makes an engine: its code, its weights, its constants.

    It is the column `engine_version` of a ratings table. The rubric is not in it: a verdict names
    that beside it.
    """
    parts = [identity.id, identity.version, identity.weights_sha256, identity.settings]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def measured(draft: ElementDraft, known: Measured) -> ElementDraft:
    """The draft with the fitness measured for exactly its engine, unmeasured where none was."""
    key = (draft.element, engine_version(draft.engine))
    return replace(draft, fitness=known.get(key, Fitness.UNMEASURED))


def may_show(fitness: Fitness, policy: GatePolicy) -> bool:
    """Whether a draft of this fitness is shown under this policy."""
    if fitness is Fitness.UNMEASURED:
        return policy is GatePolicy.PILOT
    return fitness is Fitness.OPEN


def gate(draft: ElementDraft, policy: GatePolicy) -> ElementDraft:
    """The draft as it may be shown: itself, or an abstention that says why it is held back.

    What the engine did not judge (an abstention, not observable) passes as it is.
    """
    judged = draft.kind in {DraftKind.DRAFT, DraftKind.INSUFFICIENT_EVIDENCE}
    if not judged or may_show(draft.fitness, policy):
        return draft
    return replace(
        draft,
        kind=DraftKind.ABSTENTION,
        reason=_REASONS[draft.fitness],
        level=None,
        expected=None,
        probabilities={},
        strength=0.0,
        rationale="",
        citations=(),
    )
