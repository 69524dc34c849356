"""``reviewer serve``: the pages over REVIEWER_HOME, and the first passes still to be made there.

Invariant: the address is printed before anything slow is imported, and the pages can be had
before any stage is begun.
"""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from reviewer.settings import Settings
    from reviewer.wiring import Program

Port = Annotated[
    int | None,
    typer.Option(min=0, max=65535, metavar="PORT", help="Port of the pages; 0 takes any free one."),
]
Open = Annotated[bool, typer.Option("--open", help="Open the pages in a browser.")]


def serve(port: Port = None, open_: Open = False) -> None:
    """Serve the pages over REVIEWER_HOME and finish its first passes."""
    from reviewer.settings import load_settings

    run(load_settings(), port, open_browser=open_, begin=lambda program: program.start())


def run(
    settings: "Settings",
    port: int | None,
    *,
    open_browser: bool,
    begin: "Callable[[Program], None]",
    demo: bool = False,
) -> None:
    """Serve until interrupted; `begin` runs in a thread of its own once pages can be had.

    With `demo` the pages have ready accounts that need no password.

    A port that was asked for is used or refused; from the default one upwards the first free
    port is taken.
    """
    from reviewer.cli.screen import err, out
    from reviewer.errors import ReviewerError
    from reviewer.logs import write_logs
    from reviewer.web.serving import address_of, listen
    from reviewer.web.serving import serve as serve_program

    write_logs(settings.log)
    asked = port if port is not None else settings.port
    exactly = port is not None or "port" in settings.model_fields_set
    listener = listen(settings.host, asked, exactly=exactly)
    address = address_of(listener)
    if listener.getsockname()[1] != asked and asked:
        err.print(f"Port {asked} is in use by another program; another one is taken.")
    out.print(f"reviewer: {address} (Ctrl-C ends it; what is finished is kept)")

    from reviewer.wiring import open_program

    program = open_program(settings, demo=demo)
    if demo:
        _bring_people(program)
    elif not program.desk.records.accounts.all():
        err.print("Nobody can sign in yet: add people with `reviewer user add NAME --role ROLE`.")

    def in_thread() -> None:
        if open_browser:
            import webbrowser

            webbrowser.open(address)
        try:
            begin(program)
        except ReviewerError as error:
            err.print(f"reviewer: {error}")

    try:
        serve_program(
            listener, program, lambda: threading.Thread(target=in_thread, daemon=True).start()
        )
    finally:
        program.stop()


def _bring_people(program: "Program") -> None:
    """The demo's ready accounts: one a role, without a password, so that only the demo lets in."""
    from reviewer.review.permission import Grant, Role
    from reviewer.web.signing import DEMO_PEOPLE

    accounts = program.desk.records.accounts
    for name in DEMO_PEOPLE:
        if accounts.named(name) is None:
            accounts.add(name, None, [Grant(Role(name))])
