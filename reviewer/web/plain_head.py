"""The heads of the pages without what Gradio says there about itself.

Invariant: no page names a foreign address or another program in its head; nothing but the tags for
link previews is taken out.
"""

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PAGES = frozenset({"", "/submission"})
_PREVIEW = re.compile(rb'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*')


class PlainHead:
    """ASGI middleware around Gradio's two pages, whose template cannot be chosen."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold back a page until it is whole, and send it without the tags."""
        if scope["type"] != "http" or scope["path"].rstrip("/") not in _PAGES:
            await self._app(scope, receive, send)
            return
        begun: list[Message] = []
        body = bytearray()

        async def send_plain(message: Message) -> None:
            if message["type"] == "http.response.start":
                begun.append(message)
                return
            if message["type"] == "http.response.body":
                body.extend(message.get("body", b""))
                if message.get("more_body", False):
                    return
                plain = _PREVIEW.sub(b"", bytes(body))
                headers = MutableHeaders(scope=begun[0])
                if "content-length" in headers and scope["method"] != "HEAD":
                    headers["content-length"] = str(len(plain))
                await send(begun[0])
                message = {**message, "body": plain}
            await send(message)

        # Asked for uncompressed: what is compressed cannot be read here, and it stays on loopback.
        wanted = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        await self._app({**scope, "headers": wanted}, receive, send_plain)
