"""The demo's key: what was meant as evidence, and who speaks when. Made, not edited.

Invariant: every element of the credential stands once in each submission of the key; a span of a
document has a quote and no times, a span of a recording has both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml


@dataclass(frozen=True, slots=True)
class KeySpan:
    """One place in the work that was written to be evidence.

    `quote` is verbatim for a document (but for line breaks) and the spoken line for a recording;
    `start_s`, `end_s` and `speaker` are null for documents.
    """

    artifact: str
    stance: Literal["supports", "counter"]
    quote: str
    start_s: float | None = None
    end_s: float | None = None
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class KeyElement:
    """What an honest reader would find for one element.

    `carried`: confirmed on the first attempt, so not reviewed again on the second; what the
    changed artifacts happen to show of it may still be listed.
    """

    element: str
    level: float
    why: str
    carried: bool
    spans: tuple[KeySpan, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """Seconds ``[start_s, end_s)`` of a recording in which `who` says `say`."""

    start_s: float
    end_s: float
    who: str
    say: str


@dataclass(frozen=True, slots=True)
class KeySubmission:
    """The key of one attempt; `turns` by file name of the recording, in order of time."""

    name: str
    attempt: int
    elements: tuple[KeyElement, ...]
    turns: Mapping[str, tuple[Turn, ...]]

    def element(self, element: str) -> KeyElement:
        """The entry of one element; raises KeyError where there is none."""
        for entry in self.elements:
            if entry.element == element:
                return entry
        raise KeyError(element)


@dataclass(frozen=True, slots=True)
class Key:
    """Both attempts, and the credential that they were written for."""

    credential: str
    submissions: tuple[KeySubmission, ...]


def read_key_file(path: Path) -> Key:
    """Read key.yaml; a broken file raises what reading it raises: it ships with the package."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Key(content["credential"], tuple(_submission(entry) for entry in content["submissions"]))


def _submission(entry: Mapping[str, Any]) -> KeySubmission:
    return KeySubmission(
        name=entry["name"],
        attempt=entry["attempt"],
        elements=tuple(
            KeyElement(
                element=element["element"],
                level=float(element["level"]),
                why=element["why"],
                carried=bool(element.get("carried", False)),
                spans=tuple(KeySpan(**span) for span in element["spans"]),
            )
            for element in entry["elements"]
        ),
        turns={
            name: tuple(Turn(**turn) for turn in turns) for name, turns in entry["turns"].items()
        },
    )
