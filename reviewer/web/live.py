"""What the open pages ask for again and again: fragments of the page as it stands now.

Invariant: an answer depends on the store alone and carries its hash as ETag; a page replaces only
the parts whose text changed, so that nothing moves under a reader's eyes.

    GET /live                       {running, order, parts{row:ID}}
    GET /live/{submission}          {running, parts{…}, texts{artifact: version}}
    GET /live/{submission}/{text}   the text of one artifact with its marks
"""

import hashlib
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from reviewer.export.compose import compose
from reviewer.export.view import ArtifactView, PassView
from reviewer.store.records import SubmissionRecord
from reviewer.web.program import Program
from reviewer.web.progress import Progress, summarize
from reviewer.web.rendering import page_templates

UNKNOWN = "There is no such submission here."
FRESH = {"Cache-Control": "private, no-cache"}
"""For what belongs to a submission: kept by nobody but this browser, and asked for again."""


def live_router(program: Program) -> APIRouter:
    """The routes of this module over `program`."""
    router = APIRouter()

    @router.get("/live")
    def submissions(request: Request) -> Response:
        rows = [_row(program, record) for record in program.repository.submissions()]
        answer = {
            "running": any(running for _, _, running in rows),
            "order": [submission for submission, _, _ in rows],
            "parts": {f"row:{submission}": html for submission, html, _ in rows},
        }
        return _unless_known(request, answer)

    @router.get("/live/{submission}")
    def submission(request: Request, submission: str) -> Response:
        view, progress = _open(program, submission)
        answer = {
            "running": progress.running,
            "title": f"{view.title} · {view.candidate} · attempt {view.attempt}",
            "parts": _parts(view, progress),
            "texts": {artifact.id: _version(_text(artifact)) for artifact in view.artifacts},
        }
        return _unless_known(request, answer)

    @router.get("/live/{submission}/{artifact}")
    def text(submission: str, artifact: str) -> Response:
        view, _ = _open(program, submission)
        for one in view.artifacts:
            if one.id == artifact:
                return HTMLResponse(_text(one), headers=FRESH)
        raise HTTPException(404, "There is no such file in this submission.")

    return router


def known(program: Program, submission: str) -> bool:
    """Whether the store has the submission."""
    return any(record.id == submission for record in program.repository.submissions())


def _open(program: Program, submission: str) -> tuple[PassView, Progress]:
    first_pass = program.repository.first_pass(submission)
    if first_pass is None:
        raise HTTPException(404, UNKNOWN)
    progress = summarize(program.repository.progress(submission))
    return compose(first_pass, program.repository.credential(submission)), progress


def _row(program: Program, record: SubmissionRecord) -> tuple[str, str, bool]:
    """One submission of the list: id, cells, whether more is to come."""
    view, progress = _open(program, record.id)
    html = _render("row.html.j2", record=record, view=view, progress=progress)
    return record.id, html, progress.running


def _parts(view: PassView, progress: Progress) -> dict[str, str]:
    """Everything on the submission page but the artifacts' texts."""
    parts = {
        "title": _render("title.html.j2", view=view),
        "progress": _render("progress.html.j2", view=view, progress=progress),
        "tabs": _render("tabs.html.j2", view=view),
        "package": _render("package.html.j2", view=view, progress=progress),
        "elements": _render("elements.html.j2", view=view),
    }
    for element in view.elements:
        parts[f"element:{element.number}"] = _render("element.html.j2", element=element, view=view)
    return parts


def _text(artifact: ArtifactView) -> str:
    return _render("text.html.j2", artifact=artifact)


def _render(template: str, **values: object) -> str:
    return page_templates().get_template(template).render(**values)


def _version(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _unless_known(request: Request, answer: dict[str, Any]) -> Response:
    """`answer` as JSON, or 304 where the browser has it already."""
    response = JSONResponse(answer, headers=FRESH)
    tag = f'"{hashlib.sha256(response.body).hexdigest()[:32]}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    response.headers["ETag"] = tag
    return response
