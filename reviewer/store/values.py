"""How values become bytes in the store, and come back: JSON by the types of the values themselves.

Invariant: ``adapter.decode(adapter.encode(value)) == value``, and equal values have equal bytes.
"""

from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from reviewer.errors import StoreError
from reviewer.intake.artifact import Artifact, Problem
from reviewer.intake.documents import Document
from reviewer.intake.transcript import Transcript
from reviewer.scoring.draft import DraftedLevel, ElementDraft
from reviewer.training.qualification import Result
from reviewer.training.work import KeyEntry

Value = TypeVar("Value")


class Codec(Generic[Value]):
    """One kind of value; `of` is its type, unions included."""

    def __init__(self, of: Any) -> None:
        self._adapter: TypeAdapter[Value] = TypeAdapter(of)

    def encode(self, value: Value) -> bytes:
        """UTF-8 JSON."""
        return self._adapter.dump_json(value)

    def decode(self, data: bytes) -> Value:
        """Raises `StoreError` for bytes that another version of reviewer wrote differently."""
        try:
            return self._adapter.validate_json(data)
        except ValidationError as error:
            raise StoreError(
                "The store holds a result that this version of reviewer cannot read "
                f"({error.errors()[0]['msg']}); use the version that wrote it, or another "
                "REVIEWER_HOME."
            ) from error


PROBLEM = b'{"kind":'
"""What bytes of `DOCUMENT` and `TRANSCRIPT` begin with where they are a `Problem`: its name."""


def is_problem(data: bytes) -> bool:
    """Whether bytes of `DOCUMENT` or `TRANSCRIPT` are a `Problem`.

    Plans ask this of every file at every stage, and an hour of speech takes long to decode.
    """
    return data.startswith(PROBLEM)


DOCUMENT: Codec[Document | Problem] = Codec(Document | Problem)
TRANSCRIPT: Codec[Transcript | Problem] = Codec(Transcript | Problem)
DRAFTS: Codec[tuple[ElementDraft, ...]] = Codec(tuple[ElementDraft, ...])
DRAFTED: Codec[tuple[DraftedLevel, ...]] = Codec(tuple[DraftedLevel, ...])
"""Decodes what `DRAFTS` encoded, and leaves excerpts and citations out: many at once fit."""
ARTIFACT: Codec[Artifact] = Codec(Artifact)
COUNT: Codec[int] = Codec(int)
ARTIFACTS: Codec[tuple[Artifact, ...]] = Codec(tuple[Artifact, ...])
KEY: Codec[dict[str, KeyEntry]] = Codec(dict[str, KeyEntry])
RESULT: Codec[Result] = Codec(Result)
