"""Essays scored without any label, against the ideas that were tried, the floors and the raters.

Invariant: constants of the engine were chosen on the first half (of ASAP set 7's essays, of
ELLIPSE's prompts); every figure returned is of the other half.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sklearn.metrics import cohen_kappa_score

from eval.data import (
    Essay,
    asap7,
    asap7_credential,
    asap7_prompt,
    document,
    ellipse,
    ellipse_credential,
)
from eval.ideas import ALL, Idea, Reference
from eval.statistics import halves, partial_spearman, spearman
from eval.vectors import embedding, weights_sha256
from reviewer.evidence.embed import Vectors
from reviewer.evidence.match import Numbers
from reviewer.rubric import Credential, Element
from reviewer.scoring.coverage import draft_elements
from reviewer.scoring.work import Embed, Work, read_work

NAME = "essays"
HELP = "label-free scores of ASAP 7 and ELLIPSE essays, beside floors, ideas and human raters"
BENCH = True

SEED = 7
COUNTS = ("words", "sentences", "distinct words")
FLOORS = (
    *COUNTS,
    "like the highest descriptor",
    "like the highest, unlike the lowest",
    "like the prompt",
)


def run(data: Path | None, out: Console) -> dict[str, float]:
    """Both sets; figures of the half that was not used for choosing."""
    embed = embedding()
    asap = asap7(data)
    prompt = embed([asap7_prompt(data)])
    draw = np.random.default_rng(SEED)
    parts = halves([f"{at:05}" for at in range(len(asap))], draw)
    figures = _set("asap7", asap, asap7_credential(data), parts, prompt, embed, out)
    more = ellipse(data)
    parts = halves([essay.prompt for essay in more], draw)
    figures |= _set("ellipse", more, ellipse_credential(data), parts, prompt[:0], embed, out)
    return figures


def _set(
    name: str,
    essays: Sequence[Essay],
    credential: Credential,
    parts: tuple[list[int], list[int]],
    prompt: Vectors,
    embed: Embed,
    out: Console,
) -> dict[str, float]:
    choosing, reporting = parts
    cut = [document(one.text) for one in essays]
    embed([one.quote(part.start, part.end) for one in cut for part in one.segments])  # at once
    reference = Reference(
        embed([element.levels[-1].descriptor for element in credential.elements]),
        embed([element.levels[0].descriptor for element in credential.elements]),
        prompt,
    )
    ideas = _rated([essays[at] for at in choosing], list(ALL), credential, reference, embed, out)
    _print_ideas(name, [essays[at] for at in choosing], credential, ideas, out)
    half = [essays[at] for at in reporting]
    floors = _rated(half, FLOORS, credential, reference, embed, out)
    drafts = _drafts(half, credential, embed, out)
    return _print_engine(name, half, credential, floors, drafts, out)


def _rated(
    essays: Sequence[Essay],
    names: Sequence[str],
    credential: Credential,
    reference: Reference,
    embed: Embed,
    out: Console,
) -> dict[str, Numbers]:
    rows = []
    for essay in track(essays, "ideas", console=out, transient=True):
        work = read_work(credential, [document(essay.text)], embed)
        rows.append([_rate(ALL[name], work, reference) for name in names])
    return dict(zip(names, np.array(rows).transpose(1, 2, 0), strict=True))


def _rate(idea: Idea, work: Work, reference: Reference) -> Numbers:
    """One number for each element."""
    rated = idea(work, reference) if work.sentences else 0.0
    return np.broadcast_to(rated, len(reference.highest))


def _drafts(
    essays: Sequence[Essay], credential: Credential, embed: Embed, out: Console
) -> list[dict[str, tuple[float, float]]]:
    """Expected and drafted level by element; no draft counts as the lowest level."""
    made = []
    lowest = {element.id: element.values[0] for element in credential.elements}
    for essay in track(essays, "drafts", console=out, transient=True):
        drafts = draft_elements(credential, [document(essay.text)], embed, weights_sha256())
        made.append(
            {
                draft.element: (
                    lowest[draft.element] if draft.expected is None else draft.expected,
                    lowest[draft.element] if draft.level is None else draft.level,
                )
                for draft in drafts
            }
        )
    return made


def _scores(essays: Sequence[Essay], element: Element) -> Numbers:
    return np.array([essay.scores[element.id] for essay in essays])


def _print_ideas(
    name: str,
    essays: Sequence[Essay],
    credential: Credential,
    ideas: Mapping[str, Numbers],
    out: Console,
) -> None:
    table = Table(title=f"{name}: every idea on the choosing half, n = {len(essays)} (Spearman)")
    table.add_column("idea")
    for element in credential.elements:
        table.add_column(element.id, justify="right")
    table.add_column("mean", justify="right")
    table.add_column("mean, counts held", justify="right")
    held = [ideas[count][0] for count in COUNTS]
    rated = [_scores(essays, element) for element in credential.elements]
    for idea, values in ideas.items():
        pairs = list(zip(values, rated, strict=True))
        plain = [spearman(*pair) for pair in pairs]
        left = [partial_spearman(*pair, held) for pair in pairs]
        table.add_row(
            idea, *(f"{one:.2f}" for one in plain), f"{np.mean(plain):.3f}", f"{np.mean(left):.3f}"
        )
    out.print(table)


def _print_engine(
    name: str,
    essays: Sequence[Essay],
    credential: Credential,
    floors: Mapping[str, Numbers],
    drafts: Sequence[Mapping[str, tuple[float, float]]],
    out: Console,
) -> dict[str, float]:
    table = Table(title=f"{name}: the drafts on the other half, n = {len(essays)}")
    for column in ("element", "Spearman", "counts held", "QWK", "SMD", "drafted levels", "rated"):
        table.add_column(column, justify="left" if column == "element" else "right")
    held = [floors[count][0] for count in COUNTS]
    figures: dict[str, list[float]] = {"spearman": [], "counts held": [], "qwk": [], "smd": []}
    for element in credential.elements:
        rated = _scores(essays, element)
        expected = np.array([draft[element.id][0] for draft in drafts])
        level = np.array([draft[element.id][1] for draft in drafts])
        halved = (rated * 2).astype(int), (level * 2).astype(int)
        row = (
            spearman(expected, rated),
            partial_spearman(expected, rated, held),
            float(cohen_kappa_score(*halved, weights="quadratic")),
            float((expected.mean() - rated.mean()) / rated.std()),
        )
        for key, value in zip(figures, row, strict=True):
            figures[key].append(value)
        table.add_row(element.id, *(f"{one:.3f}" for one in row), _spread(level), _spread(rated))
    made = {f"{name} {key}": float(np.mean(values)) for key, values in figures.items()}
    table.add_section()
    table.add_row("mean", *(f"{one:.3f}" for one in made.values()), "", "")
    for floor, values in floors.items():
        rated_by = [_scores(essays, element) for element in credential.elements]
        each = [spearman(*pair) for pair in zip(values, rated_by, strict=True)]
        spread = " ".join(f"{value:.2f}" for value in each)
        table.add_row(f"floor: {floor}", f"{np.mean(each):.3f}", "", "", "", spread, "")
        made[f"{name} floor: {floor}"] = float(np.mean(each))
    out.print(table)
    return made | _ceiling(name, essays, credential, out)


def _ceiling(
    name: str, essays: Sequence[Essay], credential: Credential, out: Console
) -> dict[str, float]:
    if not essays[0].second:
        return {}
    values = [
        spearman([essay.second[element.id] for essay in essays], _scores(essays, element))
        for element in credential.elements
    ]
    out.print(
        f"ceiling: the other rater {np.mean(values):.3f} "
        f"({' '.join(f'{value:.2f}' for value in values)})"
    )
    return {f"{name} ceiling: the other rater": float(np.mean(values))}


def _spread(levels: Numbers) -> str:
    values, counts = np.unique(levels, return_counts=True)
    return " ".join(f"{value:g}:{count}" for value, count in zip(values, counts, strict=True))
