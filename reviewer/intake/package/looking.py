"""What one file is: told by content and, for a recording, by all of its packets.

Invariant: nothing is decided here but what the bytes say; where it happens is for the caller to
choose (`reviewer.intake.apart` does it in a process of its own).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reviewer.intake.artifact import ArtifactKind
from reviewer.intake.limits import Limits
from reviewer.intake.media import probe
from reviewer.intake.sniff import ContentKind, sniff

_CAPTIONS = frozenset({ContentKind.WEBVTT, ContentKind.SRT})


@dataclass(frozen=True, slots=True)
class Look:
    """`kind` is null for captions; `duration_s` in seconds, of recordings alone."""

    content: ContentKind
    kind: ArtifactKind | None
    duration_s: float | None = None


Looking = Callable[[Path, Limits], Look]
"""Whatever looks at a file as `look` does."""


def look(path: Path, limits: Limits) -> Look:
    """Tell what the file at `path` is; raises what `sniff` and `probe` raise."""
    content = sniff(path)
    if content is ContentKind.MEDIA:
        info = probe(path, limits)
        return Look(content, info.kind, info.duration_s)
    return Look(content, None if content in _CAPTIONS else ArtifactKind.DOCUMENT)
