"""The fragments of a review: one element's card, one text with its marks, search, the last step.

Invariant: what is rendered is what the desk's `Look` hands out for this person now; stance, weight
and level stand in a fragment only after the draft was revealed to them.

    GET /review/{submission}/{element}      {parts{…}, note, feedback, …}
    GET /text/{submission}/{artifact}       the text, with the marks of ?element= and of ?hit=A-B
    GET /search/{submission}?q=             where the words stand
    GET /finish/{submission}                what finalizing would record
"""

from collections import Counter
from dataclasses import replace
from functools import lru_cache
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from reviewer.desk.case import Case
from reviewer.desk.desk import Opened
from reviewer.desk.looking import Look
from reviewer.export.compose import artifact_view, compose
from reviewer.export.layout import Mark
from reviewer.export.view import ElementView
from reviewer.intake.artifact import Artifact
from reviewer.review.decision import DEFAULT_REASON, REASONS
from reviewer.review.permission import Act, Kind, Part, Purpose
from reviewer.review.resubmission import Comparison, compare
from reviewer.scoring.first_pass import FirstPass
from reviewer.web.excerpts import excerpt_views, hits, mark_views, numbered
from reviewer.web.guard import DOCUMENT_POLICY
from reviewer.web.live import FRESH
from reviewer.web.pictures import Pictures, by_page
from reviewer.web.program import Program
from reviewer.web.rendering import page_templates
from reviewer.web.signing import person_of

_FRAGMENT = FRESH | {"Content-Security-Policy": DOCUMENT_POLICY}
"""Opened by itself, a fragment may load and run nothing."""

_PARTS = (
    (Part(Kind.FIRST, Purpose.ORDINARY), "first: scores and decides"),
    (Part(Kind.FIRST, Purpose.DOUBLE), "first of two scores"),
    (Part(Kind.FIRST, Purpose.ADJUDICATION), "first, in the sample for adjudication"),
    (Part(Kind.FIRST, Purpose.VALIDITY), "first, of a work whose levels are known"),
    (Part(Kind.SECOND, Purpose.DOUBLE), "second of two scores"),
    (Part(Kind.ADJUDICATION, Purpose.ADJUDICATION), "adjudicator"),
    (Part(Kind.TRAINING, Purpose.TRAINING), "trainee"),
)
"""What an issuer can choose from where they assign by hand, in their words."""


def review_router(program: Program, pictures: Pictures) -> APIRouter:
    """The routes of this module over `program`."""
    router = APIRouter()
    desk, drawn = program.desk, pictures.drawable

    @router.get("/review/{submission}/{element}")
    def card(request: Request, submission: str, element: str) -> Response:
        opened = desk.look(person_of(request), submission, element)
        return JSONResponse(_card(opened), headers=FRESH)

    @router.get("/text/{submission}/{artifact}")
    def text(
        request: Request, submission: str, artifact: str, element: str = "", hit: str = ""
    ) -> Response:
        person = person_of(request)
        if element:
            opened = desk.look(person, submission, element)
            case, first_pass = opened.case, opened.first_pass
            marks = _marks(opened.look, artifact)
        else:
            case = desk.cases.open(person, submission)
            first_pass, marks = desk.first_pass(case), []
        found = _artifact(first_pass, artifact)
        since = _since(program, case, found)
        changes = since.changes if since else ()
        marks += _hit(hit) + [Mark("0-0", one.start, one.end, "changed") for one in changes]
        view = artifact_view(found, case.credential, marks)
        pages = by_page(found, view.blocks) if drawn(submission, found) else ()
        where = f"/page/{submission}/{artifact}"
        html = _render(
            "text.html.j2", artifact=view, pages=pages, pictures=where, since=since, case=case
        )
        return HTMLResponse(html, headers=_FRAGMENT)

    @router.get("/search/{submission}")
    def search(request: Request, submission: str, q: str = "") -> Response:
        case = desk.cases.open(person_of(request), submission)
        found = hits(desk.first_pass(case).artifacts, q)
        return HTMLResponse(_render("hits.html.j2", hits=found, words=q), headers=_FRAGMENT)

    _add_finish(router, program)
    return router


