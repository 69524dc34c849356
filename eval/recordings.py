"""Public recordings of speech, their references, and long recordings joined of them.

Invariant: files come in the order of references.json, so equal data gives equal recordings.
"""

import json
import wave
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console

from eval.dialogues import Sound, read
from eval.study import Skipped, need
from reviewer.intake.media import SAMPLE_RATE

if TYPE_CHECKING:
    from reviewer.weights import Manifest

PAUSE_S = 0.5  # silence after each file of a joined recording
PCM = 32_767


@dataclass(frozen=True, slots=True)
class Spoken:
    """One recording and what is said in it; `source` is the name of its folder."""

    path: Path
    source: str
    reference: str


def spoken(data: Path | None) -> tuple[Spoken, ...]:
    """Every recording with a reference; raises `Skipped` where the data is absent."""
    folder = need(data, "audio")
    listed = json.loads(need(data, "audio", "references.json").read_text(encoding="utf-8"))
    return tuple(
        Spoken(
            folder / each["file"],
            str(Path(each["file"]).parent) if "/" in each["file"] else Path(each["file"]).stem,
            each["reference"],
        )
        for each in listed
    )


def joined(recordings: Sequence[Spoken]) -> Sound:
    """All recordings one after the other, each once, with a short silence between."""
    silence = np.zeros(round(PAUSE_S * SAMPLE_RATE), np.float32)
    return np.concatenate([part for each in recordings for part in (read(each.path), silence)])


def write_wav(path: Path, sounds: Iterable[Sound]) -> None:
    """A 16 kHz file of one channel."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        for sound in sounds:
            file.writeframes((np.clip(sound, -1, 1) * PCM).astype("<i2").tobytes())


def write_looped(path: Path, sound: Sound, seconds: float) -> None:
    """The sound over and over until `seconds` are full."""
    missing = round(seconds * SAMPLE_RATE)
    with_end = []
    for piece in cycle([sound]):
        with_end.append(piece[:missing])
        missing -= len(with_end[-1])
        if missing <= 0:
            break
    write_wav(path, with_end)


def installed(model_id: str) -> "tuple[Manifest, Path]":
    """The manifest and the folder of a model; raises `Skipped` where it was not pulled."""
    from reviewer.errors import WeightsMissing
    from reviewer.settings import load_settings
    from reviewer.weights import find_manifest, load_manifests, locate

    settings = load_settings()
    manifest = find_manifest(load_manifests(settings.manifests_dir), model_id)
    try:
        return manifest, locate(manifest, settings.models_dir)
    except WeightsMissing as missing:
        raise Skipped(str(missing)) from missing


def say(out: Console, what: str, found: float, asked: str, n: str) -> None:
    """One figure beside what was asked of it."""
    out.print(f"{what}: {found:.3f} (asked {asked}; {n})")
