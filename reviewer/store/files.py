"""The submitted bytes, kept by content: REVIEWER_HOME/files/ab/abcdef….

Invariant: a file at the path of a hash had that hash when it was put there, all of it; `find`
checks again before it hands a path out, once for as long as the file stays as it is. With a
`Remote` the files are kept there, and the folder holds copies of those that were asked for.
"""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from reviewer.errors import StoreError, SubmissionError
from reviewer.store.remote import Remote

BLOCK = 1 << 20  # bytes read at once

_Seen = tuple[int, int]  # size in bytes, time of the last change in ns


class FileStore:
    """The folder of submitted files; safe for several processes at once."""

    def __init__(self, root: Path, remote: Remote | None = None) -> None:
        self._root = root
        self._remote = remote
        self._checked: dict[str, _Seen] = {}

    def keep(self, source: Path, sha256: str) -> None:
        """Copy `source` in, unless its content is here already.

        Raises `SubmissionError` if its bytes are no longer those of `sha256`, `StoreError` if
        they cannot be written.
        """
        kept = self.path(sha256).exists() if self._remote is None else self._remote.has(sha256)
        if kept:
            return
        try:
            with self._incoming() as partial:
                found = _copy(source, partial)
                if found != sha256:
                    raise SubmissionError(
                        f"{source.name} changed while it was being submitted; submit the folder "
                        "again."
                    )
                if self._remote is not None:
                    self._remote.put(partial, sha256)
                self._place(partial, sha256)
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

    def _place(self, partial: Path, sha256: str) -> None:
        """Put a file that has this hash where it belongs."""
        target = self.path(sha256)
        partial.chmod(0o444)
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.replace(target)

    def find(self, sha256: str) -> Path:
        """Where the bytes lie; raises `StoreError` if they are gone or are other bytes now."""
        path = self.path(sha256)
        try:
            if self._remote is not None and not path.exists():
                self._fetch(self._remote, sha256)
            stat = path.stat()
            seen = (stat.st_size, stat.st_mtime_ns)
            if self._checked.get(sha256) == seen:
                return path
            found = _hash(path)
        except OSError as error:
            raise StoreError(
                f"The submitted file {sha256[:12]} is not in {self._where} any more: submit the "
                "folder again, or put a backup in its place."
            ) from error
        _refuse_other(found, sha256, str(path))
        self._checked[sha256] = seen
        return path

    def _fetch(self, remote: Remote, sha256: str) -> None:
        with self._incoming() as partial:
            remote.get(sha256, partial)
            _refuse_other(_hash(partial), sha256, f"{sha256[:12]} at {remote.url}")
            self._place(partial, sha256)

    @property
    def _where(self) -> str:
        return str(self._root) if self._remote is None else self._remote.url

    def remove(self, sha256: str) -> None:
        """Remove the bytes for good, if they are there; raises `StoreError`."""
        self._checked.pop(sha256, None)
        try:
            if self._remote is not None and self._remote.has(sha256):
                self._remote.remove(sha256)
            self.path(sha256).unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(
                f"The submitted file {self.path(sha256)} cannot be removed: "
                f"{error.strerror or error}; check the permissions of its folder."
            ) from error

    def drop_copies(self) -> int:
        """Remove copies of files that the remote has no more; returns how many there were."""
        gone = set() if self._remote is None else self._here() - set(self._remote.names())
        for sha256 in gone:
            self.path(sha256).unlink(missing_ok=True)
        return len(gone)

    def _here(self) -> set[str]:
        return {one.name for one in self._root.glob("[0-9a-f][0-9a-f]/*")}

    def names(self) -> tuple[str, ...]:
        """The hashes of all files that are kept, in their order."""
        far = set() if self._remote is None else set(self._remote.names())
        return tuple(sorted(self._here() | far))

    def path(self, sha256: str) -> Path:
        """Where bytes of this hash belong, whether or not they are there."""
        return self._root / sha256[:2] / sha256


def _refuse_other(found: str, sha256: str, name: str) -> None:
    if found != sha256:
        raise StoreError(
            f"The submitted file {name} was changed after it was kept: its SHA-256 is now {found}. "
            "Delete it and submit the folder again, or put a backup in its place."
        )


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
