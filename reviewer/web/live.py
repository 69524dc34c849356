"""What the open pages ask for again and again: fragments of the page as it stands now.

Invariant: an answer depends on the store and the person alone and carries its hash as ETag; a page
replaces only the parts whose text changed, so that nothing moves under a reader's eyes. Nothing of
a draft is in any of them.

    GET /live                       {running, person, order, parts{row:ID}, next}
    GET /live/{submission}          {running, person, title, parts{…}, texts{artifact: version}, …}
"""

import hashlib
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from reviewer.desk.case import Case
from reviewer.review.permission import Act, Person, Role, may
from reviewer.scoring.first_pass import FirstPass
from reviewer.web.program import Program
from reviewer.web.queue import queue_of
from reviewer.web.rendering import page_templates
from reviewer.web.signing import person_of
from reviewer.web.snapshots import Snapshots

FRESH = {"Cache-Control": "private, no-cache"}
"""For what belongs to a submission: kept by nobody but this browser, and asked for again."""


def live_router(program: Program) -> APIRouter:
    """The routes of this module over `program`."""
    router = APIRouter()
    snapshots = Snapshots()

    @router.get("/live")
    def submissions(request: Request) -> Response:
        person = person_of(request)
        lines = queue_of(program, person)
        answer = {
            "running": any(line.running for line in lines),
            "person": person.name,
            "order": [line.submission for line in lines],
            "parts": {f"row:{line.submission}": line.html for line in lines} | {"who": who(person)},
            "next": next((line.submission for line in lines if line.mine), None),
        }
        return unless_known(request, answer)

    @router.get("/live/{submission}")
    def submission(request: Request, submission: str) -> Response:
        entered = program.desk.enter(person_of(request), submission)
        case, so_far = entered.case, entered.so_far
        room = snapshots.room(so_far, case.credential)
        elements = _render("elements.html.j2", case=case)
        answer = {
            "running": room.running,
            "person": case.person.name,
            "title": room.title,
            "parts": room.parts | {"elements": elements},
            "texts": room.texts,
            "elements": [one.id for one in case.credential.elements],
            "open": case.open,
            "same": _same(program, case, so_far.first_pass),
            "versions": {one: standing.version for one, standing in case.standings.items()},
        }
        return unless_known(request, answer)

    return router


def who(person: Person) -> str:
    """The fragment that says who is signed in and leads to the pages of their roles."""
    return _render(
        "who.html.j2",
        person=person,
        issues=person.has(Role.ISSUER),
        adjudicates=person.has(Role.ADJUDICATOR),
        manages=may(person, Act.MANAGE_USERS),
    )


def _same(program: Program, case: Case, now: FirstPass) -> list[str]:
    """The artifacts whose bytes were handed in with the earlier attempt already."""
    if case.earlier is None:
        return []
    before = program.repository.first_pass(case.earlier.submission)
    known = {one.sha256 for one in before.artifacts} if before else set()
    return [one.id for one in now.artifacts if one.sha256 in known]


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def _render(template: str, **values: object) -> str:
    return page_templates().get_template(template).render(**values)


def unless_known(request: Request, answer: dict[str, Any]) -> Response:
    """`answer` as JSON, or 304 where the browser has it already."""
    response = JSONResponse(answer, headers=FRESH)
    tag = f'"{_hash(bytes(response.body))}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=FRESH | {"ETag": tag})
    response.headers["ETag"] = tag
    return response
