"""Vectors of evaluation texts, kept between runs so that a study's second run is quick.

Invariant: what is kept is found only under the hash of the weights and of the text; the file lies
in the user's cache folder (or REVIEWER_EVAL_CACHE), never in the project or the data folder.
"""

import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import platformdirs

from eval.study import Skipped
from reviewer.evidence.embed import Embedder, Vectors, embed, load_embedder
from reviewer.evidence.layers import LayerEncoder, load_layers, rows_sha256
from reviewer.settings import load_settings
from reviewer.weights import Manifest, find_manifest, load_manifests

BATCH = 500  # rows asked for in one statement


class KeptVectors:
    """An `EmbeddingCache` in one SQLite file."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._rows = sqlite3.connect(path)
        self._rows.execute(
            "create table if not exists vector (model text, text text, row blob,"
            " primary key (model, text)) without rowid"
        )

    def get_many(self, model_sha256: str, text_sha256s: Sequence[str]) -> dict[str, Vectors]:
        """The vectors that are here, by the hash of their text."""
        found = {}
        for start in range(0, len(text_sha256s), BATCH):
            some = text_sha256s[start : start + BATCH]
            marks = ",".join("?" * len(some))
            asked = f"select text, row from vector where model = ? and text in ({marks})"
            for name, row in self._rows.execute(asked, (model_sha256, *some)):
                found[name] = np.frombuffer(row, np.float32)
        return found

    def put_many(self, model_sha256: str, vectors: Mapping[str, Vectors]) -> None:
        """Keep vectors by the hash of their text."""
        rows = [(model_sha256, name, one.tobytes()) for name, one in vectors.items()]
        with self._rows:
            self._rows.executemany("insert or ignore into vector values (?, ?, ?)", rows)


@lru_cache(maxsize=1)
def _kept() -> KeptVectors:
    named = os.environ.get("REVIEWER_EVAL_CACHE")
    folder = Path(named) if named else Path(platformdirs.user_cache_dir("reviewer-eval"))
    return KeptVectors(folder / "vectors.sqlite3")


@lru_cache(maxsize=1)
def opened() -> Embedder:
    """The embedding model of the settings; raises `Skipped` where its weights are absent."""
    settings, manifest = load_settings(), _manifest()
    folder = settings.models_dir / manifest.id
    return load_embedder(folder, manifest.weights_sha256, settings.threads)


def weights_folder(model: str | None = None) -> Path:
    """The folder of the weights of `model`, or of the embedding model of the settings.

    Raises `Skipped` where they are absent.
    """
    return load_settings().models_dir / _manifest(model).id


def weights_sha256() -> str:
    """SHA-256 of the embedding weights; raises `Skipped` where they are absent."""
    return _manifest().weights_sha256


def embedding() -> Callable[[Sequence[str]], Vectors]:
    """Texts to unit vectors, each different text embedded once and for all; raises `Skipped`."""
    sha256, kept = weights_sha256(), _kept()
    return lambda texts: embed(texts, opened, sha256, kept)


@lru_cache(maxsize=1)
def _opened_layers() -> LayerEncoder:
    return load_layers(weights_folder(), weights_sha256(), load_settings().threads)


def encoding() -> Callable[[Sequence[str]], Vectors]:
    """Texts to rows of an encoder's layers, kept like the vectors; raises `Skipped`."""
    sha256, kept = rows_sha256(weights_sha256()), _kept()
    return lambda texts: embed(texts, _opened_layers, sha256, kept)


@lru_cache(maxsize=2)
def _manifest(model: str | None = None) -> Manifest:
    settings = load_settings()
    manifests = load_manifests(settings.manifests_dir)
    manifest = find_manifest(manifests, model or settings.embedding_model)
    if not (settings.models_dir / manifest.id).is_dir():
        raise Skipped(f"no weights: run reviewer models pull {manifest.id}")
    return manifest
