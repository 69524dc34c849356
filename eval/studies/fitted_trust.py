"""May a fitted draft be trusted: do its citations carry it, are its probabilities honest, to whom.

Invariant: scorers are fitted without the essays that they are tried on; supporting and counter
citations are removed separately, and compared with as many segments that were not cited, drawn at
random; subgroup differences are printed with their n and interval, whatever they are.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from eval.abstention import SHARES, figure_name
from eval.rated import SUBGROUPS, RatedSet, rated_set, read_more, subgroups
from eval.studies.fitted import SEED
from reviewer.evidence.match import Numbers
from reviewer.scoring.account import MOST_CITED
from reviewer.scoring.fitted.cite import choose_cited, pulls, restored
from reviewer.scoring.fitted.measure import (
    Places,
    Predicted,
    cross_validated,
    fit_sample,
    folds,
)
from reviewer.scoring.fitted.read import WorkRead
from reviewer.scoring.fitted.scorer import Scorer, account_of, segments_of

NAME = "fitted_trust"
HELP = "fitted scorer: deletion of citations, probability calibration, abstention, subgroups"
BENCH = False

LONG = 15  # segments from which a work's deletions are counted
RANDOM = 20  # draws of segments that were not cited
ANEW, RANDOM_ANEW = 30, 3  # works whose deletions are read anew, and draws of random segments
TIMES, ENOUGH = 3.0, 0.5  # as much as random ones; share of the way restored
BINS = 10
FEWEST = 10  # works of a subgroup
DRAWS = 1000


def run(data: Path | None, out: Console) -> dict[str, float]:
    """Both sets."""
    figures: dict[str, float] = {}
    for name in ("asap7", "ellipse"):
        rated = rated_set(name, data)
        figures |= deletions(rated, out)
        figures |= read_anew(rated, out)
        drafted = cross_validated(rated.credential, rated.sample, SEED)
        figures |= calibration(rated, drafted, out)
        if name == "ellipse":
            figures |= differences(rated, drafted, subgroups(data), out)
    return figures


def deletions(rated: RatedSet, out: Console) -> dict[str, float]:
    """Comprehensiveness and sufficiency of citations on one held-out fold, and shares of variance.

    What stands after a deletion is scored as a work of its own; the named whole-work signs stay as
    they are, but for `by segments alone`, which leaves them out of what is restored.
    """
    training, held = folds(rated.sample, SEED)[0]
    scorer = fit_sample(rated.credential, rated.sample.some(training))
    works = [rated.sample.works[at] for at in held]
    table = Table(title=f"{rated.name}: citations, {len(works)} held-out essays")
    columns = ("moves 3 x random", "n", "restores half", "by segments alone", "n")
    for column in ("element", *columns, "segments' share"):
        table.add_column(column, justify="left" if column == "element" else "right")
    keys = ("moves 3 x random", "restores half", "restores half by segments alone", "share")
    found: dict[str, list[float]] = {key: [] for key in keys}
    draw = np.random.default_rng(SEED)
    for element, own in enumerate(rated.credential.elements):
        moved = [_moves(scorer, one, element, draw) for one in works if len(one.shares) >= LONG]
        back = [_restores(scorer, one, element) for one in works if len(one.shares) >= 3]
        with_whole, alone = np.mean(np.array(back) >= ENOUGH, axis=0)
        share = _share(scorer, works, element)
        row = (float(np.mean(moved)), float(with_whole), float(alone), share)
        for key, value in zip(found, row, strict=True):
            found[key].append(value)
        numbers = (f"{row[0]:.3f}", str(len(moved)), *(f"{one:.3f}" for one in row[1:3]))
        numbers = (*numbers, str(len(back)))
        table.add_row(own.id, *numbers, f"{share:.2f}")
    out.print(table)
    return {f"{rated.name} {key}, least": min(values) for key, values in found.items()}


def _cited(scorer: Scorer, work: WorkRead, element: int) -> list[int]:
    most = max(1, min(MOST_CITED, len(work.shares) // 3))
    return choose_cited(scorer, work, account_of(scorer, work), element, most)


def _moves(scorer: Scorer, work: WorkRead, element: int, draw: np.random.Generator) -> bool:
    """Whether removing what is cited moves the draft three times as far as removing other text."""
    chosen = _cited(scorer, work, element)
    pull = pulls(account_of(scorer, work), work.shares)[:, element]
    sides = [[at for at in chosen if pull[at] > 0], [at for at in chosen if pull[at] <= 0]]
    moves = [abs(_change(scorer, work, element, side)) if side else 0.0 for side in sides]
    removed = sides[int(np.argmax(moves))]
    others = [at for at in range(len(work.shares)) if at not in chosen]
    at_random = [
        abs(_change(scorer, work, element, draw.choice(others, len(removed), replace=False)))
        for _ in range(RANDOM)
    ]
    return max(moves) >= TIMES * float(np.mean(at_random))


def _change(scorer: Scorer, work: WorkRead, element: int, removed: Sequence[int] | Places) -> float:
    gone = {int(at) for at in removed}
    kept = [at for at in range(len(work.shares)) if at not in gone]
    before = segments_of(scorer, work, range(len(work.shares)))[:, element].sum()
    return float(before - segments_of(scorer, work, kept)[:, element].sum())


def _restores(scorer: Scorer, work: WorkRead, element: int) -> tuple[float, float]:
    """Shares of the way that the cited segments restore, with and without whole-work signs."""
    account = account_of(scorer, work)
    cited = _cited(scorer, work, element)
    way = float(account.expected[element] - account.intercept[element])
    alone = float(segments_of(scorer, work, sorted(cited))[:, element].sum())
    return restored(scorer, work, account, element, cited), alone / way if way else 1.0


def read_anew(rated: RatedSet, out: Console) -> dict[str, float]:
    """The same deletions with everything read anew, whole-work signs and descriptors too."""
    training, held = folds(rated.sample, SEED)[0]
    scorer = fit_sample(rated.credential, rated.sample.some(training))
    long = [at for at in held.tolist() if len(rated.sample.works[at].shares) >= LONG]
    draw = np.random.default_rng(SEED)
    some = draw.choice(long, min(ANEW, len(long)), replace=False)
    moved, back = [], []
    for work in (rated.sample.works[at] for at in some):
        for element in range(len(rated.credential.elements)):
            one, other = _anew(rated, scorer, work, element, draw)
            moved.append(one)
            back.append(other)
    row = (float(np.mean(moved)), float(np.mean(back)))
    out.print(
        f"{rated.name}: read anew, {len(some)} essays, all elements together: "
        f"moves 3 x random {row[0]:.3f}, restores half {row[1]:.3f}"
    )
    keys = ("read anew, moves 3 x random", "read anew, restores half")
    return {f"{rated.name} {key}": value for key, value in zip(keys, row, strict=True)}


def _anew(
    rated: RatedSet, scorer: Scorer, work: WorkRead, element: int, draw: np.random.Generator
) -> tuple[bool, bool]:
    def scored(kept: Sequence[int]) -> float:
        [again] = read_more(rated, [" ".join(work.sentences[at].text for at in kept)])
        if not again.sentences:
            return float(scorer.intercept[element])
        return float(account_of(scorer, again).expected[element])

    def without(gone: Sequence[int]) -> float:
        return scored([at for at in every if at not in gone])

    every = range(len(work.sentences))
    chosen = _cited(scorer, work, element)
    pull = pulls(account_of(scorer, work), work.shares)[:, element]
    whole = scored(every)
    sides = [[at for at in chosen if pull[at] > 0], [at for at in chosen if pull[at] <= 0]]
    moves = [abs(whole - without(side)) if side else 0.0 for side in sides]
    removed = sides[int(np.argmax(moves))]
    others = [at for at in every if at not in chosen]
    at_random = [
        abs(whole - without(draw.choice(others, len(removed), replace=False).tolist()))
        for _ in range(RANDOM_ANEW)
    ]
    way = whole - float(scorer.intercept[element])
    back = (scored(sorted(chosen)) - float(scorer.intercept[element])) / way if way else 1.0
    return max(moves) >= TIMES * float(np.mean(at_random)), back >= ENOUGH


def _share(scorer: Scorer, works: Sequence[WorkRead], element: int) -> float:
    """Share of the variance of the expected level between works that the segments' sum carries."""
    accounts = [account_of(scorer, one) for one in works if one.sentences]
    expected = np.array([one.expected[element] for one in accounts])
    segments = np.array([one.segments[:, element].sum() for one in accounts])
    return float(np.cov(segments, expected)[0, 1] / expected.var(ddof=1))


