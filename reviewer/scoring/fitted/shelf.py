"""The fitted scorers that lie in one folder, known by their hashes before any of them is opened.

Invariant: a scorer is used only as it was when the shelf was listed; one that was changed since is
refused. A folder without a scorer.json, such as one that is just being written, is none.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from reviewer.errors import FittedFolderError
from reviewer.scoring.fitted.meaning import MEANING, NUMBERS, Meaning


@dataclass(frozen=True, slots=True)
class Shelved:
    """One fitted folder: for which rubric and encoder it is, and the hash that names it."""

    folder: Path
    rubric_hash: str
    encoder_sha256: str
    sha256: str


def list_shelf(shelf: Path, encoder_sha256: str) -> tuple[Shelved, ...]:
    """The scorers in the folders below `shelf` that read this encoder, by their hash.

    Raises `FittedFolderError` for a folder that is damaged; a shelf that is not there is empty.
    """
    found = {}
    for path in sorted(shelf.rglob(MEANING)):
        folder = path.parent
        try:
            text = path.read_bytes()
            meaning = Meaning.model_validate_json(text)
            sha256 = hashlib.sha256((folder / NUMBERS).read_bytes() + text).hexdigest()
        except (OSError, ValidationError) as error:
            raise FittedFolderError(
                f"{folder} is damaged or was written by another version of reviewer; fit it again, "
                "or move it away."
            ) from error
        if meaning.encoder_sha256 == encoder_sha256:
            found[sha256] = Shelved(folder, meaning.rubric_hash, encoder_sha256, sha256)
    return tuple(found[sha256] for sha256 in sorted(found))


def by_rubric(shelf: Sequence[Shelved]) -> dict[str, tuple[str, ...]]:
    """Hashes of the scorers by the hash of their rubric."""
    made: dict[str, tuple[str, ...]] = {}
    for one in shelf:
        made[one.rubric_hash] = (*made.get(one.rubric_hash, ()), one.sha256)
    return made
