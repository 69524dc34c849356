"""Texts become the mean states of an encoder's middle layers, and of its last one.

Invariant: a row depends on its text and the weights alone (its batches are those of
`reviewer.evidence.embed`), and its last quarter, scaled to unit length, is the text's embedding.
Middle layers know more of spelling and syntax than the last one, which was trained to forget how a
thing is said. torch and transformers are imported when an encoder is opened, never before.
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from reviewer.evidence.embed import Vectors, forward_all

LONGEST = 256  # tokens of a text that are read


class LayerEncoder:
    """An encoder opened by transformers' AutoModel; it is an `Embedder` of longer rows."""

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        weights_sha256: str,
        layers: tuple[int, int, int, int],
        threads: int = 1,
    ) -> None:
        self._model, self._tokenizer = model, tokenizer
        self._threads = threads
        self.layers = layers
        self.weights_sha256 = rows_sha256(weights_sha256)
        self.dimensions = len(self.layers) * int(model.config.hidden_size)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Mean token states of the four layers side by side, shape (len(texts), dimensions)."""
        ids = self._tokenizer(list(texts), truncation=True, max_length=LONGEST)["input_ids"]
        out = np.zeros((len(texts), self.dimensions), np.float32)
        for rows, means in forward_all(ids, self._tokenizer, self._forward, threads=self._threads):
            out[rows] = means
        return out

    def _forward(self, padded: Mapping[str, Any]) -> Any:
        import torch

        states = self._model(**padded, output_hidden_states=True).hidden_states
        real = padded["attention_mask"].unsqueeze(-1).to(states[0].dtype)
        means = [(states[at] * real).sum(1) / real.sum(1) for at in self.layers]
        return torch.cat(means, dim=1)


def layers_of(count: int) -> tuple[int, int, int, int]:
    """The numbers of the layers that are read: one and two thirds up, half way up, the last."""
    return count // 3, count // 2, 2 * count // 3, count


def rows_sha256(weights_sha256: str) -> str:
    """The name under which rows of these weights are cached: not that of their embeddings."""
    return hashlib.sha256(f"{weights_sha256} layers {LONGEST}".encode()).hexdigest()


def load_layers(
    folder: Path, weights_sha256: str, threads: int, tuned: bool = False
) -> LayerEncoder:
    """Open the encoder in `folder` on the processor, where `threads` batches are computed at once.

    `tuned`: it was fine-tuned to ratings, so its last layer is read in all four places.
    """
    from transformers import AutoModel, AutoTokenizer

    model = AutoModel.from_pretrained(str(folder), local_files_only=True)
    model.eval()
    tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
    count = int(model.config.num_hidden_layers)
    layers = (count, count, count, count) if tuned else layers_of(count)
    return LayerEncoder(model, tokenizer, weights_sha256, layers, threads)
