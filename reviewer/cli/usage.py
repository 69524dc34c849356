"""What the command line says when it was called wrongly: one sentence, never a box or a usage text.

Invariant: an argument or option that names something is never the empty string, which Python takes
for the current folder.
"""

from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand

_VALIDATORS_WORDS = (
    ("Value error, ", ""),
    ("Input should be a valid integer, unable to parse string as an integer", "it is no number"),
    ("Input should be", "it should be"),
)
"""Turns of phrase of pydantic, which checks numbers and choices, and ours for people."""


class PlainCommand(TyperCommand):
    """A command whose usage line writes what must be given as FOLDER, like docs/cli.md."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """The parts of the usage line, without the braces that Typer sets."""
        return [
            piece.replace("{", "").replace("}", "") for piece in super().collect_usage_pieces(ctx)
        ]


def path_given(text: str) -> Path:
    """The path that was written; raises `typer.BadParameter` for an empty one."""
    return Path(text_given(text))


def text_given(text: str) -> str:
    """What was written; raises `typer.BadParameter` where that is nothing."""
    if not text.strip():
        raise typer.BadParameter("it is empty")
    return text


def usage_sentence(error: typer.TyperException) -> str:
    """What was wrong in a call and where to read how it is right; empty if help was shown."""
    message = " ".join(error.format_message().split()).rstrip(".")
    for theirs, ours in _VALIDATORS_WORDS:
        message = message.replace(theirs, ours)
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "reviewer"
    return message and f"{message}; `{path} --help` shows how it is called."
