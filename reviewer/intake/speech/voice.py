"""Voice activity: for every 32 ms of a recording, how likely it is that somebody speaks.

Invariant: frame ``n`` covers the samples ``[n * FRAME, (n + 1) * FRAME)`` of the recording, and its
probability depends only on the ten seconds around it, so a loud voice cannot drown a quiet one.

The network is silero's, in the form that faster-whisper ships: it takes half a minute in one call
and needs no torch. In a recording at its own level a loud voice hides the quiet one after it; hence
the levels and the fresh starts below (docs/decisions/0031-voice-activity.md).
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reviewer.intake.media import SAMPLE_RATE, Sound, decode

FRAME = 512  # samples: 32 ms
CONTEXT = 64  # samples of the frame before that the network sees again
STATE = (1, 1, 128)  # shape of its memory
BLOCK = 312 * FRAME  # samples, ten seconds: then the network starts afresh
WARM = 31 * FRAME  # samples heard again before a fresh start, one second
CHUNK_S = 3 * BLOCK / SAMPLE_RATE
LEVEL = 0.1  # root mean square that every stretch is brought to, of full scale
LEVEL_SAMPLES = 96 * FRAME  # a stretch, three seconds
MOST_GAIN, LEAST_GAIN = 20.0, 0.05  # so that the hiss of an empty room stays hiss

Probabilities = NDArray[np.float32]


def listen(path: Path) -> Iterator[tuple[Probabilities, int]]:
    """Chunk by chunk: voice probabilities in [0, 1], one a frame, and the chunk's samples.

    Raises what `decode` raises.
    """
    from faster_whisper.vad import get_vad_model

    network = get_vad_model().session
    before = np.zeros(WARM, np.float32)
    for sound in decode(path, CHUNK_S):
        levelled = levelled_sound(np.pad(sound, (0, -len(sound) % FRAME)))
        found = []
        for start in range(0, len(levelled), BLOCK):
            block = levelled[start : start + BLOCK]
            heard = np.concatenate([before, block])
            state = {"h": np.zeros(STATE, np.float32), "c": np.zeros(STATE, np.float32)}
            found.append(network.run(None, {"input": _framed(heard), **state})[0].reshape(-1))
            before = heard[-WARM:]
        yield np.concatenate([block[WARM // FRAME :] for block in found]), len(sound)


def levelled_sound(sound: Sound) -> Sound:
    """The sound with every stretch of `LEVEL_SAMPLES` brought to `LEVEL`, within gain limits."""
    levelled = np.empty_like(sound)
    for start in range(0, len(sound), LEVEL_SAMPLES):
        stretch = sound[start : start + LEVEL_SAMPLES]
        loudness = max(float(np.sqrt(np.mean(stretch**2))), 1e-6)
        gain = np.float32(min(MOST_GAIN, max(LEAST_GAIN, LEVEL / loudness)))
        levelled[start : start + LEVEL_SAMPLES] = np.clip(stretch * gain, -1.0, 1.0)
    return levelled


def _framed(sound: Sound) -> NDArray[np.float32]:
    """Rows of `CONTEXT` + `FRAME` samples; the first row has silence for its context."""
    whole = np.concatenate([np.zeros(CONTEXT, np.float32), sound])
    rows = np.lib.stride_tricks.sliding_window_view(whole, CONTEXT + FRAME)[::FRAME]
    return np.ascontiguousarray(rows)
