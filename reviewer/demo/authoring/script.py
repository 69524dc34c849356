"""The spoken scripts, and the voice that each speaker has.

Invariant: every line of a `Script` is spoken by somebody in `VOICES`.
"""

from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True)
class Voice:
    """A flite voice and how it is changed.

    `pitch_hz` is the mean pitch heard; `size` > 1 shortens the vocal tract (formants and pitch
    rise together, as in a child); `pace` > 1 speaks slower.
    """

    flite: str
    pitch_hz: float
    spread_hz: float
    size: float
    pace: float = 1.0


PAUSE_S = 0.45  # between lines, where the script does not say

VOICES = {
    "teacher": Voice("slt", pitch_hz=165, spread_hz=28, size=0.93, pace=1.04),
    "maya": Voice("slt", pitch_hz=295, spread_hz=40, size=1.36),
    "henry": Voice("awb", pitch_hz=245, spread_hz=25, size=1.16),
    "ruby": Voice("rms", pitch_hz=215, spread_hz=30, size=1.32),
    "jonah": Voice("kal16", pitch_hz=215, spread_hz=20, size=1.32, pace=1.06),
}


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """What one speaker says in one go, after `pause_s` seconds without a voice.

    `clips` (of sixteen) hang on the right of the team chart meanwhile; null draws no chart.
    """

    who: str
    say: str
    pause_s: float
    clips: int | None


@dataclass(frozen=True, slots=True)
class Script:
    """One recording: file name without suffix, the scene that is drawn, the lines in order."""

    name: str
    scene: str
    lines: tuple[SpokenLine, ...]


def read_script(path: Path) -> Script:
    """Read one YAML script of authoring/texts/."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Script(
        name=path.stem,
        scene=content["scene"],
        lines=tuple(
            SpokenLine(
                line["who"], line["say"], float(line.get("pause", PAUSE_S)), line.get("clips")
            )
            for line in content["lines"]
        ),
    )
