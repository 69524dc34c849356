"""From two tables to a folder, and from a folder to lines of drafts.

Invariant: equal tables, rubric, encoder and seed give an equal folder; every text of the table gets
one line an element, in the order of the table and of the rubric.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from reviewer.rubric import Credential, Element
from reviewer.scoring.draft import ElementDraft
from reviewer.scoring.fitted.card import Measured, model_card
from reviewer.scoring.fitted.deep import EPOCHS, deep_rows, fit_deep, open_tuned
from reviewer.scoring.fitted.draft import Engine, draft_fitted, name_of
from reviewer.scoring.fitted.fit import fit_scorer
from reviewer.scoring.fitted.measure import Sample, cross_validated, drafted, learning_curve
from reviewer.scoring.fitted.rated import Rated, Text, rated_elements
from reviewer.scoring.fitted.read import WorkRead, read_works, together
from reviewer.scoring.fitted.saved import Origin, load_engine, save_scorer
from reviewer.scoring.fitted.trials import HONEST, Trial, run_trials
from reviewer.scoring.work import Embed

Progress = Callable[[str], None]
DEEP = "deep"


def fit_folder(
    rated: Rated, origin: Origin, encode: Embed, base: Path, folder: Path, progress: Progress
) -> str:
    """Fit, measure and write a folder; the text of its model card.

    `encode` gives rows of the `LayerEncoder` whose weights lie in `base`; `progress` is told each
    step in a few words.
    """
    seed = origin.seed
    # What is fitted and measured has these elements alone; works are read by the whole rubric.
    elements = rated_elements(origin.credential, rated)
    credential = origin.credential.model_copy(update={"elements": elements})
    progress(f"reading {len(rated.texts)} texts")
    rated, sample = _read(origin, rated, encode)
    names = {name_of(artifact) for one in rated.texts for artifact in one.artifacts}
    origin = replace(origin, fitted_on=tuple(sorted(names)))
    progress("fitting")
    if origin.kind == DEEP:
        fit = fit_deep(credential, sample, base, folder, EPOCHS, seed)
        encode = deep_rows(open_tuned(folder, 1), encode)
        held, curve = drafted(fit.scorer, fit.held), dict[int, float]()
    else:
        fit = fit_scorer(credential, sample.works, sample.scores, sample.groups, sample.one_task)
        progress("measuring on held-out works")
        held = cross_validated(credential, sample, seed)
        curve = learning_curve(credential, sample, seed)
    save_scorer(fit.scorer, origin, "", folder)
    progress("trying attacks")
    engine = load_engine(folder, origin.credential, origin.encoder_sha256)
    trials = _trials(origin.credential, elements, rated, engine, encode, seed)
    measured = Measured(held, curve, trials)
    card = model_card(origin.credential, rated, sample, fit, measured, seed, origin.moves)
    save_scorer(fit.scorer, origin, card, folder)
    return card


def _read(origin: Origin, rated: Rated, encode: Embed) -> tuple[Rated, Sample]:
    """The works as a scorer reads them; those in which nothing counts are left out of both."""
    artifacts = [one.artifacts for one in rated.texts]
    credential, elements = origin.credential, rated.elements
    works = list(read_works(credential, artifacts, encode, elements, origin.moves))
    kept = [at for at, one in enumerate(works) if one.sentences]
    if len(kept) < len(works):
        rated = _without(rated, kept, len(works) - len(kept))
        works = [works[at] for at in kept]
    held_together = tuple(rated.held_together)
    return rated, Sample(tuple(works), rated.scores, held_together, one_task=rated.one_group)


def _without(rated: Rated, kept: Sequence[int], lost: int) -> Rated:
    reason = "texts in which nothing can be read as evidence"
    return replace(
        rated,
        texts=tuple(rated.texts[at] for at in kept),
        scores=rated.scores[list(kept)],
        known=rated.known[list(kept)],
        left_out={**rated.left_out, reason: lost},
    )


def _honest(rated: Rated, seed: int) -> tuple[list[str], list[str]]:
    """Some texts, and for each another that stands for work off the task: of another group."""
    order = np.random.default_rng(seed).permutation(len(rated.texts))[:HONEST]
    texts = [rated.texts[at] for at in order]
    others = []
    for one in texts:
        other = next((text for text in rated.texts if text.group != one.group), None)
        others.append(OFF_TASK if other is None else other.text)
    return [one.text for one in texts], others


# Stands for work on another task where all texts are on one; written for this purpose.
OFF_TASK = (
    "The water in a kettle begins to move long before it boils. Small bubbles of air leave it "
    "first, and they cling to the metal until they are large enough to rise. Then the bottom "
    "layer turns to steam, and each bubble of steam collapses with a click in the cooler "
    "water above. That is the singing one hears from the kitchen. When all of the water is "
    "hot, the bubbles reach the surface whole, and the sound falls to a low rumble. A lid "
    "changes little, but on a mountain the water boils sooner and the noodles take longer. "
    "Engineers measure the pressure in the vessel with a gauge and open a valve before it "
    "grows too high. "
) * 8


def _trials(
    credential: Credential,
    elements: Sequence[Element],
    rated: Rated,
    engine: Engine,
    encode: Embed,
    seed: int,
) -> list[Trial]:
    """Attacks on some of the works, as texts; none on elements that no text can show."""
    if not any("text" in one.observable_in for one in elements):
        return []

    def read(texts: Sequence[str]) -> list[WorkRead]:
        bare = [Text("one", "one", "", text).artifacts for text in texts]
        return list(read_works(credential, bare, encode, rated.elements, engine.moves))

    only = credential.model_copy(update={"elements": tuple(elements)})
    return run_trials(only, engine, *_honest(rated, seed), read)


def rows_for(engine: Engine, folder: Path, encode: Embed, threads: int) -> Embed:
    """The rows that an engine reads: those of `encode`, or of its own tuned encoder."""
    if not engine.identity.id.endswith(DEEP):
        return encode
    return deep_rows(open_tuned(folder, threads), encode)


def score_lines(
    credential: Credential, engine: Engine, texts: Sequence[Text], encode: Embed
) -> Iterator[str]:
    """One JSON object a submission and element, each on a line of its own."""
    works = together([text.artifacts for text in texts], encode)
    for text, (work, rows) in zip(texts, works, strict=True):
        for draft in draft_fitted(credential, work, rows, engine):
            yield json.dumps(_line(text, draft), ensure_ascii=False) + "\n"


def _line(text: Text, draft: ElementDraft) -> dict[str, Any]:
    return {"submission": text.submission, "candidate": text.candidate, **asdict(draft)}
