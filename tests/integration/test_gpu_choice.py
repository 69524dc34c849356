"""What is asked of the libraries where a machine says that it has a GPU; none was there to run it.

The libraries' own classes are replaced by ones that keep what they were asked: theirs would open a
device. That a batch says what its windows say alone is in test_speech.py.
"""

from pathlib import Path
from typing import Any

import pytest

from reviewer.evidence.embed import (
    GPU_TOKENS,
    TOKENS,
    SentenceTransformersEmbedder,
    load_embedder,
)
from reviewer.intake.speech import load_engine
from reviewer.intake.speech.devices import has_gpu
from reviewer.intake.speech.engines import GPU_BATCH

pytestmark = pytest.mark.slow


class Asked:
    """Stands for a class of a library: keeps how it was called."""

    def __init__(self) -> None:
        self.words: dict[str, Any] = {}

    def __call__(self, *_: object, **words: object) -> "Asked":
        self.words = words
        return self

    def eval(self) -> None:
        pass

    def get_embedding_dimension(self) -> int:
        return 3


@pytest.mark.parametrize(
    ("devices", "device", "precision", "batch", "beside"),
    [(1, "cuda", "float16", GPU_BATCH, 1), (0, "cpu", "int8", 1, 2)],
)
def test_recognition_takes_it_in_half_precision_and_many_windows_at_a_time(
    devices: int,
    device: str,
    precision: str,
    batch: int,
    beside: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = Asked()
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: devices)
    monkeypatch.setattr("faster_whisper.WhisperModel", asked)
    engine = load_engine("faster-whisper", Path("weights"), threads=2)
    assert has_gpu() is (devices > 0)
    assert (asked.words["device"], asked.words["compute_type"]) == (device, precision)
    assert (engine.batch, engine.beside) == (batch, beside)
    assert asked.words["num_workers"] == beside


@pytest.mark.parametrize(
    ("there", "device", "tokens"), [(True, "cuda", GPU_TOKENS), (False, "cpu", TOKENS)]
)
def test_embedding_takes_it_in_large_batches(
    there: bool, device: str, tokens: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked()
    monkeypatch.setattr("torch.cuda.is_available", lambda: there)
    monkeypatch.setattr("sentence_transformers.SentenceTransformer", asked)
    embedder = load_embedder(Path("weights"), "0" * 64, threads=1)
    assert isinstance(embedder, SentenceTransformersEmbedder)
    assert asked.words["device"] == device
    assert embedder._tokens == tokens
