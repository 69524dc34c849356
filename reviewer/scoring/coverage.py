"""The `coverage` engine: drafts without expert ratings, from evidence that adds up.

Invariant: level probabilities are a function of the sum of the cited passages' contributions and of
nothing else in the work; equal inputs give equal drafts. docs/how-drafts-are-made.md has it on one
page. No model is loaded here: vectors come from `embed`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reviewer.evidence.citation import Citation, Excerpt, Stance, cite, excerpt
from reviewer.evidence.locate import FLOOR, locate, may_show, moments, without_near_duplicates
from reviewer.intake.artifact import Artifact
from reviewer.rubric import Credential, Element
from reviewer.scoring import levels, rationale, showing, worth, writing
from reviewer.scoring.account import MOST_CITED, Account, choose
from reviewer.scoring.aims import Aims, aims_of
from reviewer.scoring.draft import DraftKind, ElementDraft, EngineIdentity, Fitness, undrafted
from reviewer.scoring.hindrance import hindered
from reviewer.scoring.rounding import PLACES, shares_of_one
from reviewer.scoring.work import Embed, Work, read_work

ENGINE, VERSION = "coverage", "2"


def draft_elements(
    credential: Credential, artifacts: Sequence[Artifact], embed: Embed, weights_sha256: str
) -> tuple[ElementDraft, ...]:
    """One draft, finding or abstention per element, in the credential's order, with its excerpts.

    `embed` gives unit vectors, shape (texts, dimensions); `weights_sha256` names its weights.
    """
    ordered = sorted(artifacts, key=lambda one: one.id)
    work = read_work(credential, ordered, embed)
    drafts = draft_read(credential, ordered, work, weights_sha256)
    return tuple(
        replace(draft, excerpts=excerpts_of(element, ordered, work))
        for element, draft in zip(credential.elements, drafts, strict=True)
    )


def excerpts_of(element: Element, artifacts: Sequence[Artifact], work: Work) -> tuple[Excerpt, ...]:
    """The best excerpts of a work for one element; none of what can be no evidence."""
    part = work.of([one for one in artifacts if may_show(element, one)], element.id)
    kept = [at for at, reading in enumerate(part.readings) if reading.void is None]
    sentences = [part.sentences[at] for at in kept]
    return locate(sentences, part.vectors[kept], part.matched[kept], part.queries)


def draft_read(
    credential: Credential, ordered: Sequence[Artifact], work: Work, weights_sha256: str
) -> tuple[ElementDraft, ...]:
    """The drafts of a work that was read already; `ordered` are its artifacts, by id."""
    identity = EngineIdentity(
        ENGINE, VERSION, weights_sha256, credential.rubric_hash, engine_settings()
    )
    made = []
    for element in credential.elements:
        allowed = [one for one in ordered if may_show(element, one)]
        part = work.of(allowed, element.id)
        hindrance = hindered(credential, element, ordered, allowed, part)
        if hindrance is not None:
            made.append(undrafted(element.id, *hindrance, identity))
        else:
            names = sorted(one.name for one in allowed if one.problem is None)
            made.append(_judge(credential, element, names, part, identity))
    return tuple(made)


def engine_settings() -> dict[str, float | int | str | bool]:
    """The constants that a draft depends on, by name."""
    return {
        "most_cited": MOST_CITED,
        "passage_words": writing.PASSAGE_WORDS,
        "enough_writing": writing.ENOUGH,
        "enough_correctness": writing.ENOUGH_CORRECT,
        "enough_showing": showing.ENOUGH,
        "plain": showing.PLAIN,
        "covered": showing.COVERED,
        "against": showing.AGAINST,
        "in_doubt": worth.IN_DOUBT,
    }


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The passages that carry a draft (sentence numbers) and what each contributes."""

    passages: list[tuple[int, ...]]
    parts: list[float]
    enough: float
    why: str

    @property
    def reached(self) -> float:
        return levels.reach(sum(self.parts), self.enough)


