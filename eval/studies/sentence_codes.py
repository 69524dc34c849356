"""Sentences to codes: how well small models tell what a sentence does, beside their floor.

Invariant: groups (an essay; 40 neighbours of a diary corpus) are never split between fitting and
choosing; floor and model see the same parts. Penalties are chosen anew for each part that is
measured, by folds of the sentences that are fitted. How the models are put together was chosen on
the fitted part of the diaries and on one half of the essays (drawn with a seed); the figures are of
the other part and of the other half.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
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
    dense,
    evened,
    interval,
    letters,
    logistic,
    macro_f1,
    mean_of,
    side_by_side,
    small_trees,
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
ALPHAS = (2e-5, 6e-5, 2e-4)  # penalties of words that are tried
STRENGTHS = (3e-3, 1e-2, 3e-2)  # inverse penalties of meaning that are tried
NEIGHBOURS = 0.4  # weight of the words of the sentences around
NEIGHBOURHOOD = 40  # sentences of the diary corpus in a row that make a group
READABLE = 10  # sentences of a code in the measured diaries from which its F1 can be read
AGAIN = 1e-2  # inverse penalty of the second telling
FLAT = 1e-3  # probability that logarithms begin at

Features = Callable[[Rows], Any]
Part = tuple[Rows, Rows]
"""Rows to fit on, rows to tell."""

Model = Callable[["Sentences", Features, Rows, Rows], list[Told]]
"""What several models tell; their mean counts."""


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


@dataclass(frozen=True, eq=False)
class Measured:
    """Codes of the rows that were measured, as people gave them, and as floor and model told."""

    rows: Rows
    truth: NDArray[np.str_]
    floor: NDArray[np.str_]
    model: NDArray[np.str_]

    def some(self, kept: NDArray[np.bool_]) -> "Measured":
        """The rows of the mask."""
        parts = (self.rows, self.truth, self.floor, self.model)
        return Measured(*(one[kept] for one in parts))


def run(data: Path | None, out: Console) -> dict[str, float]:
    """Both corpora; raises `Skipped` where data or weights are absent."""
    notes, official = diaries(data)
    essays = _essays(need(data, "aaec", "train_dev.jsonl.gz"))
    of_notes = _measured(notes, of_diaries(notes), [official], once)
    parts = _folds(essays, np.arange(len(essays.texts)))
    of_essays = _measured(essays, _of_essays(essays), parts, _twice)
    readable_notes = of_notes.some(readable(of_notes.truth))
    made = (
        ("cered", notes, of_notes, "≥ .60"),
        ("cered_readable_codes", notes, readable_notes, ""),
        ("aaec", essays, of_essays.some(~_first_half(essays)[of_essays.rows]), "≥ .66"),
    )
    table = Table()
    for column in ("corpus", "sentences told", "floor: tf-idf", "model", "95 %", "asked"):
        table.add_column(column)
    figures: dict[str, float] = {}
    for name, one, own, asked in made:
        floor, model = macro_f1(own.truth, own.floor), macro_f1(own.truth, own.model)
        low, high = interval(own.truth, own.model, one.groups[own.rows])
        between = f"{low:.3f} to {high:.3f}"
        told = f"{len(own.rows):,}"
        table.add_row(name, told, f"{floor:.3f}", f"{model:.3f}", between, asked)
        figures |= {f"{name}_floor_macro_f1": floor, f"{name}_macro_f1": model}
        figures |= {f"{name}_macro_f1_low": low, f"{name}_macro_f1_high": high}
        figures[f"{name}_exact"] = float(np.mean(own.truth == own.model))
    out.print(table)
    return figures


def readable(truth: NDArray[np.str_]) -> NDArray[np.bool_]:
    """Which of the measured sentences are of a code that has `READABLE` of them."""
    counts = Counter(truth.tolist())
    return np.array([counts[code] >= READABLE for code in truth])


def _measured(one: Sentences, said: Features, parts: Iterable[Part], model: Model) -> Measured:
    """Floor and model, fitted on the one side of each part and told of the other."""
    made: list[tuple[Any, ...]] = []
    for fitted, held in parts:
        told = mean_of(model(one, said, fitted, held))
        floor = floor_of(one, fitted, held)
        made.append((held, one.codes[held], floor, decided(told, one.codes, len(fitted))))
    return Measured(*(np.concatenate(each) for each in zip(*made, strict=True)))


def floor_of(one: Sentences, fitted: Rows, held: Rows) -> NDArray[np.str_]:
    """The codes that a logistic model of one and two words tells, rare codes weighed up."""
    from sklearn.linear_model import LogisticRegression

    seen = words(one.texts, fitted, 2)
    simple = LogisticRegression(C=3.0, max_iter=500, class_weight="balanced")
    told: NDArray[np.str_] = simple.fit(seen[fitted], one.codes[fitted]).predict(seen[held])
    return told


def once(one: Sentences, said: Features, fitted: Rows, held: Rows) -> list[Told]:
    """Told by words, and by the meaning of the sentence."""
    meaning = np.asarray(embedding()(one.texts))
    return [
        _best(one, logistic, ALPHAS, said, fitted, held),
        _best(one, dense, STRENGTHS, lambda _: meaning, fitted, held),
    ]


def _twice(one: Sentences, said: Features, fitted: Rows, held: Rows) -> list[Told]:
    """Told once, and again by who knows both tellings, of the sentences before and after too.

    The second telling is by a logistic model and by trees, which see the places too.
    """
    first = once(one, said, fitted, held)
    own = np.hstack([np.log(np.maximum(spread(told, len(one.texts)), FLAT)) for told in first])
    seen = np.hstack([own, *(_moved(own, one, step) for step in (-1, 1)), one.places])
    return first + [
        tell(model, lambda _: seen, one.codes, one.groups, fitted, held)
        for model in (dense(AGAIN), small_trees)
    ]


def _best(
    one: Sentences,
    model: Callable[[float], Callable[[], Any]],
    tried: Sequence[float],
    features: Features,
    fitted: Rows,
    held: Rows,
) -> Told:
    """With the penalty that told the fitted sentences best, each out of fold."""
    seen = _remembered(features)
    every = [tell(model(one_of), seen, one.codes, one.groups, fitted, held) for one_of in tried]
    return max(every, key=lambda told: evened(told, one.codes, len(fitted))[1])


def _remembered(features: Features) -> Features:
    """The same features, made once for the same rows: they serve every penalty that is tried."""
    made: dict[bytes, Any] = {}

    def once(rows: Rows) -> Any:
        key = rows.tobytes()
        if key not in made:
            made[key] = features(rows)
        return made[key]

    return once


def _first_half(one: Sentences) -> NDArray[np.bool_]:
    names = np.unique(one.groups)
    order = np.random.default_rng(0).permutation(len(names))
    return np.isin(one.groups, names[order[: len(names) // 2]])


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


def of_diaries(one: Sentences) -> Features:
    """Words and letters of the sentence, and words of the passage that it stands in."""

    def features(rows: Rows) -> Any:
        passage = words(one.around[0], rows, 2, NEIGHBOURS)
        return side_by_side(words(one.texts, rows, 3), letters(one.texts, rows), passage)

    return features


def _of_essays(one: Sentences) -> Features:
    """Words of the sentence and of its neighbours, and where it stands."""

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
