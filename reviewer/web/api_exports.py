"""The calls that hand out files: tables, full JSON, report, chapters, badge, letter.

Invariant: every file leaves as a download with its type; permissions are those of `Exports`.
"""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from reviewer.export.letter import letter_docx, letter_html
from reviewer.export.ratings import ratings_csv, ratings_parquet
from reviewer.review.permission import Person
from reviewer.web.handing_out import download
from reviewer.web.program import Program
from reviewer.web.signing import person_of

Me = Annotated[Person, Depends(person_of)]

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def export_router(program: Program) -> APIRouter:
    """``/ratings.csv``, ``/ratings.parquet`` and ``/submissions/{submission}/export/…``."""
    router = APIRouter(tags=["export"])
    _add_tables(router, program)
    _add_documents(router, program)
    return router


def _add_tables(router: APIRouter, program: Program) -> None:
    exports = program.exports

    @router.get("/ratings.csv")
    def all_csv(me: Me) -> Response:
        """All ratings of the credentials that you issue."""
        return download(ratings_csv(exports.ratings(me)), "ratings.csv", "text/csv")

    @router.get("/ratings.parquet")
    def all_parquet(me: Me) -> Response:
        """The same with types."""
        data = ratings_parquet(exports.ratings(me))
        return download(data, "ratings.parquet", "application/vnd.apache.parquet")

    @router.get("/submissions/{submission}/export/ratings.csv")
    def csv(me: Me, submission: str) -> Response:
        """All ratings of one submission."""
        return download(ratings_csv(exports.ratings(me, submission)), "ratings.csv", "text/csv")

    @router.get("/submissions/{submission}/export/ratings.parquet")
    def parquet(me: Me, submission: str) -> Response:
        """The same with types."""
        data = ratings_parquet(exports.ratings(me, submission))
        return download(data, "ratings.parquet", "application/vnd.apache.parquet")


def _add_documents(router: APIRouter, program: Program) -> None:
    exports = program.exports

    @router.get("/submissions/{submission}/export/full.json")
    def full(me: Me, submission: str) -> Response:
        """First pass, ratings, decisions and outcome."""
        return download(exports.full(me, submission), "review.json", "application/json")

    @router.get("/submissions/{submission}/export/report.html")
    def report(me: Me, submission: str) -> Response:
        """The report on the first pass."""
        return download(exports.report(me, submission).encode(), "report.html", "text/html")

    @router.get("/submissions/{submission}/export/chapters/{artifact}.vtt")
    def chapters(me: Me, submission: str, artifact: str) -> Response:
        """Your evidence in one recording, as chapters."""
        data = exports.chapters(me, submission, artifact).encode()
        return download(data, f"{artifact}-evidence.vtt", "text/vtt")

    @router.get("/submissions/{submission}/export/badge.json")
    def badge(me: Me, submission: str) -> Response:
        """The Open Badge 3.0 of an award, unsigned."""
        return download(exports.badge(me, submission), "badge.json", "application/ld+json")

    @router.get("/submissions/{submission}/export/letter.html")
    def letter(me: Me, submission: str) -> Response:
        """The letter to the candidate."""
        data = letter_html(exports.letter(me, submission)).encode()
        return download(data, "letter.html", "text/html")

    @router.get("/submissions/{submission}/export/letter.docx")
    def letter_office(me: Me, submission: str) -> Response:
        """The letter as an office document."""
        return download(letter_docx(exports.letter(me, submission)), "letter.docx", _DOCX)
