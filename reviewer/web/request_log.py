"""Each request as an event of the log: method, route, status and milliseconds.

Invariant: of the address the pattern of its route alone is kept, since an address can hold words.
"""

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestLog:
    """ASGI middleware; the outermost one, so that refusals are seen too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and log what was answered once the answer is sent, or failed."""
        if scope["type"] != "http" or not log.isEnabledFor(logging.INFO):
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), 500

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            log.info(
                "request",
                extra={
                    "method": scope["method"] if scope["method"] in _METHODS else "-",
                    "route": _pattern(scope),
                    "status": status,
                    "ms": round(1000 * (time.monotonic() - began)),
                },
            )


def _pattern(scope: Scope) -> str:
    """The pattern of the route that answered, such as ``/api/v1/submissions/{submission}``."""
    route = getattr(scope.get("route"), "path", "")
    return f"{scope.get('root_path', '')}{route}" if route else "-"
