"""What every foreign format is turned into before it is a credential.

Invariant: ids follow from titles alone, so importing a file again gives the same ids; each part
remembers the line of the file that it came from.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from reviewer.rubric.located import Located, Path

LONGEST_ID = 60  # characters: an id is at most 80, and a number may follow


@dataclass(frozen=True, slots=True)
class Rating:
    """One level as the file has it; `points` is the text that stands there."""

    points: str
    title: str
    descriptor: str
    line: int


@dataclass(frozen=True, slots=True)
class Criterion:
    """One element as the file has it."""

    title: str
    description: str
    ratings: tuple[Rating, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Foreign:
    """A rubric as the file has it; `notes` are sentences on what was assumed."""

    title: str
    summary: str
    criteria: tuple[Criterion, ...]
    notes: tuple[str, ...]
    source: str


def located(foreign: Foreign, credential: str | None, version: str | None) -> Located:
    """The values of a credential file, as `reviewer.rubric.located` hands them out."""
    ids = unique([slug(one.title, f"element-{at}") for at, one in enumerate(foreign.criteria, 1)])
    lines: dict[Path, int] = {}
    elements: list[object] = []
    for at, (element, one) in enumerate(zip(ids, foreign.criteria, strict=True)):
        lines["elements", at] = one.line
        ratings = sorted(one.ratings, key=_points)
        lines |= {("elements", at, "levels", i): each.line for i, each in enumerate(ratings)}
        elements.append(
            {
                "id": element,
                "title": one.title,
                "question": one.description,
                "levels": [
                    {"value": each.points, "title": each.title, "descriptor": each.descriptor}
                    for each in ratings
                ],
            }
        )
    values: dict[str, object] = {
        "id": credential or slug(foreign.title, "rubric"),
        "version": version or "1",
        "title": foreign.title,
        "summary": foreign.summary,
        "elements": elements,
        "source": foreign.source,
    }
    return Located(values, lines)


def _points(rating: Rating) -> float:
    """What ratings are put in rising order by; a text that is no number is refused later."""
    try:
        return float(rating.points)
    except ValueError:
        return 0.0


def slug(title: str, otherwise: str) -> str:
    """An id made of a title: plain letters, digits and hyphens; `otherwise` where none is left."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_ID].strip("-")
    return words or otherwise


def unique(ids: Sequence[str]) -> list[str]:
    """The same ids, with a number behind those that stood before."""
    made: list[str] = []
    for one in ids:
        name, number = one, 1
        while name in made:
            number += 1
            name = f"{one}-{number}"
        made.append(name)
    return made
