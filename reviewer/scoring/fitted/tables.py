"""Texts and their ratings, read from two CSV tables and joined.

Invariant: what is used is said, and what is left out is counted by reason; nothing is repaired in
silence. Only blind expert ratings made without an aid are ever used: a rating given after a draft
was seen must not come back as its own reason.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from reviewer.errors import TableError
from reviewer.rubric import Credential
from reviewer.scoring.csv_rows import csv_rows
from reviewer.scoring.fitted.rated import Rated, Text, join

EXPERTS = frozenset({"expert", "consensus", "adjudicator"})


def read_texts(path: Path) -> tuple[Text, ...]:
    """The texts of a CSV with columns submission, text and, if known, candidate and group."""
    made, seen = [], dict[str, int]()
    for row, cells in csv_rows(path, ("submission", "text")):
        name = cells["submission"].strip()
        if not name:
            raise TableError(f"{path.name}, row {row}: the column submission is empty; name it.")
        if name in seen:
            raise TableError(
                f"{path.name}, row {row}: submission {name!r} stands in row {seen[name]} too; give "
                "each text its own."
            )
        seen[name] = row
        candidate = (cells.get("candidate") or "").strip() or name
        made.append(Text(name, candidate, (cells.get("group") or "").strip(), cells["text"]))
    if not made:
        raise TableError(f"{path.name} has no row below its header; there is nothing to read.")
    return tuple(made)


def read_rated(texts_path: Path, ratings_path: Path, credential: Credential) -> Rated:
    """Texts joined with their expert ratings; raises `TableError` or `TooFewRatings`."""
    texts = read_texts(texts_path)
    left_out: Counter[str] = Counter()
    given = _ratings(ratings_path, credential, {one.submission for one in texts}, left_out)
    digest = hashlib.sha256(texts_path.read_bytes() + b"\0" + ratings_path.read_bytes())
    elements = [element.id for element in credential.elements]
    return join(texts, given, elements, left_out, digest.hexdigest())


def _ratings(
    path: Path, credential: Credential, submissions: set[str], left_out: Counter[str]
) -> dict[str, dict[str, list[float]]]:
    """Scores by submission and element; a consensus stands for the single ratings."""
    values = {element.id: element.values for element in credential.elements}
    single: dict[tuple[str, str], list[float]] = {}
    agreed: dict[tuple[str, str], list[float]] = {}
    seen: dict[tuple[str, ...], int] = {}
    for row, cells in csv_rows(path, ("submission", "element", "rater", "score")):
        reason = _not_used(cells, credential, submissions)
        if reason is not None:
            left_out[reason] += 1
            continue
        submission, element = cells["submission"].strip(), cells["element"].strip()
        score = _score(path, row, cells["score"], element, values[element])
        key = (submission, element, cells["rater"].strip(), cells.get("attempt") or "1")
        if key in seen:
            raise TableError(
                f"{path.name}, row {row}: rater {key[2]!r} rated {element!r} of {submission!r} in "
                f"row {seen[key]} already; keep one of the two."
            )
        seen[key] = row
        kind = (cells.get("rater_type") or "expert").strip()
        (agreed if kind in {"consensus", "adjudicator"} else single).setdefault(
            (submission, element), []
        ).append(score)
    made: dict[str, dict[str, list[float]]] = {}
    for (submission, element), scores in (single | agreed).items():
        made.setdefault(submission, {})[element] = scores
    return made


def _not_used(cells: dict[str, str], credential: Credential, submissions: set[str]) -> str | None:
    """Why a rating is not used; None if it is."""
    if cells["element"].strip() not in {element.id for element in credential.elements}:
        return "ratings of elements that the rubric does not have"
    if cells["submission"].strip() not in submissions:
        return "ratings of submissions without a text"
    if not cells["score"].strip():
        return "ratings without a score"
    if (cells.get("rater_type") or "expert").strip() not in EXPERTS:
        return "ratings by others than experts"
    if (cells.get("phase") or "blind").strip() != "blind":
        return "ratings that were not blind"
    if (cells.get("aid") or "none").strip() != "none":
        return "ratings made with an aid"
    version = (cells.get("rubric_version") or "").strip()
    if version and version != credential.version:
        return "ratings by another version of the rubric"
    return None


def _score(path: Path, row: int, text: str, element: str, values: Sequence[float]) -> float:
    try:
        score = float(text)
    except ValueError:
        score = float("nan")
    # A mean of several raters may lie between two levels, never outside of them.
    if not values[0] <= score <= values[-1]:
        raise TableError(
            f"{path.name}, row {row}: the score {text.strip()!r} is not on the scale of "
            f"{element!r}, {values[0]:g} to {values[-1]:g}; correct it."
        )
    return score
