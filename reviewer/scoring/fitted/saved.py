"""A fitted scorer as a folder: numbers in safetensors, the rest in JSON, a model card to read.

Invariant: nothing that is loaded can run code; equal scorers give equal bytes; a folder is used
only with the rubric and the encoder that it was fitted with.
"""

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from pydantic import ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load, save

from reviewer.errors import FittedFolderError
from reviewer.rubric import Credential
from reviewer.scoring.draft import EngineIdentity
from reviewer.scoring.fitted.draft import ENGINE, VERSION, Engine
from reviewer.scoring.fitted.meaning import CARD, MEANING, NUMBERS, Levels, Meaning
from reviewer.scoring.fitted.ordinal import Ordinal
from reviewer.scoring.fitted.rows import BLOCKS
from reviewer.scoring.fitted.scorer import Parameters, Scorer, Task
from reviewer.scoring.fitted.shelf import Shelved
from reviewer.scoring.talk.moves import TalkMoves
from reviewer.scoring.talk.saved import load_moves, save_moves


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a scorer comes from; all of it is part of its identity."""

    credential: Credential
    encoder_sha256: str
    data_sha256: str
    seed: int
    kind: str = "standard"
    fitted_on: tuple[str, ...] = ()
    moves: TalkMoves | None = None


def prepare(folder: Path) -> None:
    """Make the folder before the work begins; raises `FittedFolderError` if it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / CARD).touch()
    except OSError as error:
        raise FittedFolderError(
            f"{folder} cannot be written ({error.strerror}); name a folder in which you may write."
        ) from error


def save_scorer(scorer: Scorer, origin: Origin, card: str, folder: Path) -> None:
    """Write a folder, which is made if it is not there; raises `FittedFolderError`."""
    prepare(folder)
    numbers = {"intercept": scorer.intercept, "idf": scorer.idf}
    for name in BLOCKS:
        numbers[f"weights.{name}"] = scorer.weights[name]
        numbers[f"centers.{name}"] = scorer.centers[name]
    if scorer.task is not None:
        numbers["task"] = scorer.task.center
    meaning = Meaning(
        engine=origin.kind,
        version=VERSION,
        credential=origin.credential.id,
        rubric_hash=origin.credential.rubric_hash,
        encoder_sha256=origin.encoder_sha256,
        data_sha256=origin.data_sha256,
        fitted_on=origin.fitted_on,
        seed=origin.seed,
        elements=scorer.elements,
        levels=tuple(Levels(**asdict(one)) for one in scorer.levels),
        nearest=None if scorer.task is None else scorer.task.nearest,
        moves_sha256=None if origin.moves is None else save_moves(origin.moves, folder),
    )
    data = save({name: np.ascontiguousarray(one) for name, one in sorted(numbers.items())})
    (folder / NUMBERS).write_bytes(data)
    (folder / MEANING).write_text(meaning.model_dump_json(indent=2) + "\n", encoding="utf-8")
    (folder / CARD).write_text(card, encoding="utf-8")


def load_engine(
    folder: Path, credential: Credential, encoder_sha256: str, abstain_below: float = 0.0
) -> Engine:
    """The engine in a folder; raises `FittedFolderError` where it does not belong here."""
    try:
        numbers = (folder / NUMBERS).read_bytes()
        text = (folder / MEANING).read_bytes()
    except OSError as error:
        raise FittedFolderError(
            f"{folder} holds no fitted scorer ({NUMBERS}, {MEANING}); make one with `reviewer fit`."
        ) from error
    try:
        meaning = Meaning.model_validate_json(text)
        scorer = _scorer(meaning, load(numbers))
    except (ValidationError, SafetensorError, KeyError, ValueError) as error:
        raise FittedFolderError(
            f"{folder} is damaged or was written by another version of reviewer; fit it again."
        ) from error
    if meaning.rubric_hash != credential.rubric_hash:
        raise FittedFolderError(
            f"{folder} was fitted to another rubric or version ({meaning.credential}, hash "
            f"{meaning.rubric_hash[:12]}) than {credential.id} ({credential.rubric_hash[:12]}); "
            "fit it again, or give its own rubric."
        )
    if meaning.encoder_sha256 != encoder_sha256:
        raise FittedFolderError(
            f"{folder} was fitted with other embedding weights ({meaning.encoder_sha256[:12]}) "
            f"than those of REVIEWER_EMBEDDING_MODEL ({encoder_sha256[:12]}); set that model, or "
            "fit again."
        )
    identity = EngineIdentity(
        f"{ENGINE}-{meaning.engine}",
        meaning.version,
        hashlib.sha256(numbers + text).hexdigest(),
        credential.rubric_hash,
        {
            "abstain_below": abstain_below,
            "data_sha256": meaning.data_sha256,
            "encoder_sha256": encoder_sha256,
            "seed": meaning.seed,
        },
    )
    moves = _moves(folder, meaning)
    return Engine(scorer, identity, abstain_below, frozenset(meaning.fitted_on), moves)


def open_shelved(one: Shelved, credential: Credential) -> Engine:
    """The engine in a folder of the shelf; raises `FittedFolderError` if it was changed since."""
    engine = load_engine(one.folder, credential, one.encoder_sha256)
    if engine.identity.weights_sha256 != one.sha256:
        raise FittedFolderError(
            f"{one.folder} was changed while reviewer was running; start reviewer again."
        )
    return engine


def _moves(folder: Path, meaning: Meaning) -> TalkMoves | None:
    if meaning.moves_sha256 is None:
        return None
    moves, sha256 = load_moves(folder)
    if sha256 != meaning.moves_sha256:
        raise FittedFolderError(
            f"The talk moves in {folder} are not those that its scorer was fitted with; fit it "
            "again."
        )
    return moves


def _scorer(meaning: Meaning, numbers: dict[str, Parameters]) -> Scorer:
    if len(meaning.levels) != len(meaning.elements):
        raise ValueError("levels and elements differ in number")
    task = None
    if meaning.nearest is not None:
        task = Task(numbers["task"], meaning.nearest)
    scorer = Scorer(
        meaning.elements,
        numbers["intercept"],
        {name: numbers[f"weights.{name}"] for name in BLOCKS},
        {name: numbers[f"centers.{name}"] for name in BLOCKS},
        numbers["idf"],
        tuple(Ordinal(**one.model_dump()) for one in meaning.levels),
        task,
    )
    for name in BLOCKS:
        if scorer.weights[name].shape != (len(scorer.centers[name]), len(meaning.elements)):
            raise ValueError(f"the block {name} has another shape")
    return scorer
