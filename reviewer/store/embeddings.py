"""Embeddings on disk: one float32 vector per model and text, both named by their SHA-256.

Invariant: a vector that was put comes back bit for bit; nothing is ever overwritten, and it is
removed only with the work that it was made of, or with all others.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, insert, select

from reviewer.store.database import Database
from reviewer.store.schema import embedding

BATCH = 500  # rows asked for, or written, in one statement
STORED = np.dtype("<f4")  # as the schema says: float32, little-endian


class StoredEmbeddings:
    """The cache of embeddings that all submissions share."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get_many(
        self, model_sha256: str, text_sha256s: Sequence[str]
    ) -> dict[str, NDArray[np.float32]]:
        """The vectors that are here, each of shape (dimensions,), by the hash of their text."""
        found: dict[str, NDArray[np.float32]] = {}
        with self._database.reading() as connection:
            for some in batches(sorted(set(text_sha256s))):
                rows = connection.execute(
                    select(embedding.c.text_sha256, embedding.c.vector).where(
                        embedding.c.model_sha256 == model_sha256,
                        embedding.c.text_sha256.in_(some),
                    )
                )
                for row in rows:
                    found[row.text_sha256] = np.frombuffer(row.vector, STORED).astype(np.float32)
        return found

    def put_many(self, model_sha256: str, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Keep vectors of shape (dimensions,) by the hash of their text; known texts are left."""
        with self._database.writing() as connection:
            for some in batches(sorted(vectors)):
                known = connection.scalars(
                    select(embedding.c.text_sha256).where(
                        embedding.c.model_sha256 == model_sha256,
                        embedding.c.text_sha256.in_(some),
                    )
                )
                new = set(some) - set(known)
                if new:
                    connection.execute(
                        insert(embedding),
                        [
                            {
                                "model_sha256": model_sha256,
                                "text_sha256": text,
                                "vector": vectors[text].astype(STORED).tobytes(),
                            }
                            for text in sorted(new)
                        ],
                    )

    def clear(self) -> int:
        """Remove all vectors, whosever text they are of; returns how many there were."""
        with self._database.writing() as connection:
            return connection.execute(delete(embedding)).rowcount


def forget(connection: Connection, text_sha256s: Collection[str]) -> int:
    """Remove the vectors of these texts, of every model; returns how many there were."""
    gone = 0
    for some in batches(sorted(text_sha256s)):
        these = embedding.c.text_sha256.in_(some)
        gone += connection.execute(delete(embedding).where(these)).rowcount
    return gone


Key = TypeVar("Key")


def batches(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    """The keys in parts that are few enough for one statement."""
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]
