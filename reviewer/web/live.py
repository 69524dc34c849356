"""What the open pages ask for again and again: fragments of the page as it stands now.

Invariant: an answer depends on the store alone and carries its hash as ETag; a page replaces only
the parts whose text changed, so that nothing moves under a reader's eyes.

    GET /live                       {running, order, parts{row:ID}}
    GET /live/{submission}          {running, title, parts{…}, texts{artifact: version}}
    GET /live/{submission}/{text}   the text of one artifact with its marks
"""

import hashlib
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from reviewer.web.guard import DOCUMENT_POLICY
from reviewer.web.program import Program
from reviewer.web.snapshots import Room, Snapshots, UnknownSubmission

UNKNOWN = "There is no such submission here."
FRESH = {"Cache-Control": "private, no-cache"}
"""For what belongs to a submission: kept by nobody but this browser, and asked for again."""


def live_router(program: Program) -> APIRouter:
    """The routes of this module over `program`."""
    router = APIRouter()
    snapshots = Snapshots(program)

    @router.get("/live")
    def submissions(request: Request) -> Response:
        rows = [snapshots.row(record) for record in program.repository.submissions()]
        answer = {
            "running": any(row.running for row in rows),
            "order": [row.submission for row in rows],
            "parts": {f"row:{row.submission}": row.html for row in rows},
        }
        return _unless_known(request, answer)

    @router.get("/live/{submission}")
    def submission(request: Request, submission: str) -> Response:
        room = _room(snapshots, submission)
        answer = {
            "running": room.running,
            "title": room.title,
            "parts": room.parts,
            "texts": {artifact: _hash(text.encode()) for artifact, text in room.texts.items()},
        }
        return _unless_known(request, answer)

    @router.get("/live/{submission}/{artifact}")
    def text(submission: str, artifact: str) -> Response:
        room = _room(snapshots, submission)
        if artifact not in room.texts:
            raise HTTPException(404, "There is no such file in this submission.")
        headers = FRESH | {"Content-Security-Policy": DOCUMENT_POLICY}
        return HTMLResponse(room.texts[artifact], headers=headers)

    return router


def known(program: Program, submission: str) -> bool:
    """Whether the store has the submission."""
    return any(record.id == submission for record in program.repository.submissions())


def _room(snapshots: Snapshots, submission: str) -> Room:
    try:
        return snapshots.room(submission)
    except UnknownSubmission as error:
        raise HTTPException(404, UNKNOWN) from error


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def _unless_known(request: Request, answer: dict[str, Any]) -> Response:
    """`answer` as JSON, or 304 where the browser has it already."""
    response = JSONResponse(answer, headers=FRESH)
    tag = f'"{_hash(bytes(response.body))}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=FRESH | {"ETag": tag})
    response.headers["ETag"] = tag
    return response
