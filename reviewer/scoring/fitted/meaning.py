"""What the numbers of a fitted folder mean: its scorer.json, read without any library of numbers.

Invariant: a key that is missing or unknown is refused, so a folder of another version is not
taken for one of this; a folder from before there were talk moves has none.
"""

from pydantic import BaseModel, ConfigDict

NUMBERS, MEANING, CARD = "scorer.safetensors", "scorer.json", "card.md"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Levels(_Frozen):
    """The fields of an `Ordinal`, as they are kept."""

    values: tuple[float, ...]
    thresholds: tuple[float, ...]
    agreement: float
    center: float
    spread: float
    mean: float
    deviation: float


class Meaning(_Frozen):
    """What the numbers of a folder mean: its scorer.json.

    `encoder_sha256` names the weights whose layers were read, `data_sha256` the tables that were
    fitted on, `fitted_on` the artifacts by the beginnings of their hashes; `nearest` is the
    likeness below which a work is off the one task, if there is one; `moves_sha256` names the talk
    moves beside it, if there are some.
    """

    engine: str
    version: str
    credential: str
    rubric_hash: str
    encoder_sha256: str
    data_sha256: str
    fitted_on: tuple[str, ...]
    seed: int
    elements: tuple[str, ...]
    levels: tuple[Levels, ...]
    nearest: float | None
    moves_sha256: str | None = None
