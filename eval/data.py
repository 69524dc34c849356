"""Public evaluation data as values: essays with scores, sentences with codes, their rubrics.

Invariant: everything is read from the folder given; nothing of it is kept in the project.
"""

import csv
import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.study import need
from reviewer.intake.artifact import Artifact, ArtifactKind
from reviewer.intake.segmenting import segment_document
from reviewer.rubric import Credential

ASAP_TRAITS = ("ideas", "organization", "style", "conventions")
ELLIPSE_TRAITS = ("cohesion", "syntax", "vocabulary", "phraseology", "grammar", "conventions")


@dataclass(frozen=True, slots=True)
class Essay:
    """One essay: its text, its prompt, and scores by element id; `second` is another rater's."""

    text: str
    prompt: str
    scores: dict[str, float]
    second: dict[str, float]


@dataclass(frozen=True, slots=True)
class CodedSentence:
    """One sentence of a text (`group`), the codes it was given, and the kinds of code open to it.

    Groups of one `draw` fall into the same half of a study.
    """

    group: str
    draw: str
    text: str
    codes: frozenset[str]
    kinds: str = ""


def document(text: str, name: str = "essay.txt", slot: str | None = None) -> Artifact:
    """A text as the artifact that intake would make of it."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    segments = segment_document(sha256[:12], text, ())
    return Artifact(
        sha256[:12], name, slot, ArtifactKind.DOCUMENT, sha256, text=text, segments=segments
    )


def asap7(data: Path | None) -> list[Essay]:
    """ASAP set 7: two raters, four traits of 0 to 3."""
    return [
        Essay(
            row["essay"],
            "7",
            {trait: float(row[f"rater1_trait{at}"]) for at, trait in enumerate(ASAP_TRAITS, 1)},
            {trait: float(row[f"rater2_trait{at}"]) for at, trait in enumerate(ASAP_TRAITS, 1)},
        )
        for row in _rows(need(data, "asap7", "essays.csv.gz"))
    ]


def ellipse(data: Path | None) -> list[Essay]:
    """ELLIPSE, public part: mean of two raters, six traits of 1 to 5 in half points."""
    return [
        Essay(
            row["text"],
            row["prompt"],
            {trait: float(row[trait.capitalize()]) for trait in ELLIPSE_TRAITS},
            {},
        )
        for row in _rows(need(data, "ellipse", "essays_dev.csv.gz"))
    ]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    csv.field_size_limit(10_000_000)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t" if ".tsv" in path.name else ",")


def asap7_credential(data: Path | None) -> Credential:
    """The minimal rubric of set 7: element titles and level descriptors, nothing else."""
    return _credential("asap7", need(data, "asap7", "rubric7.md"))


def ellipse_credential(data: Path | None) -> Credential:
    """The minimal rubric of ELLIPSE's six analytic traits, with its whole levels."""
    return _credential("ellipse", need(data, "ellipse", "rubric.md"), leave_out=("Overall",))


def asap7_prompt(data: Path | None) -> str:
    """The task that was set."""
    text = need(data, "asap7", "rubric7.md").read_text(encoding="utf-8")
    return " ".join(text.split("## Prompt")[1].split("\n# ")[0].split())


def _credential(name: str, path: Path, leave_out: Sequence[str] = ()) -> Credential:
    elements: list[dict[str, object]] = []
    levels: list[dict[str, object]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if title := re.match(r"## (\w+)", line):
            levels = []
            if title[1] not in (*leave_out, "Prompt", "Terms"):
                one = {"id": title[1].lower(), "title": title[1], "levels": levels}
                elements.append(one)
        elif level := re.match(r"- \*\*([\d.]+)\*\*: (.+)", line):
            levels.insert(0, {"value": float(level[1]), "descriptor": level[2]})
    made = {"id": name, "version": 1, "title": "Essay", "elements": elements}
    return Credential.model_validate(made)


def cered(data: Path | None) -> list[CodedSentence]:
    """Sentences of reflective diaries, one code each; 40 neighbors in the corpus make a group."""
    rows = [
        row
        for part in ("train.tsv.gz", "val.tsv.gz")
        for row in _rows(need(data, "cered", part))
        if row["sentence"]
    ]
    rows.sort(key=lambda row: int(row["idx"]))
    return [
        CodedSentence(f"{at // 40:03}", f"{at // 40:03}", row["sentence"], frozenset([row["y"]]))
        for at, row in enumerate(rows)
    ]


def aaec(data: Path | None) -> list[CodedSentence]:
    """Sentences of persuasive essays, with the argument components they hold most words of."""
    made = []
    with gzip.open(need(data, "aaec", "train_dev.jsonl.gz"), "rt", encoding="utf-8") as lines:
        for line in lines:
            essay = json.loads(line)
            for at in segment_document("essay", essay["text"], ()):
                codes = frozenset(
                    span["type"]
                    for span in essay["spans"]
                    if min(at.end, span["end"]) - max(at.start, span["start"]) > 10
                )
                text = essay["text"][at.start : at.end]
                draw = f"{essay['idx']:03}"
                made.append(CodedSentence(f"{draw}-{essay['split']}", draw, text, codes))
    return made


def talkmoves(data: Path | None, lessons: int, seed: int) -> list[CodedSentence]:
    """Sentences of `lessons` mathematics lessons drawn with `seed`, with their talk moves.

    Codes are T2 … T9 for the teacher and S1 … S5 for pupils; a teacher's sentence can have a
    teacher's code only, and the other way round.
    """
    rows = list(_rows(need(data, "talkmoves", "dev.csv.gz")))
    names = sorted({row["lesson"] for row in rows})
    drawn = np.random.default_rng(seed).permutation(len(names))[:lessons]
    chosen = {names[at] for at in drawn}
    made = []
    for row in rows:
        if row["lesson"] not in chosen or not row["sentence"]:
            continue
        kind = "S" if row["student_move"] else "T"
        move = row["student_move"] or row["teacher_move"]
        if move:
            code = f"{kind}{float(move):.0f}"
            lesson = row["lesson"]
            made.append(CodedSentence(lesson, lesson, row["sentence"], frozenset([code]), kind))
    return made