def calibration(rated: RatedSet, drafted: Predicted, out: Console) -> dict[str, float]:
    """Expected calibration error of the drafted probabilities, and agreement under abstention.

    The most probable level's probability is compared with how often it is the expert's; the curve
    keeps the drafts whose highest probability is highest.
    """
    table = Table(title=f"{rated.name}: probabilities of held-out essays")
    table.add_column("element")
    table.add_column("calibration error", justify="right")
    for share in SHARES:
        table.add_column(f"exact, {share:.0%} drafted", justify="right")
    errors, curves = [], []
    for at, element in enumerate(rated.credential.elements):
        shares = drafted.probabilities[at]
        own = np.abs(rated.sample.scores[:, at, None] - np.array(element.values)).argmin(axis=1)
        sure, right = shares.max(axis=1), shares.argmax(axis=1) == own
        errors.append(_calibration_error(sure, right))
        order = np.argsort(-sure, kind="stable")
        curve = [float(right[order[: int(share * len(order))]].mean()) for share in SHARES]
        curves.append(curve)
        table.add_row(element.id, f"{errors[-1]:.3f}", *(f"{one:.3f}" for one in curve))
    mean = np.mean(curves, axis=0)
    table.add_row("mean", f"{np.mean(errors):.3f}", *(f"{one:.3f}" for one in mean))
    out.print(table)
    curve = zip(SHARES, mean.tolist(), strict=True)
    return {
        f"{rated.name} calibration error, most": max(errors),
        **{figure_name(rated.name, share): value for share, value in curve},
    }