def _add_finish(router: APIRouter, program: Program) -> None:
    @router.get("/finish/{submission}")
    def finish(request: Request, submission: str) -> Response:
        person = person_of(request)
        case = program.desk.cases.open(person, submission)
        found = program.desk.summary(person, submission)
        may, assignments = program.desk.cases.may, program.desk.records.assignments
        assigning = may(case, Act.ASSIGN)
        decides = may(case, Act.FINALIZE)
        # While another score is to come, each rater's marks are their own.
        told = decides and found.verdict.outcome is not None and not found.held
        html = _render(
            "finish.html.j2",
            case=case,
            summary=found,
            marked=Counter(one.element for one in program.exports.evidence(case)) if told else None,
            recordings=_recordings(program, case),
            may_finalize=decides,
            may_export=may(case, Act.EXPORT),
            assigning=assigning,
            raters=assignments.raters(submission) if assigning else (),
            able=assignments.able(case.record.credential) if assigning else (),
            parts=_PARTS,
            named=assignments.candidate(case.record.candidate)
            if may(case, Act.SEE_IDENTITY)
            else None,
        )
        return HTMLResponse(html, headers=_FRAGMENT)


def _recordings(program: Program, case: Case) -> tuple[Artifact, ...]:
    """The recordings in which the case's person marked evidence."""
    own = program.desk.records.remarks.marks(case.record.id, case.person.id)
    marked = {one.artifact for one in own}
    return tuple(
        one
        for one in program.desk.first_pass(case).artifacts
        if one.duration_s is not None and one.id in marked
    )


def _artifact(first_pass: FirstPass, artifact_id: str) -> Artifact:
    for one in first_pass.artifacts:
        if one.id == artifact_id:
            return one
    raise HTTPException(404, "There is no such file in this submission.")


def _card(opened: Opened) -> dict[str, Any]:
    case, first_pass, seen = opened.case, opened.first_pass, opened.look
    revealed = _revealed(case, seen, first_pass)
    artifacts = {one.id: one for one in first_pass.artifacts}
    values: dict[str, object] = {
        "seen": seen,
        "case": case,
        "total": len(case.credential.elements),
        "revealed": revealed,
        "excerpts": excerpt_views(seen, artifacts),
        "marks": mark_views(seen, artifacts),
        "reasons": REASONS,
        "default_reason": DEFAULT_REASON,
    }
    standing, decidable = seen.standing, seen.decidable
    names = ("head", "excerpts", "marks", "draft", "decision")
    return {
        "element": seen.element.id,
        "open": seen.open and case.finalized is None,
        "version": standing.version,
        "scored": standing.scored,
        "level": _level(standing.current.level) if standing.current else None,
        "decided": standing.decided,
        "decides": case.kind in (Kind.FIRST, Kind.ADJUDICATION),
        "awaits_reveal": seen.awaits_reveal,
        "draft_level": decidable.level if decidable else None,
        "citations": len(decidable.citations) if decidable else 0,
        "opened": standing.opened,
        "levels": [one.value for one in seen.element.levels],
        "note": seen.note,
        "feedback": seen.feedback,
        "feedback_kept": "" if seen.feedback_is_ours else seen.feedback,
        "parts": {name: _render(f"card_{name}.html.j2", **values) for name in names},
    }


def _level(level: float | None) -> float | str:
    return "not observable" if level is None else level


def _revealed(case: Case, seen: Look, first_pass: FirstPass) -> ElementView | None:
    """The draft beside its element, as the report shows it; null while it is hidden."""
    if seen.view.draft is None:
        return None
    view = compose(replace(first_pass, elements=(seen.view.draft,)), case.credential)
    return view.elements[seen.number - 1]


def _marks(seen: Look, artifact_id: str) -> list[Mark]:
    """What is marked in a text for one element: excerpts or citations, and one's own evidence."""
    cited = seen.view.draft.citations if seen.view.draft else ()
    stances = {index: one.stance.value for index, one in enumerate(cited, start=1)}
    marks = [
        Mark(f"{seen.number}-{index}", one.start, one.end, stances.get(index, "passage"))
        for index, one in numbered(seen)
        if one.artifact == artifact_id
    ]
    own = [
        Mark(f"{seen.number}-m{one.number}", one.start, one.end, "own")
        for one in seen.marks
        if one.artifact == artifact_id and one.start < one.end
    ]
    return marks + own


def _hit(asked: str) -> list[Mark]:
    start, _, end = asked.partition("-")
    if not (start.isdecimal() and end.isdecimal()) or int(start) >= int(end):
        return []
    return [Mark("0-1", int(start), int(end), "hit")]


def _since(program: Program, case: Case, artifact: Artifact) -> Comparison | None:
    """The file beside what the earlier attempt had; null where there is none."""
    if case.earlier is None:
        return None
    before = program.repository.first_pass(case.earlier.submission)
    return None if before is None else _compared(artifact, before.artifacts)


@lru_cache(maxsize=32)
def _compared(artifact: Artifact, before: tuple[Artifact, ...]) -> Comparison:
    """A comparison takes up to a second for long documents, and is asked for at every element."""
    return compare((artifact,), before)[0]


def _render(template: str, **values: object) -> str:
    return page_templates().get_template(template).render(**values)