def _judge(
    credential: Credential,
    element: Element,
    names: Sequence[str],
    work: Work,
    identity: EngineIdentity,
) -> ElementDraft:
    aims = aims_of(element)
    chosen = _from_writing(element, work, aims) if aims else _from_showing(element, work)
    if not chosen.parts:
        reason = rationale.nothing_found(credential, element, work.queries, names)
        return undrafted(element.id, DraftKind.INSUFFICIENT_EVIDENCE, reason, identity)
    if _rests_on_doubt(work, chosen):
        reason = (
            f"All that supports “{element.title}” was heard so badly that it may not be what was "
            "said. Listen to the recording."
        )
        return undrafted(element.id, DraftKind.ABSTENTION, reason, identity)
    shares = levels.probabilities(chosen.reached, element.values)
    moved = sum(abs(part) for part in chosen.parts)
    return ElementDraft(
        element=element.id,
        kind=DraftKind.DRAFT,
        reason=None,
        fitness=Fitness.UNMEASURED,
        level=levels.most_likely(shares),
        expected=levels.expected(shares),
        probabilities=shares,
        strength=round(levels.reach(moved, chosen.enough), PLACES),
        rationale=chosen.why,
        citations=_citations(work, chosen),
        engine=identity,
    )


def _level(element: Element, account: Account, chosen: Sequence[int]) -> float:
    reached = levels.reach(sum(account.contributions(chosen)), account.enough)
    return levels.most_likely(levels.probabilities(reached, element.values))


def _from_writing(element: Element, work: Work, aims: Aims) -> _Chosen:
    account = writing.writing_account(
        work.sentences, work.readings, work.specific, work.vectors, work.topic, aims
    )
    chosen = choose(account)
    passages = [account.passages[number] for number in chosen]
    cited = [work.readings[at] for passage in passages for at in passage]
    why = rationale.of_writing(element, _level(element, account, chosen), cited)
    return _Chosen(passages, account.contributions(chosen), account.enough, why)


def _from_showing(element: Element, work: Work) -> _Chosen:
    every = moments(work.sentences, work.matched, work.queries)
    found = [one for one in every if one.relevance >= FLOOR]
    ranked = sorted(found, key=lambda one: (-round(one.relevance, PLACES), one.members))
    kept = without_near_duplicates(ranked, work.vectors)
    account = showing.showing_account(
        work.sentences, work.readings, work.specific, work.matched, work.queries, kept
    )
    chosen = choose(account)
    if max((kept[number].relevance for number in chosen), default=0.0) < showing.PLAIN:
        return _Chosen([], [], account.enough, "")
    why = rationale.of_showing(
        element, _level(element, account, chosen), account, chosen, work.queries
    )
    passages = [kept[number].members for number in chosen]
    return _Chosen(passages, account.contributions(chosen), account.enough, why)


def _rests_on_doubt(work: Work, chosen: _Chosen) -> bool:
    """Whether something supports, and all of it may not be what was said."""
    support = [
        passage for passage, part in zip(chosen.passages, chosen.parts, strict=True) if part > 0
    ]
    return bool(support) and all(work.sentences[at].in_doubt for one in support for at in one)


def _citations(work: Work, chosen: _Chosen) -> tuple[Citation, ...]:
    """The chosen passages, the weightiest first; weights are shares of what moved the draft."""
    by_id = {one.artifact.id: one.artifact for one in work.sentences}
    weights = shares_of_one([abs(part) for part in chosen.parts])
    made = []
    for passage, part, weight in zip(chosen.passages, chosen.parts, weights, strict=True):
        top = max(passage, key=lambda at: float(work.matched[at].max(initial=0.0)))
        query = work.queries[int(work.matched[top].argmax())] if work.queries else None
        made.append(
            cite(
                excerpt(
                    work.sentences[passage[0]].artifact,
                    [work.sentences[at].at for at in passage],
                    float(work.matched[top].max(initial=0.0)),
                    query.id if query else "",
                    Stance.SUPPORTS if part > 0 else Stance.COUNTER,
                ),
                by_id,
                weight,
            )
        )
    return tuple(sorted(made, key=lambda one: (-one.weight, one.artifact, one.start)))
