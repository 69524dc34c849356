"""One file of a submission as it was handed in, before it is read.

Invariant: whoever opens `path` stays inside the submission's folder: a file that leads out of it,
that is missing or that is no regular file has no path, only a `problem`.
"""

import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from reviewer.errors import IntakeError
from reviewer.intake.artifact import ArtifactKind, Problem
from reviewer.intake.sniff import ContentKind

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class CaptionFile:
    """The captions of one recording; they were read once and hold words."""

    name: str
    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class SubmittedFile:
    """One submitted file: what it is by content, where it belongs, or why it cannot be used.

    `id` is the first 12 hex digits of `sha256`, with -2, -3 … where equal bytes were submitted
    again; `name` is relative to the folder with forward slashes, in NFC, unprintable characters
    replaced. `size` is in bytes, `duration_s` in seconds (recordings only). `sha256` is empty for a
    file that was not opened: too large, missing, outside the folder or no regular file.
    """

    id: str
    name: str
    path: Path | None
    size: int
    sha256: str
    kind: ArtifactKind | None = None
    content: ContentKind | None = None
    duration_s: float | None = None
    slot: str | None = None
    captions: CaptionFile | None = None
    problem: Problem | None = None


def problem_of(error: IntakeError) -> Problem:
    """The problem that stands for an error of intake, its sentence fit to be shown."""
    return Problem(type(error).__name__, printable(str(error)))


def printable(name: str) -> str:
    """A file name, or a sentence with one, as one line of text in NFC.

    What is no character, or would control the screen, becomes U+FFFD.
    """
    text = _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", os.fsencode(name).decode("utf-8", "replace"))
    return unicodedata.normalize("NFC", text)
