"""Texts as artifacts, and an embedding that needs no weights, for tests of evidence and scoring."""

import hashlib
from collections.abc import Sequence

import numpy as np

from reviewer.evidence.embed import Vectors
from reviewer.evidence.words import words
from reviewer.intake.artifact import Artifact, ArtifactKind
from reviewer.intake.segmenting import segment_document


def document(text: str, name: str = "work.txt", slot: str | None = None) -> Artifact:
    """A text as the artifact that intake would make of it."""
    sha256 = hashlib.sha256(f"{name}{text}".encode()).hexdigest()
    segments = segment_document(sha256[:12], text, ())
    return Artifact(sha256[:12], name, slot, ArtifactKind.DOCUMENT, sha256, text, segments=segments)


def by_words(texts: Sequence[str]) -> Vectors:
    """Unit vectors of the words' hashes, shape (texts, 64): texts that share words are near."""
    rows = np.zeros((len(texts), 64), np.float32)
    for row, text in zip(rows, texts, strict=True):
        row[0] = 0.01
        for word in words(text):
            row[hashlib.sha256(word.encode()).digest()[0] % 64] += 1
    unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit
