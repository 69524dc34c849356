"""Scripts become sound: flite speaks each line, numpy joins them with pauses and room noise.

Invariant: the turns are measured on the joined samples, so ``[start_s, end_s)`` of a turn holds
the voice of its speaker and nobody else's. The same flite gives the same samples.
"""

import subprocess
import tempfile
import wave
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter, resample_poly

from reviewer.demo.authoring.script import VOICES, Script, Voice
from reviewer.demo.key import Turn

RATE = 24_000  # samples per second of every recording
LEAD_S = 0.6  # before the first line and after the last, seconds
TEACHER_LEVEL = 0.085  # root mean square of full scale
PUPIL_LEVEL = 0.065
NOISE_LEVEL = 0.0025  # a room is never digitally silent: about -52 dB
QUIET = 0.01  # below this share of the peak, a line has not begun or has ended

Samples = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spoken:
    """Samples in [-1, 1] at `RATE`, and who speaks when."""

    samples: Samples
    turns: tuple[Turn, ...]


def _synthesize(text: str, voice: Voice, folder: Path) -> Samples:
    """Speak one line; pitch and pace are asked for so that resampling by `size` restores them."""
    out = folder / "line.wav"
    subprocess.run(  # noqa: S603  (our own texts, no shell)
        [
            *("flite", "-voice", voice.flite, "-t", text, "-o", str(out)),
            *("--setf", f"duration_stretch={voice.pace * voice.size:.4f}"),
            *("--setf", f"int_f0_target_mean={voice.pitch_hz / voice.size:.2f}"),
            *("--setf", f"int_f0_target_stddev={voice.spread_hz / voice.size:.2f}"),
        ],
        check=True,
        capture_output=True,
    )
    with wave.open(str(out)) as file:
        rate = file.getframerate()
        raw = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    ratio = Fraction(RATE / (rate * voice.size)).limit_denominator(200)
    spoken: Samples = resample_poly(raw / 32768.0, ratio.numerator, ratio.denominator)
    return _trimmed(spoken)


def _trimmed(samples: Samples) -> Samples:
    """Cut the near-silence that the synthesizer puts around a line."""
    loud = np.flatnonzero(np.abs(samples) > QUIET * np.abs(samples).max())
    return samples[loud[0] : loud[-1] + 1]


def _levelled(samples: Samples, level: float) -> Samples:
    scaled: Samples = samples * (level / np.sqrt(np.mean(samples**2)))
    clipped: Samples = np.clip(scaled, -0.98, 0.98)
    return clipped


def _room(length: int, seed: int) -> Samples:
    """Low, dull noise, as of a ventilator."""
    white = np.random.default_rng(seed).standard_normal(length)
    dull: Samples = lfilter([1.0], [1.0, -0.9], white)
    low: Samples = dull * (NOISE_LEVEL / np.sqrt(np.mean(dull**2)))
    return low


def speak(script: Script, seed: int) -> Spoken:
    """Speak a whole script; `seed` chooses the room noise."""
    pieces = [np.zeros(round(LEAD_S * RATE))]
    turns = []
    at = len(pieces[0])
    with tempfile.TemporaryDirectory() as folder:
        for number, line in enumerate(script.lines):
            level = TEACHER_LEVEL if line.who == "teacher" else PUPIL_LEVEL
            voiced = _levelled(_synthesize(line.say, VOICES[line.who], Path(folder)), level)
            silence = np.zeros(round(line.pause_s * RATE) if number else 0)
            pieces += [silence, voiced]
            start = at + len(silence)
            at = start + len(voiced)
            turns.append(Turn(round(start / RATE, 2), round(at / RATE, 2), line.who, line.say))
    pieces.append(np.zeros(round(LEAD_S * RATE)))
    samples = np.concatenate(pieces)
    return Spoken(samples + _room(len(samples), seed), tuple(turns))
