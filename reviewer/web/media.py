"""The submitted files, by submission and artifact id, with byte ranges.

Invariant: permission is asked for every request of bytes. A path is only ever what the store gives
for an artifact of that submission; nothing of the request becomes part of a path. A document is
never rendered at this origin: it leaves as a download.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import FileResponse, Response

from reviewer.export.captions import artifact_vtt
from reviewer.intake.artifact import ArtifactKind
from reviewer.web.program import Program
from reviewer.web.signing import person_of

_SIGNATURES = (
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (0, b"\x30\x26\xb2\x75", "video/x-ms-asf"),
)
"""(offset, bytes, media type): what a player needs to be told; names are not trusted."""

_UNKNOWN = "application/octet-stream"
_HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


@dataclass(frozen=True, slots=True)
class _Served:
    """How one artifact is answered."""

    path: Path
    name: str
    media_type: str
    disposition: Literal["inline", "attachment"]


def media_router(program: Program) -> APIRouter:
    """``/media/{submission}/{artifact}``: 200, 206, 416, or 404 with a sentence.

    ``/captions/{submission}/{artifact}.vtt``: what was said, as a track of the player. Both are
    under ``/training`` too, with a sitting in the place of the submission.
    """
    router = APIRouter()
    # A player asks for many ranges, and the store checks the hash of the whole file each time:
    # once per process is enough for files that are named by their content.
    seen: dict[tuple[str, str], _Served] = {}

    def answer(key: tuple[str, str], name: str | None = None) -> FileResponse:
        """The bytes of an artifact of a submission, under its own name or another."""
        served = seen.get(key)
        if served is None or not served.path.exists():  # it may have been erased since
            seen.pop(key, None)
            served = seen[key] = _find(program, *key)
        return FileResponse(
            served.path,
            media_type=served.media_type,
            filename=name or served.name,
            content_disposition_type=served.disposition,
            headers=_HEADERS,
        )

    @router.head("/media/{submission}/{artifact}")
    @router.get("/media/{submission}/{artifact}")
    def media(request: Request, submission: str, artifact: str) -> FileResponse:
        program.desk.cases.open(person_of(request), submission)
        return answer((submission, artifact))

    @router.head("/training/media/{sitting}/{artifact}")
    @router.get("/training/media/{sitting}/{artifact}")
    def practised(request: Request, sitting: int, artifact: str) -> FileResponse:
        source = program.training.recording(person_of(request), sitting, artifact)
        return answer(source, "recording")  # the file's own name may tell whose it is

    @router.get("/captions/{submission}/{artifact}.vtt")
    def captions(request: Request, submission: str, artifact: str) -> Response:
        case = program.desk.cases.open(person_of(request), submission)
        for one in program.desk.first_pass(case).artifacts:
            if one.id == artifact and one.kind in (ArtifactKind.VIDEO, ArtifactKind.AUDIO):
                return Response(artifact_vtt(one), media_type="text/vtt", headers=_HEADERS)
        raise HTTPException(404, "There is no such recording in this submission.")

    @router.get("/training/captions/{sitting}/{artifact}.vtt")
    def practised_captions(request: Request, sitting: int, artifact: str) -> Response:
        before = program.training.at(person_of(request), sitting)
        words = (one for one in before.work.artifacts if one.id in before.work.recordings)
        for one in words:
            if one.id == artifact:
                return Response(artifact_vtt(one), media_type="text/vtt", headers=_HEADERS)
        raise HTTPException(404, "There is no such recording in this work.")

    return router


def _find(program: Program, submission: str, artifact: str) -> _Served:
    first_pass = program.repository.first_pass(submission)
    known = first_pass.artifacts if first_pass else ()
    file = next((one for one in known if one.id == artifact), None)
    if file is None:
        raise HTTPException(404, "There is no such file in this submission.")
    path = program.repository.file_path(submission, artifact)
    name = Path(file.name).name
    if file.kind in (ArtifactKind.VIDEO, ArtifactKind.AUDIO):
        return _Served(path, name, _media_type(path), "inline")
    return _Served(path, name, _UNKNOWN, "attachment")


def _media_type(path: Path) -> str:
    """The media type by the first bytes of the file."""
    with path.open("rb") as file:
        head = file.read(16)
    for offset, signature, media_type in _SIGNATURES:
        if head[offset : offset + len(signature)] == signature:
            return media_type
    return _UNKNOWN
