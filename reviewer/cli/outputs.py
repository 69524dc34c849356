"""Where a command's results go: refused before the work if possible, written whole or not at all.

Invariant: a file that a command was asked to write is either its old self or all of the new one.
"""

import os
import sys
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
        if not os.access(parent if _replaceable(out) else out, os.W_OK):
            raise OutputError(f"{out} cannot be written: you have no permission to write there.")
    if len({out.resolve() for out in files}) < len(files):
        raise OutputError(f"--json and --html both name {files[0]}: give them two names.")


def _replaceable(out: Path) -> bool:
    """Whether it is, or will be, a plain file and no pipe or device."""
    return out.is_file() or not out.exists()


def write_whole(out: Path, data: bytes) -> None:
    """Write a result whole or not at all; raises `OutputError`."""
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
        raise OutputError(
            f"{out} cannot be written ({error.strerror}); the drafts are kept, so the same command "
            "with another name is quick."
        ) from error
