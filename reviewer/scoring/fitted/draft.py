"""The `fitted` engine: drafts of a scorer fitted to expert ratings, with the reasons it rests on.

Invariant: a draft's expected level is the sum of its account, and its citations are the segments
that pull it most; what hinders the coverage engine hinders this one too. No model is loaded here:
rows of segments come from `encode`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reviewer.evidence.citation import Citation, Stance, cite, excerpt
from reviewer.evidence.locate import may_show
from reviewer.intake.artifact import Artifact
from reviewer.rubric import Credential, Element
from reviewer.scoring.aims import aims_of
from reviewer.scoring.draft import DraftKind, ElementDraft, EngineIdentity, Fitness, undrafted
from reviewer.scoring.fitted.cite import choose_cited, pulls
from reviewer.scoring.fitted.ordinal import Ordinal
from reviewer.scoring.fitted.read import WorkRead, read_for_fit
from reviewer.scoring.fitted.scorer import Account, Scorer, account_of
from reviewer.scoring.fitted.signs import WHOLE_SIGNS
from reviewer.scoring.reading import Void
from reviewer.scoring.rounding import PLACES, shares_of_one
from reviewer.scoring.talk.moves import TalkMoves
from reviewer.scoring.work import Embed

ENGINE, VERSION = "fitted", "2"
NAMED = 3  # whole-work signs that a rationale names
SLIGHT = 0.02  # of a level, below which a whole-work sign is not named


@dataclass(frozen=True, slots=True)
class Engine:
    """A scorer with all that names it: hashes of its folder and of its rubric.

    `abstain_below`: an element whose most probable level is less probable is not drafted;
    `fitted_on` names the artifacts that it was fitted on (`name_of`); `moves` are the talk moves
    among its signs.
    """

    scorer: Scorer
    identity: EngineIdentity
    abstain_below: float = 0.0
    fitted_on: frozenset[str] = frozenset()
    moves: TalkMoves | None = None

    def was_fitted_on(self, artifacts: Sequence[Artifact]) -> bool:
        """Whether it has seen the score of some of this work: its draft of it proves nothing."""
        return any(name_of(one) in self.fitted_on for one in artifacts)


def name_of(artifact: Artifact) -> str:
    """The artifact as a fitted folder knows it again: the first 16 hex digits of its hash."""
    return artifact.sha256[:16]


def draft_fitted(
    credential: Credential, artifacts: Sequence[Artifact], encode: Embed, engine: Engine
) -> tuple[ElementDraft, ...]:
    """One draft, finding or abstention for each element of the scorer, in its order."""
    read: dict[frozenset[str], tuple[WorkRead, Account | None]] = {}
    made = []
    for at, name in enumerate(engine.scorer.elements):
        element = next(one for one in credential.elements if one.id == name)
        allowed = [one for one in artifacts if may_show(element, one)]
        key = frozenset(one.id for one in allowed)
        if key not in read:
            known = engine.scorer.elements
            work = read_for_fit(credential, allowed, encode, known, engine.moves)
            read[key] = work, account_of(engine.scorer, work) if work.sentences else None
        made.append(draft_element(engine, element, at, *read[key]))
    return tuple(made)


def draft_element(
    engine: Engine, element: Element, at: int, work: WorkRead, account: Account | None = None
) -> ElementDraft:
    """The draft of one element, the scorer's number `at`, from a work that was read.

    `account` is the work's, where it is known from another element. The draft's `strength` is the
    share of what pulls it that its citations have.
    """
    hindrance = _hindered(engine.scorer, element, work)
    if hindrance is not None:
        return undrafted(element.id, *hindrance, engine.identity)
    account = account or account_of(engine.scorer, work)
    levels = engine.scorer.levels[at]
    expected = float(np.clip(account.expected[at], levels.values[0], levels.values[-1]))
    shares = shares_of_one(levels.probabilities(expected))
    if max(shares) < engine.abstain_below:
        return undrafted(
            element.id,
            DraftKind.ABSTENTION,
            f"No level of “{element.title}” is as probable as {engine.abstain_below:g}; the most "
            f"probable has {max(shares):.2f}. Score it by hand.",
            engine.identity,
        )
    chosen = choose_cited(engine.scorer, work, account, at)
    pull = pulls(account, work.shares)[:, at]
    names = [f"{value:g}" for value in levels.values]
    return ElementDraft(
        element=element.id,
        kind=DraftKind.DRAFT,
        reason=None,
        fitness=Fitness.UNMEASURED,
        level=levels.level(float(account.expected[at])),
        expected=round(
            sum(value * share for value, share in zip(levels.values, shares, strict=True)), PLACES
        ),
        probabilities=dict(zip(names, shares, strict=True)),
        strength=round(float(np.abs(pull[chosen]).sum() / max(np.abs(pull).sum(), 1e-9)), PLACES),
        rationale=_rationale(engine.scorer, account, levels, at, chosen),
        citations=_citations(work, chosen, [float(pull[one]) for one in chosen]),
        engine=engine.identity,
    )


def _hindered(scorer: Scorer, element: Element, work: WorkRead) -> tuple[DraftKind, str] | None:
    first = work.first.get(element.id)
    if first is not None and first[0] in {DraftKind.ABSTENTION, DraftKind.NOT_OBSERVABLE}:
        return first
    if not work.sentences:
        voids = sorted({one.value for one in work.void if one is not Void.EMPTY})
        why = f": what is there is {', '.join(voids)}" if voids else ""
        return DraftKind.INSUFFICIENT_EVIDENCE, (
            f"Nothing in the work can be read as evidence for “{element.title}”{why}."
        )
    aims = aims_of(element)
    task = scorer.task
    if task is not None and aims is not None and aims.topic:
        near = float(work.center @ task.center)
        if near < task.nearest:
            return DraftKind.INSUFFICIENT_EVIDENCE, (
                f"The work is not on the task that “{element.title}” was rated on: its likeness to "
                f"the rated works is {near:.2f}, and hardly any of them is below "
                f"{task.nearest:.2f}."
            )
    return None


def _rationale(
    scorer: Scorer, account: Account, levels: Ordinal, at: int, chosen: Sequence[int]
) -> str:
    segments = float(account.segments[:, at].sum())
    names = [*(f"descriptors of {one}" for one in scorer.elements), *WHOLE_SIGNS]
    whole = account.whole[:, at]
    strongest = sorted(range(len(names)), key=lambda one: (-abs(round(float(whole[one]), 4)), one))
    named = [
        f"{names[one]} {whole[one]:+.2f}" for one in strongest[:NAMED] if abs(whole[one]) >= SLIGHT
    ]
    others = f" ({', '.join(named)})" if named else ""
    return (
        f"An average rated work is at {account.intercept[at]:.2f}. What the sentences are like "
        f"moves this one by {segments:+.2f}, of which the {len(chosen)} cited ones move it most; "
        f"signs of the work as a whole move it by {float(whole.sum()):+.2f}{others}. Fitted to "
        f"expert ratings, with which works held out of fitting correlate by about "
        f"{levels.agreement:.2f}."
    )


def _citations(
    work: WorkRead, chosen: Sequence[int], pull: Sequence[float]
) -> tuple[Citation, ...]:
    by_id = {one.artifact.id: one.artifact for one in work.sentences}
    weights = shares_of_one([max(abs(one), 1e-9) for one in pull])
    made = [
        cite(
            excerpt(
                work.sentences[at].artifact,
                [work.sentences[at].at],
                0.0,
                "",
                Stance.SUPPORTS if own > 0 else Stance.COUNTER,
            ),
            by_id,
            weight,
        )
        for at, own, weight in zip(chosen, pull, weights, strict=True)
    ]
    return tuple(sorted(made, key=lambda one: (-one.weight, one.artifact, one.start)))
