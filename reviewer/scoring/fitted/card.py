"""The model card of a fitted scorer: what it was fitted on, how well it does, where it fails.

Invariant: every figure stands with its number of works, and those of agreement with an interval; no
text, name or id of a work is in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reviewer.rubric import Credential, Element
from reviewer.scoring.fitted.fit import Fit
from reviewer.scoring.fitted.measure import Predicted, Sample, interval, qwk
from reviewer.scoring.fitted.rated import Rated, rated_elements, said
from reviewer.scoring.fitted.signs import SEGMENT_SIGNS
from reviewer.scoring.fitted.trials import RISE, Trial
from reviewer.scoring.talk.moves import TalkMoves

LIMITS = (
    "It was fitted to the ratings named above and knows no others: another task, another grade or "
    "another panel of raters is another matter.",
    "It reads signs of writing. It does not understand, and cannot tell true from made up.",
    "A draft is a proposal. It is unmeasured until calibration on your works has opened it.",
    "The figures are of cross-validation on the works it was fitted on, each held out in its turn.",
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured when a scorer was fitted."""

    held: Predicted
    curve: Mapping[int, float]
    trials: Sequence[Trial]


def model_card(
    credential: Credential,
    rated: Rated,
    sample: Sample,
    fit: Fit,
    measured: Measured,
    seed: int,
    moves: TalkMoves | None = None,
) -> str:
    """The card as Markdown; `moves` are the talk moves that the scorer was fitted with."""
    elements = rated_elements(credential, rated)
    texts = len(rated.texts)
    groups = len({one.group for one in rated.texts})
    candidates = len({one.candidate for one in rated.texts})
    parts = [
        f"# Fitted scorer for {credential.title}",
        f"Rubric `{credential.id}` version {credential.version}, hash `{credential.rubric_hash}`. "
        f"Fitted on {texts} texts of {candidates} candidates in {groups} group(s); data hash "
        f"`{rated.data_sha256}`; seed {seed}. Left out: {said(rated.left_out)}.",
        "## Works at each level\n\n" + _levels(elements, rated),
        "## Agreement, cross-validated\n\nQuadratic weighted kappa of drafted levels with the "
        "expert scores; works of one group"
        + (" (candidate)" if rated.one_group else "")
        + " are held out together; 95 % intervals by resampling whole groups.\n\n"
        + _agreement(elements, rated, sample, measured.held, seed),
        "## Learning curve\n\n" + _curve(measured.curve),
        f"## Attacks\n\nShare of works whose expected level rose by more than {RISE:g}, and that "
        "ended as insufficient evidence or at the lowest level: the worst element for each.\n\n"
        + _trials(measured.trials),
        "## What it rests on\n\n" + _weights(elements, fit),
        *([] if moves is None else [_moves(elements, fit, moves)]),
        "## Limits\n\n" + "\n".join(f"- {one}" for one in LIMITS),
    ]
    return "\n\n".join(parts) + "\n"


def _grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _levels(elements: Sequence[Element], rated: Rated) -> str:
    rows = []
    for at, element in enumerate(elements):
        own = rated.scores[rated.known[:, at], at]
        nearest = np.abs(own[:, None] - np.array(element.values)).argmin(axis=1)
        counts = np.bincount(nearest, minlength=len(element.values))
        told = ", ".join(f"{v:g}: {n}" for v, n in zip(element.values, counts, strict=True))
        rows.append([element.id, str(len(own)), told])
    return _grid(["element", "rated", "level: works"], rows)


def _agreement(
    elements: Sequence[Element], rated: Rated, sample: Sample, held: Predicted, seed: int
) -> str:
    rows = []
    for at, element in enumerate(elements):
        known = rated.known[:, at]
        drafted, scores = held.levels[known, at], rated.scores[known, at]
        groups = [one for one, own in zip(sample.groups, known, strict=True) if own]
        low, high = interval(drafted, scores, element.values, groups, seed)
        found = qwk(drafted, scores, element.values)
        exact = float((np.abs(drafted - scores) < 0.25).mean())
        rows.append(
            [
                element.id,
                str(len(scores)),
                f"{found:.2f}",
                f"{low:.2f} to {high:.2f}",
                f"{exact:.2f}",
            ]
        )
    return _grid(["element", "n", "QWK", "95 % interval", "exact"], rows)


def _curve(curve: Mapping[int, float]) -> str:
    if not curve:
        return "Too few works to tell."
    rows = [[str(size), f"{found:.2f}"] for size, found in curve.items()]
    return _grid(["works fitted on", "QWK, mean of elements"], rows)


def _trials(trials: Sequence[Trial]) -> str:
    if not trials:
        return "Not tried: attacks are made of texts, and these elements are seen in talk alone."
    rows = [
        [one.attack, str(one.works), f"{max(one.rose):.2f}", f"{min(one.bottom):.2f}"]
        for one in trials
    ]
    return _grid(["attack", "works", "rose", "at the bottom"], rows)


def _weights(elements: Sequence[Element], fit: Fit) -> str:
    shares = ", ".join(f"{name} {share:.2f}" for name, share in fit.weights.items())
    out = [
        element.id for element, slope in zip(elements, fit.length_out, strict=True) if slope != 0
    ]
    length = (
        f"Length was taken out of {', '.join(out)}."
        if out
        else "Length was left in: experts' scores go with it as much as the drafts do, or it "
        "could not be spared."
    )
    return f"Weights of the blocks of signs, chosen by evidence: {shares}. {length}"


def _moves(elements: Sequence[Element], fit: Fit, moves: TalkMoves) -> str:
    weights = fit.scorer.weights["signs"][len(SEGMENT_SIGNS) :] / 10
    rows = [
        [name, *(f"{one:+.2f}" for one in own)]
        for name, own in zip(moves.names, weights, strict=True)
    ]
    return (
        "## Talk moves\n\nHow many levels a draft gains if a tenth more of the words that count "
        "are said in this move, all else being equal.\n\n"
        + _grid(["move", *(one.id for one in elements)], rows)
    )
