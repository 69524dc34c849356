"""The submitted bytes, kept by content: REVIEWER_HOME/files/ab/abcdef….

Invariant: a file at the path of a hash had that hash when it was put there, all of it; `find`
checks again before it hands a path out, once for as long as the file stays as it is.
"""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from reviewer.errors import StoreError, SubmissionError

BLOCK = 1 << 20  # bytes read at once

_Seen = tuple[int, int]  # size in bytes, time of the last change in ns


class FileStore:
    """The folder of submitted files; safe for several processes at once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._checked: dict[str, _Seen] = {}

    def keep(self, source: Path, sha256: str) -> None:
        """Copy `source` in, unless its content is here already.

        Raises `SubmissionError` if its bytes are no longer those of `sha256`, `StoreError` if
        they cannot be written.
        """
        target = self.path(sha256)
        if target.exists():
            return
        try:
            with self._incoming() as partial:
                found = _copy(source, partial)
                if found != sha256:
                    raise SubmissionError(
                        f"{source.name} changed while it was being submitted; submit the folder "
                        "again."
                    )
                partial.chmod(0o444)
                target.parent.mkdir(parents=True, exist_ok=True)
                partial.replace(target)
        except OSError as error:
            raise StoreError(
                f"{source.name} cannot be copied into {self._root}: {error.strerror or error}; "
                "free some space there or set REVIEWER_HOME to another folder."
            ) from error

    @contextmanager
    def _incoming(self) -> Iterator[Path]:
        """A place to copy to: one copy at a time, so what an interrupted one left is swept away."""
        folder = self._root / "incoming"
        self._root.mkdir(parents=True, exist_ok=True)
        with FileLock(self._root / ".incoming.lock"):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            yield folder / "file"
            shutil.rmtree(folder, ignore_errors=True)

    def find(self, sha256: str) -> Path:
        """Where the bytes lie; raises `StoreError` if they are gone or are other bytes now."""
        path = self.path(sha256)
        try:
            stat = path.stat()
            seen = (stat.st_size, stat.st_mtime_ns)
            if self._checked.get(sha256) == seen:
                return path
            found = _hash(path)
        except OSError as error:
            raise StoreError(
                f"The submitted file {sha256[:12]} is not in {self._root} any more: submit the "
                "folder again, or put a backup in its place."
            ) from error
        if found != sha256:
            raise StoreError(
                f"The submitted file {path} was changed after it was kept: its SHA-256 is now "
                f"{found}. Delete it and submit the folder again, or put a backup in its place."
            )
        self._checked[sha256] = seen
        return path

    def remove(self, sha256: str) -> bool:
        """Remove the bytes for good; whether they were there. Raises `StoreError`."""
        self._checked.pop(sha256, None)
        try:
            self.path(sha256).unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise StoreError(
                f"The submitted file {self.path(sha256)} cannot be removed: "
                f"{error.strerror or error}; check the permissions of its folder."
            ) from error
        return True

    def names(self) -> tuple[str, ...]:
        """The hashes of all files that are here, in their order."""
        return tuple(sorted(one.name for one in self._root.glob("[0-9a-f][0-9a-f]/*")))

    def path(self, sha256: str) -> Path:
        """Where bytes of this hash belong, whether or not they are there."""
        return self._root / sha256[:2] / sha256


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _copy(source: Path, target: Path) -> str:
    digest = hashlib.sha256()
    with source.open("rb") as incoming, target.open("wb") as outgoing:
        while block := incoming.read(BLOCK):
            digest.update(block)
            outgoing.write(block)
    return digest.hexdigest()
