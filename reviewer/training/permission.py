"""Who may do what with training sets: the one table that every training handler asks.

Invariant: the default is no. Who keeps the sets of a credential knows their keys, and so neither
practises nor qualifies on them.
"""

from enum import StrEnum

from reviewer.review.permission import Person, Role


class TrainingAct(StrEnum):
    """What can be done with the sets of one credential."""

    PRACTISE = "practise"
    KEEP_SETS = "keep_sets"
    REQUIRE = "require"


_ROLES = {
    TrainingAct.PRACTISE: (Role.TRAINEE, Role.EVALUATOR),
    TrainingAct.KEEP_SETS: (Role.TRAINER,),
    TrainingAct.REQUIRE: (Role.ISSUER,),
}


def may_train(person: Person, act: TrainingAct, credential: str) -> bool:
    """Whether `person` may do `act` with the training sets of `credential`."""
    if act is TrainingAct.PRACTISE and person.has(Role.TRAINER, credential):
        return False
    return any(person.has(role, credential) for role in _ROLES[act])
