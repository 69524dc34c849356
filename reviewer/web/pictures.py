"""Pictures of the pages of PDF documents, drawn when somebody looks at them.

Invariant: permission is asked for every picture. A page is drawn by a process of its own, in
bounded time, and kept in memory alone, so that nothing is left of a submission that is deleted.

    GET /page/{submission}/{artifact}/{number}   200 PNG, 304, or 404 with a sentence
"""

import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from reviewer.errors import NotPermitted, StoreError
from reviewer.export.layout import Block
from reviewer.intake.artifact import Artifact, ArtifactKind, PageSpan
from reviewer.web.live import FRESH
from reviewer.web.program import Program
from reviewer.web.signing import person_of

AT_ONCE = 2  # processes that draw
LASTS_S = 20.0  # longest that one page may take
MOST = 200  # pictures kept: 10 to 200 kB each

_PDF = b"%PDF-"
_WITHIN = 1024  # bytes of a file in which its signature may stand
_HEADERS = FRESH | {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
_NONE = "There is no picture of this page."


def by_page(
    artifact: Artifact, blocks: Sequence[Block]
) -> tuple[tuple[PageSpan, tuple[Block, ...]], ...]:
    """Each page with the paragraphs on it, those without any text included."""
    return tuple(
        (page, tuple(one for one in blocks if page.start <= one.start < page.end))
        for page in artifact.pages
    )


class Pictures:
    """Pictures of pages over one program; may be asked by several threads at a time."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._drawing = threading.Semaphore(AT_ONCE)
        self._changing = threading.Lock()
        self._kept: dict[tuple[str, int], bytes] = {}

    def drawable(self, submission: str, artifact: Artifact) -> bool:
        """Whether the pages of an artifact can be drawn: those of a PDF that was read."""
        return self._file(submission, artifact) is not None

    def picture(self, submission: str, artifact: Artifact, number: int) -> bytes | None:
        """The page `number` (from 1) as PNG; null where there is none, or it cannot be drawn."""
        path = self._file(submission, artifact)
        if path is None or number not in {one.number for one in artifact.pages}:
            return None
        key = artifact.sha256, number
        with self._changing:
            kept = self._kept.pop(key, None)
            if kept is not None:
                self._kept[key] = kept
                return kept
        with self._drawing:
            drawn = _draw(path, number)
        if drawn is not None:
            with self._changing:
                self._kept[key] = drawn
                while len(self._kept) > MOST:
                    self._kept.pop(next(iter(self._kept)))
        return drawn

    def _file(self, submission: str, artifact: Artifact) -> Path | None:
        if artifact.kind is not ArtifactKind.DOCUMENT or not artifact.pages:
            return None
        try:
            path = self._program.repository.file_path(submission, artifact.id)
            with path.open("rb") as file:
                return path if _PDF in file.read(_WITHIN) else None
        except (StoreError, NotPermitted, OSError):
            return None


def _draw(path: Path, number: int) -> bytes | None:
    command = [sys.executable, "-m", "reviewer.intake.documents.picture", str(path), str(number)]
    try:
        made = subprocess.run(command, capture_output=True, timeout=LASTS_S, check=False)  # noqa: S603 - our own module
    except subprocess.TimeoutExpired:
        return None
    return made.stdout if made.returncode == 0 else None


def picture_router(program: Program, pictures: Pictures) -> APIRouter:
    """The route of this module."""
    router = APIRouter()

    @router.get("/page/{submission}/{artifact}/{number}")
    def picture(request: Request, submission: str, artifact: str, number: int) -> Response:
        case = program.desk.cases.open(person_of(request), submission)
        found = next(
            (one for one in program.desk.first_pass(case).artifacts if one.id == artifact), None
        )
        if found is None:
            raise HTTPException(404, "There is no such file in this submission.")
        tag = f'"{found.sha256[:24]}-{number}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=_HEADERS | {"ETag": tag})
        drawn = pictures.picture(submission, found, number)
        if drawn is None:
            raise HTTPException(404, _NONE)
        return Response(drawn, media_type="image/png", headers=_HEADERS | {"ETag": tag})

    return router
