"""Sentences to codes: how well small models tell what a sentence does, beside their floor.

Invariant: groups (an essay; 40 neighbours of a diary corpus) are never split between fitting and
measuring; floor and model see the same parts. The penalty is chosen anew for each part that is
measured, by folds of the sentences that are fitted, so no figure is of what a choice has seen.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from eval.coding import (
    Floats,
    Rows,
    Told,
    decided,
    evened,
    letters,
    logistic,
    macro_f1,
    side_by_side,
    spread,
    tell,
    words,
)
from eval.study import need
from eval.vectors import embedding

NAME = "sentence_codes"
HELP = "what a sentence does: macro-F1 of a classifier on reflective diaries and on essays"
BENCH = False

FOLDS = 5
ENOUGH = 10  # characters of a component that a sentence must hold to be of its type
ALPHAS = (2e-5, 6e-5, 2e-4)  # penalties that are tried
MEANING = 3.0  # weight of the sentence vectors beside tf-idf
NEIGHBOURS = 0.4  # weight of the words of the sentences around
NEIGHBOURHOOD = 40  # sentences of the diary corpus in a row that make a group

Features = Callable[[Rows], Any]


@dataclass(frozen=True, eq=False)
class Sentences:
    """Sentences in order, with code, group, and what is known of their place, shape (n, places).

    ``around`` are the words before and after each, as one text a list.
    """

    texts: list[str]
    codes: NDArray[np.str_]
    groups: NDArray[np.str_]
    places: Floats
    around: tuple[list[str], ...]


def run(data: Path | None, out: Console) -> dict[str, float]:
    """Both corpora; raises `Skipped` where data or weights are absent."""
    table = Table()
    for column in ("corpus", "sentences told", "floor: tf-idf", "model", "asked"):
        table.add_column(column)
    figures: dict[str, float] = {}
    for name, told, floor, ours, asked in _measured(data):
        table.add_row(name, f"{told:,}", f"{floor:.3f}", f"{ours:.3f}", asked)
        figures |= {f"{name}_floor_macro_f1": floor, f"{name}_macro_f1": ours}
    out.print(table)
    return figures


def _measured(data: Path | None) -> Any:
    notes, official = diaries(data)
    vectors = embedding()
    meaning = np.hstack([vectors(one) for one in (notes.texts, notes.around[0])]) * MEANING
    said = _of_diaries(notes, meaning)
    splits = {"cered": [official], "cered_folds": _folds(notes, official[0])}
    for name, parts in splits.items():
        yield name, *_figures(notes, said, parts, neighbors=False), "≥ .60"
    essays = _essays(need(data, "aaec", "train_dev.jsonl.gz"))
    parts = _folds(essays, np.arange(len(essays.texts)))
    yield "aaec", *_figures(essays, _of_essays(essays), parts, neighbors=True), "≥ .66"


def _figures(
    one: Sentences, features: Features, parts: Sequence[tuple[Rows, Rows]], neighbors: bool
) -> tuple[int, float, float]:
    """Sentences told, and macro-F1 over all of them: of the floor, and of the model."""
    from sklearn.linear_model import LogisticRegression

    truth, floor, ours = [], [], []
    for fitted, held in parts:
        seen = words(one.texts, fitted, 2)
        simple = LogisticRegression(C=3.0, max_iter=500, class_weight="balanced")
        floor.append(simple.fit(seen[fitted], one.codes[fitted]).predict(seen[held]))
        told = _best(one, features, fitted, held)
        if neighbors:
            told = _again(one, told, features, fitted, held)
        ours.append(decided(told, one.codes, len(fitted)))
        truth.append(one.codes[held])
    every = np.concatenate(truth)
    return len(every), macro_f1(every, np.concatenate(floor)), macro_f1(every, np.concatenate(ours))


def _best(one: Sentences, features: Features, fitted: Rows, held: Rows) -> Told:
    """With the penalty that told the fitted sentences best, each out of fold."""
    tried = [
        tell(logistic(alpha), features, one.codes, one.groups, fitted, held) for alpha in ALPHAS
    ]
    return max(tried, key=lambda told: evened(told, one.codes, len(fitted))[1])


def _again(one: Sentences, told: Told, features: Features, fitted: Rows, held: Rows) -> Told:
    """Told a second time, by who knows what the sentences before and after were told to be."""
    own = spread(told, len(one.texts))
    around = np.hstack([_moved(own, one, step) for step in (-1, 1)])
    return _best(one, lambda rows: side_by_side(features(rows), own, around), fitted, held)


def _moved(values: Floats, one: Sentences, step: int) -> Floats:
    """The values of the sentence `step` places away in the same group, 0 where there is none."""
    made = np.zeros_like(values)
    for at in range(len(values)):
        if 0 <= at + step < len(values) and one.groups[at] == one.groups[at + step]:
            made[at] = values[at + step]
    return made


def _folds(one: Sentences, rows: Rows) -> list[tuple[Rows, Rows]]:
    from sklearn.model_selection import GroupKFold

    split = GroupKFold(FOLDS).split(rows, groups=one.groups[rows])
    return [(rows[fitted], rows[held]) for fitted, held in split]


def diaries(data: Path | None) -> tuple[Sentences, tuple[Rows, Rows]]:
    """The corpus in its own order, and its official parts: to fit on, to measure on."""
    read = [
        pd.read_csv(need(data, "cered", f"{part}.tsv.gz"), sep="\t").assign(part=part)
        for part in ("train", "val")
    ]
    rows = pd.concat(read).dropna(subset=["sentence"]).sort_values("idx", kind="stable")
    texts, context = (
        rows[name].fillna("").astype(str).tolist() for name in ("sentence", "context")
    )
    groups = np.array([f"{at // NEIGHBOURHOOD:03}" for at in range(len(rows))])
    codes = rows["y"].to_numpy(dtype="str")
    made = Sentences(texts, codes, groups, np.zeros((len(rows), 0)), (context,))
    part = rows["part"].to_numpy()
    return made, (np.flatnonzero(part == "train"), np.flatnonzero(part == "val"))


def _of_diaries(one: Sentences, meaning: Floats) -> Features:
    """Words, letters and meaning of the sentence, and of the passage that it stands in."""

    def features(rows: Rows) -> Any:
        passage = words(one.around[0], rows, 2, NEIGHBOURS)
        return side_by_side(words(one.texts, rows, 3), letters(one.texts, rows), passage, meaning)

    return features


def _of_essays(one: Sentences) -> Features:
    """Words of the sentence and of its neighbours, and where it stands.

    Tried and left out, since it did not help: sentence vectors (.62 to .65 by weight), the first
    four words apart, averaging two models.
    """

    def features(rows: Rows) -> Any:
        around = [words(texts, rows, 2, NEIGHBOURS) for texts in one.around]
        return side_by_side(words(one.texts, rows, 3), one.places, *around)

    return features


def _essays(path: Path) -> Sentences:
    from reviewer.intake.segmenting import segment_document

    texts: list[str] = []
    codes: list[str] = []
    groups: list[str] = []
    places: list[list[float]] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            essay = json.loads(line)
            segments = segment_document("essay", essay["text"], ())
            spans = [(one.start, one.end) for one in segments]
            texts += [essay["text"][start:end] for start, end in spans]
            codes += [_type(essay["spans"], start, end) for start, end in spans]
            groups += [f"{essay['split']} {essay['idx']}"] * len(spans)
            places += _places(essay["text"], spans)
    count = len(texts)
    before, after = (
        [
            texts[at + step] if 0 <= at + step < count and groups[at] == groups[at + step] else ""
            for at in range(count)
        ]
        for step in (-1, 1)
    )
    own = (np.array(codes), np.array(groups), np.array(places))
    return Sentences(texts, *own, (before, after))


def _type(components: Sequence[dict[str, Any]], start: int, end: int) -> str:
    held: Counter[str] = Counter()
    for one in components:
        held[one["type"]] += max(0, min(end, one["end"]) - max(start, one["start"]))
    kind, characters = held.most_common(1)[0] if held else ("", 0)
    return kind if characters > ENOUGH else "none"


def _places(text: str, spans: Sequence[tuple[int, int]]) -> list[list[float]]:
    """Where each sentence stands: in the essay, in its paragraph, and that one in the essay."""
    starts = [0] + [found.end() for found in re.finditer(r"\n+", text)]
    of = [sum(start >= begin for begin in starts) - 1 for start, _ in spans]
    made = []
    for at, (start, end) in enumerate(spans):
        inside = [other for other, paragraph in enumerate(of) if paragraph == of[at]]
        first, last = inside[0] == at, inside[-1] == at
        opening, closing = of[at] == 0, of[at] == len(starts) - 1
        body = not opening and not closing
        made.append(
            [
                at / len(spans), at == 0, opening, of[at] == 1, closing, first, last,
                inside.index(at) / len(inside), len(inside) / 10, (end - start) / 200,
                text[start:end].endswith("?"), opening and first, opening and last,
                closing and first, closing and last, body and first, body and last,
            ]
        )  # fmt: skip
    return [[float(value) for value in row] for row in made]
