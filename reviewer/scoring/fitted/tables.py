"""Texts and their ratings, read from two CSV tables and joined.

Invariant: what is used is said, and what is left out is counted by reason; nothing is repaired in
silence. Only blind expert ratings made without an aid are ever used: a rating given after a draft
was seen must not come back as its own reason.
"""

import csv
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reviewer.errors import IntakeError, TableError, TooFewRatings
from reviewer.evidence.match import Numbers
from reviewer.intake.artifact import Artifact, ArtifactKind
from reviewer.intake.encoding import decode
from reviewer.intake.segmenting import segment_document
from reviewer.rubric import Credential
from reviewer.scoring.fitted.fit import FEWEST

Known = NDArray[np.bool_]

EXPERTS = frozenset({"expert", "consensus", "adjudicator"})
ALIKE = 0.5  # of an element's missing score that follows the work's other elements


@dataclass(frozen=True, slots=True)
class Text:
    """One text to fit on or to score."""

    submission: str
    candidate: str
    group: str
    text: str

    @property
    def artifact(self) -> Artifact:
        """The text as the document that intake would make of it."""
        sha256 = hashlib.sha256(self.text.encode()).hexdigest()
        return Artifact(
            sha256[:12],
            f"{self.submission}.txt",
            None,
            ArtifactKind.DOCUMENT,
            sha256,
            text=self.text,
            segments=segment_document(sha256[:12], self.text, ()),
        )


@dataclass(frozen=True, slots=True)
class Rated:
    """Texts with a score for every element, shape (texts, elements): the mean of their experts.

    `known` says where there was a rating; elsewhere the score was filled in from the others.
    `left_out` counts, by reason, the texts and ratings that were not used; `data_sha256` names both
    files' bytes.
    """

    texts: tuple[Text, ...]
    scores: Numbers
    known: Known
    left_out: dict[str, int]
    data_sha256: str

    @property
    def one_group(self) -> bool:
        """Whether all texts are of one group (one prompt, one cohort)."""
        return len({one.group for one in self.texts}) == 1

    @property
    def held_together(self) -> list[str]:
        """What is held out together: the group, or the candidate where there is one group only."""
        return [one.candidate if self.one_group else one.group for one in self.texts]


def read_texts(path: Path) -> tuple[Text, ...]:
    """The texts of a CSV with columns submission, text and, if known, candidate and group."""
    made, seen = [], dict[str, int]()
    for row, cells in _rows(path, ("submission", "text")):
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
    kept = []
    for one in texts:
        if not one.text.strip():
            left_out["texts that are empty"] += 1
        elif one.submission not in given:
            left_out["texts without an expert rating"] += 1
        else:
            kept.append(one)
    if len(kept) < FEWEST:
        raise TooFewRatings(
            f"{len(kept)} texts of {texts_path.name} have expert ratings in {ratings_path.name}; a "
            f"scorer needs {FEWEST} or more. Left out: {said(left_out)}."
        )
    elements = [element.id for element in credential.elements]
    known = np.array([[name in given[one.submission] for name in elements] for one in kept])
    sparse = np.array(
        [[_mean(given[one.submission].get(name, [0.0])) for name in elements] for one in kept]
    )
    for at, name in enumerate(elements):
        if int(known[:, at].sum()) < FEWEST:
            raise TooFewRatings(
                f"The element {name!r} has {int(known[:, at].sum())} rated texts; a scorer needs "
                f"{FEWEST} or more of each element."
            )
    digest = hashlib.sha256(texts_path.read_bytes() + b"\0" + ratings_path.read_bytes())
    return Rated(tuple(kept), filled(sparse, known), known, dict(left_out), digest.hexdigest())


def said(left_out: dict[str, int]) -> str:
    """What was left out, in words."""
    return "; ".join(f"{count} {reason}" for reason, count in sorted(left_out.items())) or "nothing"


def filled(sparse: Numbers, known: Known) -> Numbers:
    """Scores with the missing ones filled in: the element's mean, and half of the work's own lead.

    A work's lead is the mean of how far its known scores lie above their elements' means.
    """
    number = np.maximum(known.sum(axis=0), 1)
    means = np.where(known, sparse, 0.0).sum(axis=0) / number
    above = np.where(known, sparse - means, 0.0)
    lead = above.sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    made: Numbers = np.where(known, sparse, means + ALIKE * lead[:, None])
    return made


def _mean(scores: Sequence[float]) -> float:
    return sum(scores) / len(scores)


def _ratings(
    path: Path, credential: Credential, submissions: set[str], left_out: Counter[str]
) -> dict[str, dict[str, list[float]]]:
    """Scores by submission and element; a consensus stands for the single ratings."""
    values = {element.id: element.values for element in credential.elements}
    single: dict[tuple[str, str], list[float]] = {}
    agreed: dict[tuple[str, str], list[float]] = {}
    seen: dict[tuple[str, ...], int] = {}
    for row, cells in _rows(path, ("submission", "element", "rater", "score")):
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


def _rows(path: Path, needed: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Rows with their numbers as a spreadsheet counts them: the header is row 1."""
    try:
        text = decode(path.read_bytes(), path.name)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise TableError(f"{path} cannot be read: {reason}; name a file that is there.") from error
    except IntakeError as error:
        raise TableError(str(error)) from error
    csv.field_size_limit(100_000_000)
    reader = csv.DictReader(StringIO(text, newline=""), strict=True)
    try:
        header = reader.fieldnames or []
        missing = [name for name in needed if name not in header]
        if missing:
            raise TableError(
                f"{path.name} has no column {', '.join(missing)}; it has "
                f"{', '.join(header) or 'none'}. Name the columns in the first row."
            )
        made = []
        for at, cells in enumerate(reader, 2):
            if None in cells or None in cells.values():
                raise TableError(
                    f"{path.name}, row {at}: it has not as many cells as the header, "
                    f"{len(header)}; put texts with commas or line breaks in quotation marks."
                )
            made.append((at, dict(cells)))
    except csv.Error as error:
        raise TableError(f"{path.name} is not a CSV table: {error}; export it again.") from error
    return made
