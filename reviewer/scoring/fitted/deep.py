"""A deep scorer from rated works, its encoder beside it in the folder, and the rows it reads.

Invariant: what the scorer reads of a segment is the tuned encoder's last layer; the descriptors and
the task are still judged by the encoder as it was, whose embeddings tuning would blur.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from reviewer.evidence.embed import Vectors
from reviewer.evidence.layers import LayerEncoder, load_layers
from reviewer.rubric import Credential
from reviewer.scoring.fitted.fit import Fit, deep_scorer
from reviewer.scoring.fitted.measure import Sample
from reviewer.scoring.fitted.read import WorkRead
from reviewer.scoring.fitted.tune import Segments, held_out, tune
from reviewer.scoring.work import Embed

ENCODER = "encoder"  # the folder of the tuned encoder, within that of the scorer
EPOCHS = 3


def fit_deep(
    credential: Credential, sample: Sample, base: Path, folder: Path, epochs: int, seed: int
) -> Fit:
    """Tune the encoder in `base` and keep it in `folder`; the scorer that reads it."""
    works = [
        Segments(tuple(one.text for one in work.sentences), work.shares) for work in sample.works
    ]
    held = held_out(base, works, sample.scores, sample.groups, epochs, seed)
    tuned = tune(base, works, sample.scores, epochs, seed)
    kept = folder / ENCODER
    kept.mkdir(parents=True, exist_ok=True)
    tuned.model.to("cpu").save_pretrained(str(kept))
    tuned.tokenizer.save_pretrained(str(kept))
    return deep_scorer(
        credential,
        _reread(sample, open_tuned(folder, 1)),
        sample.scores,
        held,
        tuned.weights(),
        sample.one_task,
    )


def _reread(sample: Sample, encoder: LayerEncoder) -> list[WorkRead]:
    """The works with the tuned encoder's rows in place of the encoder's as it was."""
    made = []
    for work in sample.works:
        rows = encoder.encode([one.text for one in work.sentences])
        made.append(replace(work, layers=rows[:, : 3 * rows.shape[1] // 4]))
    return made


def open_tuned(folder: Path, threads: int) -> LayerEncoder:
    """The tuned encoder in the folder of a deep scorer."""
    weights = (folder / ENCODER / "model.safetensors").read_bytes()
    return load_layers(folder / ENCODER, hashlib.sha256(weights).hexdigest(), threads, tuned=True)


def deep_rows(tuned: LayerEncoder, base: Embed) -> Embed:
    """Rows whose first three quarters are the tuned encoder's, the last one as `base` has it."""

    def encode(texts: Sequence[str]) -> Vectors:
        rows, own = tuned.encode(texts), base(texts)
        quarter = rows.shape[1] // 4
        made: Vectors = np.concatenate([rows[:, : 3 * quarter], own[:, -(own.shape[1] // 4) :]], 1)
        return made

    return encode
