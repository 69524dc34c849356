"""GE2E: one vector for how a voice sounds; near for the same voice, whatever is said.

Invariant: every row that `Ge2e.embed` returns has length 1 and depends on its own clip alone, so
the order and number of clips in a call change nothing (but for rounding).

The network is the one of "Generalized End-to-End Loss for Speaker Verification" (Wan et al., 2018)
in the shape of the published weights: mel power, three LSTM layers, a linear layer, ReLU, length 1.
It was trained on 1.6 s of speech at a time ("partials"); longer clips are means over partials.
Nothing heavy is imported before a model is loaded.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor

SAMPLE_RATE = 16_000  # samples per second
WINDOW = 400  # samples of one spectrum: 25 ms
HOP = 160  # samples between spectra: 10 ms
BANDS = 40  # mel bands
HIDDEN = 256  # width of the LSTM and of the embedding
LAYERS = 3
PARTIAL = 160  # spectra that the network sees at once: 1.6 s
STEP = 80  # spectra between the partials of a longer clip
LOUDNESS_DB = -30.0  # full scale decibels to which a quieter clip is raised
BATCH = 64  # partials computed at once: about 2 MB of spectra

Embeddings = NDArray[np.float32]


class Ge2e:
    """The loaded network; `identity` names it and its weights."""

    def __init__(self, weights: Path, weights_sha256: str) -> None:
        """Read the weights.

        Raises OSError where the file cannot be read, KeyError or RuntimeError for other weights.
        """
        import torch

        self.identity = f"ge2e {weights_sha256}"
        state = torch.load(weights, map_location="cpu", weights_only=True)["model_state"]
        self._lstm = torch.nn.LSTM(BANDS, HIDDEN, LAYERS, batch_first=True)
        self._linear = torch.nn.Linear(HIDDEN, HIDDEN)
        self._lstm.load_state_dict(_part(state, "lstm."))
        self._linear.load_state_dict(_part(state, "linear."))
        self._lstm.eval()
        self._linear.eval()

    def embed(self, clips: Sequence[NDArray[np.float32]]) -> Embeddings:
        """One unit row of 256 for each clip (float32, mono, 16 kHz, any length): shape (n, 256).

        The calling thread computes alone; several may call at once.
        """
        import torch

        # A step of the LSTM is small: on two busy cores two threads, waiting for each other, spent
        # seven times the processor time of one. Not set back: callers at once would set back what
        # another of them has set.
        torch.set_num_threads(1)
        partials: list[Tensor] = []
        owners: list[int] = []
        sums = np.zeros((len(clips), HIDDEN), np.float32)
        for index, clip in enumerate(clips):
            found = _partials(_mel(_loud(clip)))
            partials.extend(found)
            owners.extend([index] * len(found))
            if len(partials) >= BATCH or index == len(clips) - 1:
                np.add.at(sums, owners, self._forward(partials))
                partials, owners = [], []
        return _unit(sums)

    def _forward(self, partials: "list[Tensor]") -> Embeddings:
        import torch

        with torch.inference_mode():
            _, (hidden, _) = self._lstm(torch.stack(partials))
            raw: Embeddings = torch.relu(self._linear(hidden[-1])).numpy()
        return _unit(raw)


def _part(state: "dict[str, Tensor]", prefix: str) -> "dict[str, Tensor]":
    return {
        key.removeprefix(prefix): value for key, value in state.items() if key.startswith(prefix)
    }


def _unit(rows: Embeddings) -> Embeddings:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Embeddings = rows / np.maximum(lengths, np.float32(1e-9))
    return unit


def _loud(clip: NDArray[np.float32]) -> NDArray[np.float32]:
    """The clip, raised to `LOUDNESS_DB` if it is quieter; silence stays silent."""
    power = float(np.mean(np.square(clip))) if len(clip) else 0.0
    if power <= 0.0:
        return clip
    gain_db = LOUDNESS_DB - 10 * np.log10(power)
    return clip * np.float32(10 ** (gain_db / 20)) if gain_db > 0 else clip


@lru_cache(maxsize=1)
def _filters() -> "tuple[Tensor, Tensor]":
    """The mel filters (bands, frequencies) and the window of one spectrum."""
    import torch
    from transformers.audio_utils import mel_filter_bank

    bank: Any = mel_filter_bank(
        WINDOW // 2 + 1, BANDS, 0.0, SAMPLE_RATE / 2, SAMPLE_RATE, norm="slaney", mel_scale="slaney"
    )
    return torch.from_numpy(bank.T.astype(np.float32)), torch.hann_window(WINDOW)


def _mel(clip: NDArray[np.float32]) -> "Tensor":
    """Mel power, shape (spectra, `BANDS`); clips shorter than a partial end in silence."""
    import torch

    filters, window = _filters()
    short = max(0, PARTIAL * HOP - len(clip))
    sound = torch.from_numpy(np.pad(clip, (0, short)).astype(np.float32, copy=False))
    spectra = torch.stft(sound, WINDOW, HOP, window=window, center=True, return_complex=True)
    return (filters @ spectra.abs().square()).T


def _partials(mel: "Tensor") -> "list[Tensor]":
    """Overlapping stretches of `PARTIAL` spectra; the last one ends with the clip."""
    last = len(mel) - PARTIAL
    starts = sorted({*range(0, last + 1, STEP), last})
    return [mel[start : start + PARTIAL] for start in starts]
