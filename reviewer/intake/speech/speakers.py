"""Who speaks when, without knowing who anybody is: S1, S2 ..., or null where unsure.

Invariant: nothing here keeps sound. Of each voiced span only embeddings of stretches of
`PARTIAL_S` and a mark of where it is quiet remain (about 7 MB for an hour), for `find_turns`.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from reviewer.intake.speech.attribution import attribute
from reviewer.intake.speech.ge2e import SAMPLE_RATE, Ge2e
from reviewer.intake.speech.turns import PARTIAL_S, STEP_S, HeardSpan, Turn, find_turns

HOP_S = 0.4  # between the starts of embedded stretches
LEAST_S = 0.2  # a shorter piece of a span says nothing about a voice
QUIET_DB = 22.0  # below the loud parts of its span, a step is quiet

Sound = NDArray[np.float32]


class SpeakerModel(Protocol):
    """Anything that turns sound into a vector that is near for the same voice."""

    @property
    def identity(self) -> str:
        """Names the network and its weights, for caches and results."""

    def embed(self, clips: Sequence[Sound]) -> NDArray[np.float32]:
        """One unit row for each clip (float32, mono, 16 kHz): shape (n, dimensions).

        Several threads may call at once.
        """


def load_speaker_model(folder: Path, weights_sha256: str) -> SpeakerModel:
    """GE2E from the folder of its weights.

    Raises OSError where the weights are not there. They are not verified here.
    """
    return Ge2e(folder / "pretrained.pt", weights_sha256)


def hear_voices(
    model: SpeakerModel, samples: Sound, offset_s: float, spans: Sequence[tuple[float, float]]
) -> Iterator[HeardSpan]:
    """The voices of some sound at 16 kHz that begins at a second of the recording, span by span.

    `spans` are voiced seconds on the recording's clock, rising and not overlapping; what lies
    outside the sound is left out. A span's result depends on the span alone.
    """
    for start_s, end_s in spans:
        first = max(0, round((start_s - offset_s) * SAMPLE_RATE))
        sound = samples[first : max(first, round((end_s - offset_s) * SAMPLE_RATE))]
        if len(sound) >= LEAST_S * SAMPLE_RATE:
            yield _span(model, sound, offset_s + first / SAMPLE_RATE)


def _span(model: SpeakerModel, sound: Sound, start_s: float) -> HeardSpan:
    length, hop = round(PARTIAL_S * SAMPLE_RATE), round(HOP_S * SAMPLE_RATE)
    last = max(0, len(sound) - length)
    starts = sorted({*range(0, last + 1, hop), last})
    rows = model.embed([sound[start : start + length] for start in starts])
    begins = start_s + np.array(starts) / SAMPLE_RATE
    end_s = start_s + len(sound) / SAMPLE_RATE
    ends = np.minimum(begins + PARTIAL_S, end_s)
    return HeardSpan(start_s, end_s, begins, ends, rows, _quiet(sound))


def _quiet(sound: Sound) -> NDArray[np.bool_]:
    """For each `STEP_S`, whether the sound lies `QUIET_DB` below the loud parts."""
    step = round(STEP_S * SAMPLE_RATE)
    starts = np.arange(0, len(sound), step)
    powers = np.add.reduceat(np.square(sound, dtype=np.float64), starts)
    levels_db = 10 * np.log10(powers / np.minimum(step, len(sound) - starts) + 1e-12)
    quiet: NDArray[np.bool_] = levels_db < np.quantile(levels_db, 0.9) - QUIET_DB
    return quiet


__all__ = [
    "SpeakerModel",
    "Turn",
    "attribute",
    "find_turns",
    "hear_voices",
    "load_speaker_model",
]
