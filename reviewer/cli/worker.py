"""``reviewer worker``: one process that performs stages for a dask scheduler.

Invariant: it ends by a signal alone; what it was at then is queued again at once.
"""

import os
from typing import Annotated

import typer

from reviewer.cli.usage import text_given


def worker(
    scheduler: Annotated[
        str | None,
        typer.Option(
            parser=text_given,
            metavar="ADDRESS",
            help="Scheduler, as dask://HOST:PORT; else REVIEWER_ENGINE.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Perform first passes for the scheduler of a cluster.

    One stage at a time. It needs the store and the files of the server: the same
    REVIEWER_DATABASE and REVIEWER_HOME, models and credentials. A GPU is used, and announced,
    where there is one.
    """
    from reviewer.cli.screen import err
    from reviewer.errors import SettingsError
    from reviewer.settings import load_settings
    from reviewer.wiring.crews import work_for_cluster

    settings = load_settings()
    address = scheduler or settings.engine
    if not address:
        raise SettingsError(
            "No scheduler is named; give --scheduler dask://HOST:PORT or set REVIEWER_ENGINE."
        )
    number = work_for_cluster(
        settings, address, lambda: err.print(f"reviewer: working for {address} (Ctrl-C ends it)")
    )
    err.print("reviewer: stopped; what was finished is kept.")
    os._exit(128 + number)  # a stage may be running in a thread that nothing else ends
