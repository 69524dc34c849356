"""What may be shown to whom, and when: review mode, gate policy and fitness in one place.

Invariant: a closed draft is never shown, to anybody who rates; under `enforced` neither is an
unmeasured one. An independent rater (double scoring, adjudication, training, validity works) sees
neither excerpts nor draft, before or after. Excerpts carry no stance, weight or level.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reviewer.evidence.citation import Citation, Excerpt
from reviewer.intake.artifact import Artifact
from reviewer.rubric import GatePolicy, ReviewMode
from reviewer.scoring.draft import DraftKind, ElementDraft
from reviewer.scoring.gate import gate


@dataclass(frozen=True, slots=True)
class Passage:
    """An excerpt as a blind rater sees it: where it lies and what it says, nothing else."""

    artifact: str
    quote: str
    start: int
    end: int
    page: int | None
    start_s: float | None
    end_s: float | None
    speaker: str | None


@dataclass(frozen=True, slots=True)
class View:
    """What may be put before a rater's eyes now.

    `excerpts` is null while they are hidden (empty: there are none); `draft` is null while it is
    hidden, or where there is nothing to reveal.
    """

    excerpts: tuple[Passage, ...] | None
    draft: ElementDraft | None


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which terms one rater looks at one element.

    `scored`: the rater's own level is stored; `independent`: the assignment is one that must stay
    without any aid.
    """

    mode: ReviewMode
    policy: GatePolicy
    independent: bool
    scored: bool


def view(terms: Terms, draft: ElementDraft | None, artifacts: Sequence[Artifact]) -> View:
    """What may be shown of `draft` (null: not made yet) under these terms."""
    if terms.independent or draft is None:
        return View(excerpts=None, draft=None)
    shown = gate(draft, terms.policy)
    if terms.scored or terms.mode is ReviewMode.DRAFT_FIRST:
        return View(passages([*shown.citations, *_apart(draft, shown)], artifacts), draft=shown)
    if terms.mode is ReviewMode.EVIDENCE_HIDDEN:
        return View(excerpts=None, draft=None)
    return View(passages(draft.excerpts, artifacts), draft=None)


def _apart(draft: ElementDraft, shown: ElementDraft) -> list[Excerpt]:
    """The excerpts that overlap nothing that is cited, so that no passage is listed twice."""
    return [
        one
        for one in draft.excerpts
        if not any(
            cited.artifact == one.artifact and cited.start < one.end and one.start < cited.end
            for cited in shown.citations
        )
    ]


def passages(
    places: Sequence[Citation | Excerpt], artifacts: Sequence[Artifact]
) -> tuple[Passage, ...]:
    """The places in the order of the work, each once; rank and stance cannot be told."""
    order = {artifact.id: number for number, artifact in enumerate(artifacts)}
    found = {
        Passage(
            one.artifact,
            one.quote,
            one.start,
            one.end,
            one.page,
            one.start_s,
            one.end_s,
            one.speaker,
        )
        for one in places
    }
    return tuple(
        sorted(found, key=lambda one: (order.get(one.artifact, len(order)), one.start, one.end))
    )


def decides_about(draft: ElementDraft | None, policy: GatePolicy) -> ElementDraft | None:
    """The draft that a decision can confirm or override; null where it can only be *scored*."""
    if draft is None:
        return None
    shown = gate(draft, policy)
    return shown if shown.kind is DraftKind.DRAFT else None
