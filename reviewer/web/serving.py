"""One process that serves the pages at a loopback address until it is told to stop.

Invariant: the port is taken, and its address printed, before anything slow is imported; a browser
that is quicker than the import waits for its answer instead of being refused. Only loopback is
served: submissions show children, so others come in through a proxy with TLS on the same machine.
"""

import contextlib
import errno
import gc
import ipaddress
import socket
import sys
from collections.abc import Callable
from urllib.parse import urlsplit

from reviewer.errors import SettingsError
from reviewer.web.program import Program

TURN_S = 0.0005
"""How long a thread may compute while another one waits for its turn; a tenth of Python's own.

A page asks the database some thirty times, and after each answer waits for its turn: where another
thread renders a text meanwhile, the waits would add up to longer than all the rest.
"""

TRIES = 20
"""How many ports from the default one upwards are tried where none was asked for."""


def listen(host: str, port: int, *, exactly: bool) -> socket.socket:
    """A listening socket at a loopback `host`; with `exactly` at `port` and no other.

    Raises `SettingsError` where `host` is no loopback address, or no port could be had.
    """
    address = _loopback(host)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    last = port if exactly or port == 0 else min(port + TRIES, 65535)
    for candidate in range(port, last + 1):
        # Named, or asyncio does not see that it is TCP: each answer would wait 40 ms for the other
        # side to acknowledge its head (Nagle's algorithm and delayed acknowledgements).
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((address, candidate))
        except OSError as error:
            listener.close()
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise SettingsError(
                    f"The pages cannot be served at {host}: {error.strerror}; "
                    "leave REVIEWER_HOST out to use 127.0.0.1."
                ) from error
            continue
        listener.listen(128)
        return listener
    ports = f"Port {port} is" if last == port else f"The ports {port} to {last} are"
    raise SettingsError(
        f"{ports} in use by another program or not allowed: choose another with --port or "
        "REVIEWER_PORT (0 takes any free one)."
    )


def address_of(listener: socket.socket) -> str:
    """The address to open in a browser, such as ``http://127.0.0.1:7860``."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(listener: socket.socket, program: Program, begin: Callable[[], None]) -> None:
    """Serve `program` until interrupted; `begin` is called once the first page can be had."""
    # Nothing of what the imports make is garbage: not looking for any saves a tenth of the start.
    gc.disable()
    sys.setswitchinterval(TURN_S)
    import uvicorn

    from reviewer.web.app import LOOPBACK, build_app

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            gc.freeze()
            gc.enable()
            begin()

    host = urlsplit(program.public_url).hostname
    public = (host,) if host else ()
    config = uvicorn.Config(
        # A factory is called inside the event loop: Gradio opens, and leaves behind, one event loop
        # after another if there is none.
        lambda: build_app(program, (*LOOPBACK, listener.getsockname()[0], *public)),
        factory=True,
        log_config=None,  # as everything else is logged: see `reviewer.logs`
        log_level="warning",
        access_log=False,
        server_header=False,
        # Open pages hold a stream to Gradio; they do not keep the program from ending.
        timeout_graceful_shutdown=2,
    )
    with contextlib.closing(listener):
        Server(config).run(sockets=[listener])


def _loopback(host: str) -> str:
    """`host` as an address; raises `SettingsError` where it is not this machine alone."""
    with contextlib.suppress(ValueError):
        if ipaddress.ip_address(host).is_loopback:
            return host
    if host == "localhost":
        return "127.0.0.1"
    raise SettingsError(
        f"The pages are served on this machine alone, not at {host}: submissions show children, so "
        "leave REVIEWER_HOST out and let others in by a proxy with TLS (docs/operator.md)."
    )
