"""The calls of a review: look at an element, rate, reveal, decide, write, mark, finalize.

Invariant: a handler turns JSON into one call of the desk and back; permissions are the desk's.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from reviewer.desk.looking import Look
from reviewer.review.decision import Reason
from reviewer.review.outcome import Outcome
from reviewer.review.permission import Kind, Person, Purpose
from reviewer.review.reveal import Passage
from reviewer.review.standing import Standing
from reviewer.scoring.draft import ElementDraft
from reviewer.store.remarks import EvidenceMark, RemarkKind
from reviewer.web.program import Program
from reviewer.web.signing import person_of

Me = Annotated[Person, Depends(person_of)]
Level = Annotated[
    float | None, Field(description="One of the element's values; null: not observable.")
]
Version = Annotated[
    int, Field(ge=0, description="The `version` that was shown; an older one is refused (409).")
]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class RateBody(_Body):
    """A level of one's own."""

    level: Level
    version: Version


class DecideBody(_Body):
    """The level of record."""

    level: Level
    version: Version
    reason: Reason | None = None
    words: str = ""


class WordsBody(_Body):
    """A text that takes the place of the one before, which stays in the record.

    `before`: the text that it began with; where another one was kept meanwhile, both are.
    """

    words: str
    before: str | None = None


class MarkBody(_Body):
    """Characters [start, end) of an artifact's text, in Unicode code points."""

    artifact: str
    start: int = Field(ge=0)
    end: int = Field(ge=1)


class TimesBody(_Body):
    """A time span of a recording, in seconds from its start."""

    artifact: str
    start_s: float = Field(ge=0)
    end_s: float = Field(gt=0)


class TimeBody(_Body):
    """Active seconds: visible and not idle."""

    seconds: float = Field(gt=0, le=3600)


class FinalizeBody(_Body):
    """The outcome that was shown; another one is refused (409)."""

    outcome: Outcome


class NameBody(_Body):
    """Who is behind a pseudonym."""

    name: str


class AssignBody(_Body):
    """Who shall review, as what, and what for (null: for what the kind is for)."""

    name: str
    kind: Kind
    purpose: Purpose | None = None


def review_router(program: Program) -> APIRouter:
    """The routes under ``/submissions/{submission}`` that change a review."""
    router = APIRouter(prefix="/submissions/{submission}", tags=["review"])
    _add_element_routes(router, program)
    _add_writing_routes(router, program)
    _add_whole_routes(router, program)
    return router


def _add_element_routes(router: APIRouter, program: Program) -> None:
    desk = program.desk

    @router.get("/elements/{element}")
    def look(me: Me, submission: str, element: str) -> dict[str, Any]:
        """What you may see of the element now; what is shown is recorded."""
        return look_json(desk.look(me, submission, element).look)

    @router.post("/elements/{element}/rate")
    def rate(me: Me, submission: str, element: str, body: RateBody) -> dict[str, Any]:
        """Store a level of your own."""
        return standing_json(desk.rate(me, submission, element, body.level, body.version))

    @router.post("/elements/{element}/reveal")
    def reveal(me: Me, submission: str, element: str) -> dict[str, Any]:
        """Show the draft, after a level of your own is stored."""
        return standing_json(desk.reveal(me, submission, element))

    @router.post("/elements/{element}/citations/{number}/open")
    def open_citation(me: Me, submission: str, element: str, number: int) -> dict[str, Any]:
        """Say that you opened a citation (from 1) of the revealed draft."""
        desk.open_citation(me, submission, element, number)
        return {"opened": number}

    @router.post("/elements/{element}/decide")
    def decide(me: Me, submission: str, element: str, body: DecideBody) -> dict[str, Any]:
        """Make a level the score of record: its kind follows from the draft that was revealed."""
        return standing_json(
            desk.decide(me, submission, element, body.level, body.version, body.reason, body.words)
        )


