"""The web application: own routes first, Gradio's pages behind them.

Invariant: `build_app` opens nothing and starts nothing; everything it shows comes from the
program that it is given. A request with a foreign Host header gets no page, one without a person
the sign-in page alone.
"""

import logging
from collections.abc import Callable, Sequence

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from reviewer.desk.case import UNKNOWN
from reviewer.errors import StoreError
from reviewer.logs import about
from reviewer.web.adjudication import adjudication_pages
from reviewer.web.api import build_api
from reviewer.web.guard import DOCUMENT_POLICY, Guard
from reviewer.web.live import FRESH, live_router
from reviewer.web.media import media_router
from reviewer.web.pages import mount_pages
from reviewer.web.people import people_router
from reviewer.web.pictures import Pictures, picture_router
from reviewer.web.plain_head import PlainHead
from reviewer.web.problems import add_problem_pages, sentence_page
from reviewer.web.program import Program
from reviewer.web.programs import program_pages
from reviewer.web.rendering import ASSETS, asset, asset_path
from reviewer.web.request_log import RequestLog
from reviewer.web.review import review_router
from reviewer.web.signing import Door, person_of, signing_router
from reviewer.web.training import training_pages

log = logging.getLogger(__name__)

LOOPBACK = ("127.0.0.1", "localhost", "::1")

_CLOSED = ("/gradio_api/upload", "/gradio_api/file", "/gradio_api/stream", "/gradio_api/proxy")


def build_app(program: Program, hosts: Sequence[str] = LOOPBACK) -> FastAPI:
    """The application over `program`; `hosts` are the names that it answers to."""
    app = FastAPI(title="reviewer", docs_url=None, redoc_url=None, openapi_url=None)
    _add_house_routes(app, program)
    _add_results(app, program)
    pictures = Pictures(program)
    app.include_router(media_router(program))
    app.include_router(picture_router(program, pictures))
    app.include_router(live_router(program))
    app.include_router(review_router(program, pictures))
    app.include_router(signing_router(program))
    app.include_router(people_router(program))
    app.include_router(program_pages(program))
    app.include_router(adjudication_pages(program))
    app.include_router(training_pages(program))
    app.mount("/api/v1", build_api(program))
    mount_pages(app)
    add_problem_pages(app)
    app.add_middleware(PlainHead)
    app.add_middleware(_KnownSubmissions, program=program)
    app.add_middleware(Door, program=program)
    app.add_middleware(Guard)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    app.add_middleware(RequestLog)
    return app


def _add_house_routes(app: FastAPI, program: Program) -> None:
    @app.get("/healthz")
    def healthz() -> JSONResponse:
        """The process answers."""
        return JSONResponse({"status": "ok"})

    @app.get("/readyz")
    def readyz() -> JSONResponse:
        """The store answers too. Why it does not is for the log: anybody may ask here."""
        try:
            program.desk.records.accounts.named("nobody")
        except StoreError as error:
            log.warning("Not ready: %s", error, extra=about(error))
            return JSONResponse({"status": "the store cannot be read"}, 503)
        return JSONResponse({"status": "ready"})

    for name, media_type in ASSETS.items():
        app.add_api_route(asset_path(name), _asset(name, media_type), methods=["GET"])


def _asset(name: str, media_type: str) -> Callable[[], Response]:
    forever = {"Cache-Control": "public, max-age=31536000, immutable"}
    return lambda: Response(asset(name), media_type=media_type, headers=forever)


def _add_results(app: FastAPI, program: Program) -> None:
    @app.get("/report/{submission}")
    def report(request: Request, submission: str) -> HTMLResponse:
        page = program.exports.report(person_of(request), submission)
        return HTMLResponse(page, headers=FRESH | {"Content-Security-Policy": DOCUMENT_POLICY})

    @app.get("/result/{submission}.json")
    def result(request: Request, submission: str) -> Response:
        data = program.exports.result(person_of(request), submission)
        return Response(data, media_type="application/json", headers=FRESH)


class _KnownSubmissions:
    """ASGI middleware: the Gradio page would open, with status 200, for any id at all.

    Gradio's own ways to put files in and get files out are closed: nothing here uses them.
    """

    def __init__(self, app: ASGIApp, program: Program) -> None:
        self._app = app
        self._program = program

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].rstrip("/") == "/submission":
            submission = QueryParams(scope["query_string"]).get("id", "")
            person = scope["state"]["person"]
            if not await run_in_threadpool(self._program.desk.cases.readable, person, submission):
                await sentence_page(404, UNKNOWN)(scope, receive, send)
                return
        elif scope["type"] == "http" and scope["path"].startswith(_CLOSED):
            await sentence_page(404, "There is no such page here.")(scope, receive, send)
            return
        await self._app(scope, receive, send)
