"""The web application: own routes first, Gradio's pages behind them.

Invariant: `build_app` opens nothing and starts nothing; everything it shows comes from the
program that it is given. A request with a foreign Host header gets no page.
"""

from collections.abc import Callable, Sequence

from fastapi import FastAPI, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from reviewer.export.report import report_html
from reviewer.export.result import result_json
from reviewer.scoring.first_pass import FirstPass
from reviewer.web.guard import DOCUMENT_POLICY, Guard
from reviewer.web.live import FRESH, UNKNOWN, known, live_router
from reviewer.web.media import media_router
from reviewer.web.pages import mount_pages
from reviewer.web.problems import add_problem_pages, sentence_page
from reviewer.web.program import Program
from reviewer.web.rendering import asset, asset_path

LOOPBACK = ("127.0.0.1", "localhost", "::1")

_ASSETS = {"page.css": "text/css", "page.js": "text/javascript"}


def build_app(program: Program, hosts: Sequence[str] = LOOPBACK) -> FastAPI:
    """The application over `program`; `hosts` are the names that it answers to."""
    app = FastAPI(title="reviewer", docs_url=None, redoc_url=None, openapi_url=None)
    _add_house_routes(app)
    _add_results(app, program)
    app.include_router(media_router(program))
    app.include_router(live_router(program))
    mount_pages(app)
    add_problem_pages(app)
    app.add_middleware(_KnownSubmissions, program=program)
    app.add_middleware(Guard)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    return app


def _add_house_routes(app: FastAPI) -> None:
    @app.get("/healthz")
    def healthz() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    for name, media_type in _ASSETS.items():
        app.add_api_route(asset_path(name), _asset(name, media_type), methods=["GET"])


def _asset(name: str, media_type: str) -> Callable[[], Response]:
    forever = {"Cache-Control": "public, max-age=31536000, immutable"}
    return lambda: Response(asset(name), media_type=media_type, headers=forever)


def _add_results(app: FastAPI, program: Program) -> None:
    def first_pass_of(submission: str) -> FirstPass:
        first_pass = program.repository.first_pass(submission)
        if first_pass is None:
            raise HTTPException(404, UNKNOWN)
        return first_pass

    @app.get("/report/{submission}")
    def report(submission: str) -> HTMLResponse:
        page = report_html(first_pass_of(submission), program.repository.credential(submission))
        return HTMLResponse(page, headers=FRESH | {"Content-Security-Policy": DOCUMENT_POLICY})

    @app.get("/result/{submission}.json")
    def result(submission: str) -> Response:
        return Response(
            result_json(first_pass_of(submission)), media_type="application/json", headers=FRESH
        )


class _KnownSubmissions:
    """ASGI middleware: the Gradio page would open, with status 200, for any id at all."""

    def __init__(self, app: ASGIApp, program: Program) -> None:
        self._app = app
        self._program = program

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].rstrip("/") == "/submission":
            submission = QueryParams(scope["query_string"]).get("id", "")
            if not await run_in_threadpool(known, self._program, submission):
                await sentence_page(404, UNKNOWN)(scope, receive, send)
                return
        await self._app(scope, receive, send)
