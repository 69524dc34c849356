"""``reviewer monitor``: make the snapshot of a program that its dashboard shows."""

from typing import Annotated

import typer

from reviewer.cli.usage import text_given


def monitor(
    credential: Annotated[
        str,
        typer.Argument(
            parser=text_given, metavar="ID", help="Credential to look at.", show_default=False
        ),
    ],
) -> None:
    """Make a program's snapshot, and say what it proposes to do."""
    from rich.text import Text

    from reviewer.cli.screen import out
    from reviewer.settings import load_settings
    from reviewer.wiring import make_snapshot

    made = make_snapshot(load_settings(), credential)
    out.print(Text(f"{made.title}: {made.works:,} works at {made.made_at}.", style="bold"))
    out.print(Text(made.headline), soft_wrap=True)
    for one in made.alerts:
        out.print(Text(f"! {one.sentence} {one.proposal}"), soft_wrap=True)