def _calibration_error(sure: Numbers, right: Numbers) -> float:
    """Mean gap of probability and accuracy over bins with equally many works."""
    parts = np.array_split(np.argsort(sure, kind="stable"), BINS)
    gaps = [len(one) * abs(float(sure[one].mean() - right[one].mean())) for one in parts]
    return float(sum(gaps) / len(sure))


def differences(
    rated: RatedSet, drafted: Predicted, groups: dict[str, list[str]], out: Console
) -> dict[str, float]:
    """DSM by subgroup: mean standardized draft less mean standardized expert score, all elements.

    Both are standardized over all essays; the interval resamples the subgroup's essays.
    """
    gap = (_standard(drafted.expected) - _standard(rated.sample.scores)).mean(axis=1)
    table = Table(title=f"{rated.name}: difference in standardized means")
    for column in ("subgroup", "n", "DSM", "95 % interval"):
        table.add_column(column, justify="left" if column == "subgroup" else "right")
    draw = np.random.default_rng(SEED)
    figures = {}
    for name in SUBGROUPS:
        for value in sorted(set(groups[name])):
            own = gap[np.array(groups[name]) == value]
            if not value or len(own) < FEWEST:
                continue
            drawn = own[draw.integers(0, len(own), (DRAWS, len(own)))].mean(axis=1)
            low, high = np.quantile(drawn, [0.025, 0.975])
            told = (f"{own.mean():+.3f}", f"{low:+.3f} to {high:+.3f}")
            table.add_row(f"{name}: {value}", str(len(own)), *told)
            figures[f"{rated.name} DSM {name} {value}"] = float(own.mean())
    out.print(table)
    return figures


def _standard(values: Numbers) -> Numbers:
    made: Numbers = (values - values.mean(axis=0)) / values.std(axis=0)
    return made
