"""Talk moves as two files: numbers in safetensors, their meaning in JSON.

Invariant: nothing that is loaded can run code; equal moves give equal bytes, and their hash names
them wherever they are used.
"""

import hashlib
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load, save

from reviewer.errors import FittedFolderError
from reviewer.scoring.talk.lines import Numbers32, Role
from reviewer.scoring.talk.moves import WIDTH, RoleMoves, TalkMoves

NUMBERS, MEANING = "moves.safetensors", "moves.json"


class _Meaning(BaseModel):
    """Names of the moves by role, in the order of their columns.

    `version` is raised when the features of a line change.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal["1"]
    roles: dict[Role, tuple[str, ...]]


def save_moves(moves: TalkMoves, folder: Path) -> str:
    """Write the two files into a folder that is there; the hash that names them."""
    numbers = {}
    for role, own in moves.roles.items():
        numbers[f"{role}.weights"] = np.ascontiguousarray(own.weights)
        numbers[f"{role}.intercepts"] = own.intercepts
    names = {role: own.names for role, own in moves.roles.items()}
    text = _Meaning(version="1", roles=names).model_dump_json(indent=2) + "\n"
    data = save(dict(sorted(numbers.items())))
    (folder / NUMBERS).write_bytes(data)
    (folder / MEANING).write_text(text, encoding="utf-8")
    return _sha256(data, text.encode())


def load_moves(folder: Path) -> tuple[TalkMoves, str]:
    """The moves in a folder and the hash that names them; raises `FittedFolderError`."""
    try:
        data, text = (folder / NUMBERS).read_bytes(), (folder / MEANING).read_bytes()
    except OSError as error:
        raise FittedFolderError(
            f"{folder} holds no talk moves ({NUMBERS}, {MEANING}); make them with "
            "`reviewer fit-moves`."
        ) from error
    try:
        meaning = _Meaning.model_validate_json(text)
        numbers = load(data)
        roles = {
            role: _role(names, numbers[f"{role}.weights"], numbers[f"{role}.intercepts"])
            for role, names in meaning.roles.items()
        }
    except (ValidationError, SafetensorError, KeyError, ValueError) as error:
        raise FittedFolderError(
            f"The talk moves in {folder} are damaged or were written by another version of "
            "reviewer; fit them again."
        ) from error
    return TalkMoves(roles), _sha256(data, text)


def _role(names: tuple[str, ...], weights: Numbers32, intercepts: Numbers32) -> RoleMoves:
    if weights.shape != (WIDTH, len(names)) or intercepts.shape != (len(names),):
        raise ValueError("the numbers have another shape")
    return RoleMoves(names, weights, intercepts)


def _sha256(data: bytes, text: bytes) -> str:
    return hashlib.sha256(data + text).hexdigest()
