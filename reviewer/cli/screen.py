"""The two consoles of every command, and its one kind of progress bar.

Invariant: results go to `out` (standard output), everything else to `err`; a bar shows only on a
terminal, so piped output stays clean.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def bar(words: str, total_bytes: int) -> Iterator[Callable[[int], None]]:
    """Show a bar of bytes while the block runs; yields the function that advances it."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    hidden = not err.is_terminal
    with Progress(
        *columns, TimeRemainingColumn(), console=err, transient=True, disable=hidden
    ) as progress:
        task = progress.add_task(words, total=total_bytes)
        yield lambda got: progress.advance(task, got)
