"""How well sentences are ranked for what is looked for, on sentences that people have coded.

Invariant: the weights of `reviewer.evidence.match` were chosen on the first half of each set's
groups; every figure returned is of the other half. The demo's key is never looked at here.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from eval.codes import ARGUMENT, REFLECTION, TALK
from eval.data import CodedSentence, aaec, cered, talkmoves
from eval.statistics import average_precision, halves, recall_at
from eval.vectors import embedding
from reviewer.evidence.embed import Vectors
from reviewer.evidence.match import Numbers, Query, likeness, relevance, texts_of

NAME = "retrieval"
HELP = "ranking of coded sentences (CEReD, AAEC, TalkMoves): MAP and recall@5 beside base rates"
BENCH = True

LESSONS, LESSON_SEED, SEED = 40, 3, 5
FIRST = 5

Ranking = Callable[[Sequence[str], Vectors, Sequence[Query], Mapping[str, Vectors]], Numbers]


def run(data: Path | None, out: Console) -> dict[str, float]:
    """All three sets; figures of the groups that were not used for choosing."""
    embed = embedding()
    sets = {
        "cered": (cered(data), REFLECTION),
        "aaec": (aaec(data), ARGUMENT),
        "talkmoves": (talkmoves(data, LESSONS, LESSON_SEED), TALK),
    }
    figures: dict[str, float] = {}
    for name, (sentences, queries) in sets.items():
        texts = [one.text for one in sentences]
        asked = texts_of(queries)
        vectors = embed(texts)
        vector_of = dict(zip(asked, embed(asked), strict=True))
        table = Table(title=f"{name}: {len(sentences)} sentences, codes averaged")
        for column in ("ranking", "half", "MAP", f"recall@{FIRST}", "groups"):
            table.add_column(column)
        for ranking, rank in RANKINGS.items():
            scores = rank(texts, vectors, queries, vector_of)
            for half, at in zip(("chosen on", "reported"), _halves(sentences), strict=True):
                mean = _averages([sentences[one] for one in at], scores[at], queries)
                table.add_row(ranking, half, f"{mean[0]:.3f}", f"{mean[1]:.3f}", f"{mean[3]:.0f}")
                if half == "reported" and ranking in ("reviewer", "indicator text"):
                    figures[f"{name} {ranking}: MAP"] = mean[0]
                    figures[f"{name} {ranking}: recall@{FIRST}"] = mean[1]
                    figures[f"{name} base rate"] = mean[2]
        table.caption = f"base rate {figures[f'{name} base rate']:.3f}"
        out.print(table)
    return figures


def _halves(sentences: Sequence[CodedSentence]) -> tuple[list[int], list[int]]:
    return halves([one.draw for one in sentences], np.random.default_rng(SEED))


def _averages(
    sentences: Sequence[CodedSentence], scores: Numbers, queries: Sequence[Query]
) -> tuple[float, float, float, float]:
    """MAP, recall@5 and base rate, averaged over groups and then over codes; groups per code."""
    groups: dict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(sentences):
        groups[one.group].append(at)
    rows = []
    for column, query in enumerate(queries):
        each = []
        for members in groups.values():
            open_to = [at for at in members if sentences[at].kinds in ("", query.id[0])]
            wanted = [query.id in sentences[at].codes for at in open_to]
            if any(wanted) and not all(wanted):
                own = scores[open_to, column]
                each.append(
                    (
                        average_precision(wanted, own),
                        recall_at(wanted, own, FIRST),
                        float(np.mean(wanted)),
                    )
                )
        rows.append((*np.mean(each, axis=0), len(each)))
    first, second, third, fourth = np.mean(rows, axis=0)
    return float(first), float(second), float(third), float(fourth)


def _by_text(
    _: Sequence[str],
    vectors: Vectors,
    queries: Sequence[Query],
    vector_of: Mapping[str, Vectors],
) -> Numbers:
    return np.column_stack([vectors @ vector_of[query.text] for query in queries])


def _by_best_example(
    _: Sequence[str],
    vectors: Vectors,
    queries: Sequence[Query],
    vector_of: Mapping[str, Vectors],
) -> Numbers:
    return np.column_stack(
        [np.max([vectors @ vector_of[one] for one in query.likely], axis=0) for query in queries]
    )


def _by_mean_example(
    _: Sequence[str],
    vectors: Vectors,
    queries: Sequence[Query],
    vector_of: Mapping[str, Vectors],
) -> Numbers:
    return np.column_stack(
        [np.mean([vectors @ vector_of[one] for one in query.likely], axis=0) for query in queries]
    )


def _by_length(
    texts: Sequence[str],
    _: Vectors,
    queries: Sequence[Query],
    __: Mapping[str, Vectors],
) -> Numbers:
    return np.column_stack([[float(len(text)) for text in texts]] * len(queries))


RANKINGS: dict[str, Ranking] = {
    "longest first": _by_length,
    "indicator text": _by_text,
    "best example": _by_best_example,
    "mean of examples": _by_mean_example,
    "likeness, others not taken off": likeness,
    "reviewer": relevance,
}
