"""REST under /api/v1: everything that the pages do, with the same desk and so the same permissions.

Invariant: every answer is JSON, a refusal is ``{"error": SENTENCE}``; nothing is decided here.
"""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from reviewer import __version__
from reviewer.errors import (
    AccountError,
    NothingHere,
    NotPermitted,
    ReviewerError,
    ReviewError,
    StaleView,
    StoreError,
    StoreUnusable,
    SubmissionError,
)
from reviewer.web.api_exports import export_router
from reviewer.web.api_operations import operations_router
from reviewer.web.api_programs import program_router
from reviewer.web.api_review import review_router
from reviewer.web.api_submissions import submission_router
from reviewer.web.api_training import training_router
from reviewer.web.program import Program

STATUS: tuple[tuple[type[ReviewerError], int], ...] = (
    (NothingHere, 404),
    (NotPermitted, 403),
    (StaleView, 409),
    (ReviewError, 422),
    (AccountError, 422),
    (SubmissionError, 422),
    (StoreUnusable, 503),
    (StoreError, 500),
)
"""Error -> HTTP status; the first that fits counts."""


def status_of(error: ReviewerError) -> int:
    """The HTTP status of an error."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 422)


def build_api(program: Program) -> FastAPI:
    """The REST interface over `program`; its description is at ``/api/v1/openapi.json``."""
    api = FastAPI(
        title="reviewer",
        version=__version__,
        summary="Submit, follow, rate, decide and export; the same permissions as the pages.",
        docs_url=None,
        redoc_url=None,
    )
    api.include_router(submission_router(program))
    api.include_router(review_router(program))
    api.include_router(export_router(program))
    api.include_router(operations_router(program))
    api.include_router(program_router(program))
    api.include_router(training_router(program))
    _add_refusals(api)
    return api


def _add_refusals(api: FastAPI) -> None:
    @api.exception_handler(ReviewerError)
    async def _explained(_: Request, error: ReviewerError) -> JSONResponse:
        return JSONResponse({"error": str(error)}, status_of(error))

    @api.exception_handler(HTTPException)
    async def _refused(_: Request, error: HTTPException) -> JSONResponse:
        return JSONResponse({"error": "There is no such address here."}, error.status_code)

    @api.exception_handler(RequestValidationError)
    async def _malformed(_: Request, error: RequestValidationError) -> JSONResponse:
        first: dict[str, Any] = dict(error.errors()[0])
        where = ".".join(str(part) for part in first["loc"][1:]) or "the body"
        said = str(first["msg"]).rstrip(".").lower()
        return JSONResponse({"error": f"{where} cannot be used: {said}."}, 422)

    @api.exception_handler(Exception)
    async def _unforeseen(_: Request, __: Exception) -> JSONResponse:
        return JSONResponse({"error": "Something went wrong; the log of reviewer says what."}, 500)
