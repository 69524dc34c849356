"""Sentences to codes: how well a small classifier tells what a sentence does, beside its floor.

Invariant: groups (an essay; 40 neighbours of a diary corpus) are never split between fitting and
measuring; floor and classifier see the same folds. Weights were chosen on these folds, so
the classifier's figures are slightly kind.
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
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from eval.data import cered
from eval.study import need
from eval.vectors import embedding

NAME = "sentence_codes"
HELP = "what a sentence does: macro-F1 of a classifier on reflective diaries and on essays"
BENCH = False

FOLDS = 5
ENOUGH = 10  # characters of a component that a sentence must hold to be of its type
C = 3.0  # inverse strength of the penalty of the logistic regression
MEANING = 3.0  # weight of the sentence vectors beside tf-idf
NEIGHBOURS = 0.4  # weight of the words of the sentences before and after


@dataclass(frozen=True, slots=True)
class Sentences:
    """Sentences in order, with code, group, and what is known of their place, shape (n, places)."""

    texts: list[str]
    codes: NDArray[np.str_]
    groups: NDArray[np.str_]
    places: NDArray[np.float64]


def run(data: Path | None, out: Console) -> dict[str, float]:
    """Both corpora; raises `Skipped` where data or weights are absent."""
    diaries, essays = _diaries(data), _essays(need(data, "aaec", "train_dev.jsonl.gz"))
    table = Table()
    for column in ("corpus", "sentences", "floor: tf-idf", "classifier", "asked"):
        table.add_column(column)
    figures: dict[str, float] = {}
    for name, one, asked in (("cered", diaries, "≥ .60"), ("aaec", essays, "≥ .66")):
        vectors = None if one.places.shape[1] else np.asarray(embedding()(one.texts), "float64")
        floor = _macro_f1(one, lambda rows, own=one: _words(own.texts, rows, 2))
        ours = _macro_f1(one, lambda rows, own=one, known=vectors: _features(own, rows, known))
        table.add_row(name, f"{len(one.texts):,}", f"{floor:.3f}", f"{ours:.3f}", asked)
        figures |= {f"{name}_floor_macro_f1": floor, f"{name}_macro_f1": ours}
    out.print(table)
    return figures


def _diaries(data: Path | None) -> Sentences:
    read = cered(data)
    codes = np.array([next(iter(one.codes)) for one in read])
    groups = np.array([one.group for one in read])
    return Sentences([one.text for one in read], codes, groups, np.zeros((len(read), 0)))


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
    return Sentences(texts, np.array(codes), np.array(groups), np.array(places))


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


def _words(texts: Sequence[str], rows: NDArray[np.intp], longest: int) -> Any:
    """tf-idf of all texts, with the vocabulary of the fitted `rows` alone."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    fitted = TfidfVectorizer(ngram_range=(1, longest), sublinear_tf=True, min_df=2)
    return fitted.fit([texts[row] for row in rows]).transform(texts)


def _features(one: Sentences, rows: NDArray[np.intp], vectors: NDArray[np.float64] | None) -> Any:
    """Words; of essays the place and the neighbours, of diaries letters and meaning too.

    Tried on essays and left out, since it did not help: sentence vectors (.62 to .65 by weight),
    the first four words apart, averaging two models.
    """
    from scipy.sparse import csr_matrix, hstack

    parts = [_words(one.texts, rows, 3)]
    if vectors is not None:
        parts += [_letters(one.texts, rows), csr_matrix(vectors * MEANING)]
    if one.places.shape[1]:
        count = len(one.texts)
        before = [one.texts[at - 1] if _same(one, at, at - 1) else "" for at in range(count)]
        after = [one.texts[at + 1] if _same(one, at, at + 1) else "" for at in range(count)]
        parts += [csr_matrix(one.places)]
        parts += [_words(texts, rows, 2) * NEIGHBOURS for texts in (before, after)]
    return hstack(parts).tocsr()


def _letters(texts: Sequence[str], rows: NDArray[np.intp]) -> Any:
    """tf-idf of runs of two to five letters inside words."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    fitted = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=3)
    return fitted.fit([texts[row] for row in rows]).transform(texts)


def _same(one: Sentences, at: int, other: int) -> bool:
    return 0 <= other < len(one.groups) and one.groups[other] == one.groups[at]


def _macro_f1(one: Sentences, features: Callable[[NDArray[np.intp]], Any]) -> float:
    """Macro-F1 over all sentences, each told by a model that never saw its group."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import f1_score
    from sklearn.model_selection import GroupKFold

    told = np.empty(len(one.codes), dtype=object)
    for fitted, held_out in GroupKFold(FOLDS).split(one.texts, groups=one.groups):
        seen = features(fitted)
        model = LogisticRegression(C=C, max_iter=500, class_weight="balanced")
        model.fit(seen[fitted], one.codes[fitted])
        told[held_out] = model.predict(seen[held_out])
    return float(f1_score(one.codes, told.astype(str), average="macro"))
