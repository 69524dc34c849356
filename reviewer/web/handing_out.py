"""How files leave: as downloads, kept by nobody on the way, and inert if opened in a browser."""

from starlette.responses import Response

from reviewer.web.guard import DOCUMENT_POLICY


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
