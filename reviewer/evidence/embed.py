"""Texts become unit vectors; a text that was embedded before, with the same weights, costs nothing.

Invariant: a row depends on its text and the weights alone. Padding is a function of the text's own
length and so is the shape of its batch, so the company a text keeps does not change its vector; nor
does the number of threads, for a batch is computed by one of them.
sentence-transformers (6 s) is imported when a model is opened, never before.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

TOKENS = 192  # of one batch, or one text; short batches are filled up, so that texts of one width
# are always in batches of one shape (docs/decisions/0226)
GPU_TOKENS = 8192  # the same on a GPU, which is idle between small batches
STEP = 8  # tokens; a text is padded to the next multiple


class Embedder(Protocol):
    """An embedding model in memory."""

    @property
    def weights_sha256(self) -> str:
        """SHA-256 (hex) of the weights."""

    @property
    def dimensions(self) -> int:
        """Numbers in one vector."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape (len(texts), dimensions)."""


class EmbeddingCache(Protocol):
    """Where vectors are kept, by the hash of the weights and the hash of the text."""

    def get_many(self, model_sha256: str, text_sha256s: Sequence[str]) -> dict[str, Vectors]:
        """The vectors that are here, shape (dimensions,), by the hash of their text."""

    def put_many(self, model_sha256: str, vectors: Mapping[str, Vectors]) -> None:
        """Keep vectors by the hash of their text; known ones are left as they are."""


def embed(
    texts: Sequence[str],
    open_embedder: Callable[[], Embedder],
    weights_sha256: str,
    cache: EmbeddingCache,
) -> Vectors:
    """Unit vectors of `texts`, shape (n, d), in their order; each different text is embedded once.

    `open_embedder` is called only when some text is not in the cache. No texts give shape (0, 0).
    """
    if not texts:
        return np.zeros((0, 0), np.float32)
    names = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    known = cache.get_many(weights_sha256, sorted(set(names)))
    missing = {name: text for name, text in zip(names, texts, strict=True) if name not in known}
    if missing:
        vectors = open_embedder().encode(list(missing.values()))
        fresh = dict(zip(missing, vectors, strict=True))
        cache.put_many(weights_sha256, fresh)
        known = {**known, **fresh}
    return np.stack([known[name] for name in names])


class SentenceTransformersEmbedder:
    """A sentence-transformers folder, encoded in batches of one shape for texts of one width."""

    def __init__(
        self, model: Any, weights_sha256: str, threads: int = 1, tokens: int = TOKENS
    ) -> None:
        self._model = model
        self._threads = threads
        self._tokens = tokens
        self.weights_sha256 = weights_sha256
        self.dimensions = int(model.get_embedding_dimension())

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape (len(texts), dimensions)."""
        tokenizer, limit = self._model.tokenizer, int(self._model.max_seq_length)
        ids = tokenizer(list(texts), truncation=True, max_length=limit)["input_ids"]
        out = np.zeros((len(texts), self.dimensions), np.float32)
        for rows, vectors in forward_all(
            ids, tokenizer, self._forward, threads=self._threads, tokens=self._tokens
        ):
            out[rows] = vectors
        return out

    def _forward(self, padded: Mapping[str, Any]) -> Any:
        import torch

        there = {name: part.to(self._model.device) for name, part in padded.items()}
        vectors = self._model.forward(there)["sentence_embedding"]
        return torch.nn.functional.normalize(vectors, dim=1)


def forward_all(
    ids: Sequence[Sequence[int]],
    tokenizer: Any,
    forward: Callable[[Mapping[str, Any]], Any],
    *,
    threads: int,
    tokens: int = TOKENS,
) -> Iterator[tuple[list[int], Vectors]]:
    """Row numbers and their rows of `forward`, batch by batch, for token `ids` of any lengths.

    `threads` batches are computed at once, each by one thread: operations as small as these lose
    more by being shared among threads than batches do (docs/decisions/0054). A short batch is
    filled up by repeating its first text.
    """
    import torch

    def one(batch: tuple[int, list[int]]) -> tuple[list[int], Vectors]:
        width, rows = batch
        missing = rows_of(width, tokens) - len(rows)
        filled = [ids[row] for row in [*rows, *[rows[0]] * missing]]
        padded = tokenizer.pad(
            {"input_ids": filled}, padding="max_length", max_length=width, return_tensors="pt"
        )
        with torch.inference_mode():
            return rows, forward(padded)[: len(rows)].cpu().numpy()

    before = torch.get_num_threads()
    wide_first = reversed(
        batches([len(each) for each in ids], tokens)
    )  # so that threads end together
    try:
        with ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            yield from pool.map(one, wide_first)
    finally:
        torch.set_num_threads(before)


def rows_of(width: int, tokens: int) -> int:
    """How many texts of a padded width make a batch of up to `tokens`, at least one."""
    return max(1, tokens // width)


def batches(lengths: Sequence[int], tokens: int) -> list[tuple[int, list[int]]]:
    """Batches of row numbers that share one padded width, narrow ones first."""
    by_width: dict[int, list[int]] = {}
    for row, length in enumerate(lengths):
        by_width.setdefault(-(-length // STEP) * STEP, []).append(row)
    return [
        (width, rows[start : start + rows_of(width, tokens)])
        for width, rows in sorted(by_width.items())
        for start in range(0, len(rows), rows_of(width, tokens))
    ]


def load_embedder(folder: Path, weights_sha256: str, threads: int) -> Embedder:
    """Open the sentence-transformers model in `folder`: on a GPU where there is one.

    Else on the processor, where `threads` batches are computed at once.
    """
    import torch
    from sentence_transformers import SentenceTransformer

    gpu = torch.cuda.is_available()
    model = SentenceTransformer(str(folder), device="cuda" if gpu else "cpu", local_files_only=True)
    model.eval()
    if gpu:
        return SentenceTransformersEmbedder(model, weights_sha256, tokens=GPU_TOKENS)
    return SentenceTransformersEmbedder(model, weights_sha256, threads)
