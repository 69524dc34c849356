"""``reviewer audit …``: is the record of events whole, and are the scores those that it tells of?

Invariant: nothing here writes.
"""

import typer

app = typer.Typer(help="The record of who saw, scored and decided what.", no_args_is_help=True)


@app.command()
def verify() -> None:
    """Recompute the chain of events and compare ratings, decisions and outcomes with it."""
    from reviewer.settings import load_settings
    from reviewer.wiring import verify_record

    count, rows, last = verify_record(load_settings())
    typer.echo(
        f"{count} events, each hash right; {rows} ratings, decisions and outcomes as they tell. "
        f"Last hash: {last}"
    )


@app.callback()
def _root() -> None:
    """The record of who saw, scored and decided what."""
