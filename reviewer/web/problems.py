"""What a person sees instead of a page: one plain sentence, the way back, never a traceback.

Invariant: the sentence of an unforeseen failure says nothing of what failed; the log does.
"""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount

from reviewer.errors import ReviewerError
from reviewer.export.report import stylesheet
from reviewer.web.api import status_of
from reviewer.web.guard import DOCUMENT_POLICY
from reviewer.web.rendering import page_templates

_SENTENCES = {
    404: "There is no such page here.",
    405: "This address cannot be used in that way.",
}


def sentence_page(status: int, sentence: str) -> Response:
    """A whole page that says `sentence` and leads back to the submissions."""
    page = (
        page_templates()
        .get_template("problem.html.j2")
        .render(
            sentence=sentence,
            css=Markup(stylesheet("tokens", "parts")),  # noqa: S704 - our own files
        )
    )
    return HTMLResponse(page, status, headers={"Content-Security-Policy": DOCUMENT_POLICY})


async def _nothing_here(_: Request, __: Exception) -> Response:
    return sentence_page(404, _SENTENCES[404])


def add_problem_pages(app: FastAPI) -> None:
    """Answer every failure of the routes of `app`, and unknown pages of Gradio's, in a sentence."""
    for route in app.routes:
        # Gradio's own application is mounted at the root, the REST interface below it.
        if isinstance(route, Mount) and isinstance(route.app, FastAPI) and not route.path:
            route.app.add_exception_handler(404, _nothing_here)

    @app.exception_handler(HTTPException)
    async def _refused(_: Request, error: HTTPException) -> Response:
        default = _SENTENCES.get(error.status_code, "This cannot be done.")
        plain = isinstance(error.detail, str) and error.detail.endswith(".")
        return sentence_page(error.status_code, error.detail if plain else default)

    @app.exception_handler(RequestValidationError)
    async def _malformed(_: Request, __: RequestValidationError) -> Response:
        return sentence_page(404, _SENTENCES[404])

    @app.exception_handler(ReviewerError)
    async def _explained(_: Request, error: ReviewerError) -> Response:
        return sentence_page(status_of(error), str(error))

    @app.exception_handler(Exception)
    async def _unforeseen(_: Request, __: Exception) -> Response:
        return sentence_page(
            500, "Something went wrong in reviewer; its log, where it was started, says what."
        )
