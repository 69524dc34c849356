"""Reading the files that a command was given.

Invariant: a file that is not there or cannot be read is one sentence before any work.
"""

from pathlib import Path

from reviewer.errors import MissingFile


def read_input(path: Path) -> bytes:
    """The bytes of a file; raises `MissingFile`."""
    try:
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise MissingFile(f"{path} cannot be read: {reason}; name a file that is there.") from error
