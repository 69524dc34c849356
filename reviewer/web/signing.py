"""Signing in and out, and the door: without a person, nothing but the sign-in page is answered.

Invariant: the door stands before every route, Gradio's included, and its default is shut. A cookie
lets in only requests that come from these pages themselves (see `_own`); a token only calls of
the REST interface.
"""

import ipaddress
import logging
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse
from starlette.responses import Response as AnyResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from reviewer.errors import AccountError, StoreError
from reviewer.logs import about
from reviewer.review.permission import Person
from reviewer.store.entries import LASTS
from reviewer.web.plain import plain_page
from reviewer.web.program import Program
from reviewer.web.rendering import ASSETS, asset_path

COOKIE = "reviewer_sign_in"
DEMO_PEOPLE = ("evaluator", "issuer", "trainer", "trainee", "adjudicator")
"""The ready accounts of the demo; each is named like its role."""

log = logging.getLogger(__name__)

_READING = {"GET", "HEAD", "OPTIONS"}
_API = "/api/"


def person_of(request: Request) -> Person:
    """Who asks; the door has made sure that there is somebody."""
    person: Person = request.state.person
    return person


@dataclass(frozen=True, slots=True)
class _Asker:
    """How a request identifies somebody."""

    person: Person | None
    by_cookie: bool


class Door:
    """ASGI middleware: puts the person into the request's state, or sends it away."""

    def __init__(self, app: ASGIApp, program: Program) -> None:
        self._app = app
        self._program = program
        self._open = {"/healthz", "/readyz", "/sign-in", *(asset_path(name) for name in ASSETS)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through what anybody may ask, and what a known person asks from these pages."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # nothing here uses one
            return
        path, headers = scope.get("path", ""), Headers(scope=scope) if "headers" in scope else None
        if headers is None or path in self._open:
            await self._app(scope, receive, send)
            return
        try:
            asker = await run_in_threadpool(self._asker, headers, path)
        except StoreError as error:
            log.warning("Nobody can be let in: %s", error, extra=about(error))
            await _shut(path)(scope, receive, send)
            return
        refusal = _refusal(scope, headers, asker)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        scope.setdefault("state", {})["person"] = asker.person
        await self._app(scope, receive, send)

    def _asker(self, headers: Headers, path: str) -> _Asker:
        entries = self._program.desk.records.entries
        scheme, _, secret = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and path.startswith(_API):
            return _Asker(entries.by_token(secret.strip()), by_cookie=False)
        secret = _cookie(headers)
        return _Asker(entries.signed_in(secret) if secret else None, by_cookie=True)


def _cookie(headers: Headers) -> str:
    request = Request({"type": "http", "headers": headers.raw})
    return request.cookies.get(COOKIE, "")


def _refusal(scope: Scope, headers: Headers, asker: _Asker) -> AnyResponse | None:
    if asker.person is None:
        path = scope["path"]
        page = scope["method"] in _READING and _wants_page(headers)
        if page and not path.startswith(_API):
            return RedirectResponse("/sign-in", 303)
        return JSONResponse({"error": "Sign in first."}, 401)
    if asker.by_cookie and scope["method"] not in _READING and not _own(headers):
        return PlainTextResponse("This address takes no input from other sites.", 403)
    return None


def _shut(path: str) -> AnyResponse:
    """The store cannot say who asks. Why is for the log: anybody may come to the door."""
    sentence, later = "The store cannot be read just now; try again soon.", {"Retry-After": "5"}
    if path.startswith(_API):
        return JSONResponse({"error": sentence}, 503, later)
    return PlainTextResponse(sentence, 503, later)


def _wants_page(headers: Headers) -> bool:
    return "text/html" in headers.get("accept", "text/html")


def _own(headers: Headers) -> bool:
    """Whether a request with a cookie comes from these pages, by what browsers say of it.

    Without Sec-Fetch-Site and Origin (no browser of today), a header of our own says so: a foreign
    page needs a permission (CORS) to set one, and that is never given.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site == "same-origin"
    if origin is not None:
        return origin.partition("://")[2] == headers.get("host")
    return "x-reviewer" in headers


def signing_router(program: Program) -> APIRouter:
    """``/sign-in`` and ``/sign-out``."""
    router = APIRouter()
    entries = program.desk.records.entries

    @router.get("/sign-in")
    def page(request: Request) -> AnyResponse:
        return _page(program, request)

    @router.post("/sign-in")
    def sign_in(
        request: Request,
        name: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        demo: Annotated[str, Form()] = "",
    ) -> AnyResponse:
        if not _own(request.headers):
            return PlainTextResponse("This address takes no input from other sites.", 403)
        try:
            secret = _demo(program, request, demo) if demo else entries.sign_in(name, password)
        except AccountError as error:
            return _page(program, request, str(error), name)
        return _welcome(secret, secure=program.public_url.startswith("https:"))

    @router.post("/sign-out")
    def sign_out(request: Request) -> AnyResponse:
        entries.sign_out(request.cookies.get(COOKIE, ""))
        answer = RedirectResponse("/sign-in", 303)
        answer.delete_cookie(COOKIE)
        return answer

    return router


def _demo(program: Program, request: Request, name: str) -> str:
    """A sign-in without password: in the demo alone, for its own people, on this machine."""
    person = program.desk.records.accounts.named(name) if name in DEMO_PEOPLE else None
    if not (program.demo and on_this_machine(request) and person):
        raise AccountError("Signing in without a password is for the demo alone.")
    return program.desk.records.entries.open(person.id)


def on_this_machine(request: Request) -> bool:
    """Whether a request comes over the loopback interface."""
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _welcome(secret: str, *, secure: bool) -> AnyResponse:
    answer = RedirectResponse("/", 303)
    answer.set_cookie(
        COOKIE,
        secret,
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=secure,
    )
    return answer


def _page(program: Program, request: Request, problem: str = "", name: str = "") -> AnyResponse:
    demo = DEMO_PEOPLE if program.demo and on_this_machine(request) else ()
    status = 401 if problem else 200
    return plain_page("sign_in.html.j2", status, problem=problem, name=name, people=demo)
