"""Where a command's results go: refused before the work if possible, written whole or not at all.

Invariant: a file that a command was asked to write is either its old self or all of the new one.
"""

import os
import sys
import tempfile
from pathlib import Path

from reviewer.errors import OutputError

STANDARD_OUTPUT = Path("-")


def check_outputs(*outs: Path | None) -> None:
    """Refuse, before an hour of work, what cannot be written after it."""
    files = [out for out in outs if out is not None and out != STANDARD_OUTPUT]
    for out in files:
        parent = out.resolve().parent
        if not parent.is_dir():
            raise OutputError(
                f"{out} cannot be written: there is no folder {parent}; make it or name another."
            )
        if out.is_dir():
            raise OutputError(f"{out} cannot be written: it is a folder; name a file in it.")
        _check_place(out, parent)
    if len({out.resolve() for out in files}) < len(files):
        raise OutputError(f"--json and --html both name {files[0]}: give them two names.")


def _check_place(out: Path, parent: Path) -> None:
    """Refuse a place where nothing can be written, which permissions alone do not tell."""
    if not _replaceable(out):
        if not os.access(out, os.W_OK):
            raise OutputError(f"{out} cannot be written: you have no permission to write there.")
        return
    try:
        with tempfile.NamedTemporaryFile(dir=parent, prefix=f".{out.name[:200]}."):
            pass
    except OSError as error:
        reason = (
            "you have no permission to write there"
            if isinstance(error, PermissionError)
            else (error.strerror or str(error)).lower()
        )
        raise OutputError(f"{out} cannot be written: {reason}; name another place.") from error


def _replaceable(out: Path) -> bool:
    """Whether it is, or will be, a plain file and no pipe or device."""
    return out.is_file() or not out.exists()


def write_whole(out: Path, data: bytes, kept: str = "") -> None:
    """Write a result whole or not at all; raises `OutputError`, which says what is `kept`."""
    if out == STANDARD_OUTPUT:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    target = out.resolve()
    try:
        if not _replaceable(out):
            target.write_bytes(data)
            return
        partial = target.with_name(f".{target.name}.partial")
        partial.write_bytes(data)
        partial.replace(target)
    except OSError as error:
        remedy = (
            f"{kept}, so the same command with another place is quick"
            if kept
            else "name another place"
        )
        raise OutputError(f"{out} cannot be written ({error.strerror}); {remedy}.") from error
