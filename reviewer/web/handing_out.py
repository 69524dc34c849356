"""How files leave: as downloads, kept by nobody on the way, and inert if opened in a browser."""

from collections.abc import Iterator
from typing import IO

from starlette.responses import Response

from reviewer.web.guard import DOCUMENT_POLICY

CHUNK = 65_536  # bytes


def handing_out(name: str) -> dict[str, str]:
    """The headers of a file called `name` (plain letters: ids and names of tables)."""
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "Content-Security-Policy": DOCUMENT_POLICY,
    }


def download(data: bytes, name: str, media_type: str) -> Response:
    """`data` as a file."""
    return Response(data, media_type=media_type, headers=handing_out(name))


def in_chunks(file: IO[bytes]) -> Iterator[bytes]:
    """The bytes of an open file, which is closed after the last one, or when nobody listens."""
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