def _add_writing_routes(router: APIRouter, program: Program) -> None:
    desk = program.desk

    @router.put("/elements/{element}/{kind}")
    def write(
        me: Me, submission: str, element: str, kind: RemarkKind, body: WordsBody
    ) -> dict[str, Any]:
        """Keep a note or a paragraph of feedback."""
        kept = desk.write(me, submission, element, kind, body.words, body.before)
        return {"saved": True, "words": kept}

    @router.post("/elements/{element}/marks")
    def mark(me: Me, submission: str, element: str, body: MarkBody) -> dict[str, Any]:
        """Make a passage evidence for the element."""
        desk.mark(me, submission, element, body.artifact, body.start, body.end)
        return {"saved": True}

    @router.post("/elements/{element}/marks/times")
    def mark_times(me: Me, submission: str, element: str, body: TimesBody) -> dict[str, Any]:
        """Make a time span of a recording evidence for the element, whether it has words or not."""
        desk.mark_times(me, submission, element, body.artifact, body.start_s, body.end_s)
        return {"saved": True}

    @router.delete("/elements/{element}/marks/{number}")
    def unmark(me: Me, submission: str, element: str, number: int) -> dict[str, Any]:
        """Take a mark back."""
        desk.unmark(me, submission, element, number)
        return {"saved": True}

    @router.post("/elements/{element}/time")
    def spend(me: Me, submission: str, element: str, body: TimeBody) -> dict[str, Any]:
        """Add active time."""
        desk.spend(me, submission, element, body.seconds)
        return {"saved": True}


def _add_whole_routes(router: APIRouter, program: Program) -> None:
    desk = program.desk

    @router.get("/summary")
    def summary(me: Me, submission: str) -> dict[str, Any]:
        """Where the review stands, and what finalizing would record."""
        found = desk.summary(me, submission)
        return {
            "outcome": found.verdict.outcome,
            "because": found.verdict.because,
            "open": found.verdict.open,
            "unmet": found.verdict.unmet,
            "levels": found.levels,
            "feedback": found.feedback,
            "finalized": found.finalized.outcome if found.finalized else None,
        }

    @router.post("/finalize")
    def finalize(me: Me, submission: str, body: FinalizeBody) -> dict[str, Any]:
        """Record the outcome that you saw."""
        kept = desk.finalize(me, submission, body.outcome)
        return {"outcome": kept.outcome, "levels": kept.levels, "by": kept.rater}

    @router.put("/candidate")
    def name_candidate(me: Me, submission: str, body: NameBody) -> dict[str, Any]:
        """Say who is behind the pseudonym; for issuers, who alone are told."""
        desk.name_candidate(me, submission, body.name)
        return {"saved": True}

    @router.post("/assign")
    def assign(me: Me, submission: str, body: AssignBody) -> dict[str, Any]:
        """Assign the submission to somebody."""
        desk.assign(me, submission, body.name, body.kind, body.purpose)
        return {"saved": True}


def standing_json(standing: Standing) -> dict[str, Any]:
    """A standing as the calls answer it."""
    current, decided = standing.current, standing.decision
    return {
        "version": standing.version,
        "scored": standing.scored,
        "level": current.level if current else None,
        "phase": current.phase if current else None,
        "aid": current.aid if current else None,
        "revealed": standing.revealed,
        "decision": {
            "kind": decided.kind,
            "level": decided.level,
            "reason": decided.reason,
            "words": decided.words,
        }
        if decided
        else None,
    }


def look_json(seen: Look) -> dict[str, Any]:
    """A look as the calls answer it; what is hidden is null."""
    excerpts = seen.view.excerpts
    return {
        "element": seen.element.id,
        "open": seen.open,
        "standing": standing_json(seen.standing),
        "excerpts": None if excerpts is None else [_passage(one) for one in excerpts],
        "draft": _draft(seen.view.draft) if seen.view.draft else None,
        "awaits_reveal": seen.awaits_reveal,
        "note": seen.note,
        "feedback": seen.feedback,
        "marks": [_mark(one) for one in seen.marks],
    }


def _mark(one: EvidenceMark) -> dict[str, Any]:
    start_s, end_s = one.times or (None, None)
    return {
        "number": one.number,
        "artifact": one.artifact,
        "start": one.start,
        "end": one.end,
        "start_s": start_s,
        "end_s": end_s,
    }


def _passage(one: Passage) -> dict[str, Any]:
    return {
        "artifact": one.artifact,
        "quote": one.quote,
        "start": one.start,
        "end": one.end,
        "page": one.page,
        "start_s": one.start_s,
        "end_s": one.end_s,
        "speaker": one.speaker,
    }


def _draft(draft: ElementDraft) -> dict[str, Any]:
    return {
        "kind": draft.kind,
        "reason": draft.reason,
        "fitness": draft.fitness,
        "level": draft.level,
        "probabilities": draft.probabilities,
        "rationale": draft.rationale,
        "citations": [
            {
                "artifact": one.artifact,
                "quote": one.quote,
                "start": one.start,
                "end": one.end,
                "page": one.page,
                "start_s": one.start_s,
                "end_s": one.end_s,
                "speaker": one.speaker,
                "stance": one.stance,
                "weight": one.weight,
            }
            for one in draft.citations
        ],
        "engine": {"id": draft.engine.id, "version": draft.engine.version},
    }
