"""What every request passes before any page: headers, and writes from this origin alone.

Invariant: no response leaves without the security headers; a request that may change something
and that a browser says comes from another site is refused.

The Host header is checked by Starlette's TrustedHostMiddleware (see `app`): a name that an
attacker points at 127.0.0.1 (DNS rebinding) gets no page.
"""

from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_STRICT = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "media-src": "'self'",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
RELAXATIONS = (
    ("script-src", "'unsafe-inline'", "Gradio starts its pages from inline scripts."),
    ("script-src", "'unsafe-eval'", "gr.HTML compiles its templates by Function()."),
    ("style-src", "'unsafe-inline'", "Gradio writes its theme and its layout into style elements."),
    ("img-src", "data:", "Gradio's style draws its small signs from data addresses."),
)
"""(directive, source, why): everything that Gradio needs beyond this origin, and no more."""


def gradio_policy(relaxations: Iterable[tuple[str, str, str]] = RELAXATIONS) -> str:
    """The policy of the Gradio pages: this origin alone, but for the relaxations."""
    allowed = dict(_STRICT)
    for directive, source, _ in relaxations:
        allowed[directive] += f" {source}"
    return "; ".join(f"{directive} {sources}" for directive, sources in allowed.items())


GRADIO_POLICY = gradio_policy()
DOCUMENT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_READING = {"GET", "HEAD", "OPTIONS"}


class Guard:
    """ASGI middleware; a route may set a stricter Content-Security-Policy, which then stands."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to whatever answers; refuse writes that come from elsewhere."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("Content-Security-Policy", GRADIO_POLICY)
            await send(message)

        if scope["method"] not in _READING and _from_elsewhere(Headers(scope=scope)):
            refusal = PlainTextResponse("This address takes no input from other sites.", 403)
            await refusal(scope, receive, send_guarded)
            return
        await self._app(scope, receive, send_guarded)


def _from_elsewhere(headers: Headers) -> bool:
    """Whether a browser says that another site, or another port here, sent the request."""
    return headers.get("sec-fetch-site") in ("cross-site", "same-site")
