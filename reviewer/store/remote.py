"""Submitted files in an object store (S3, Google, Azure, or a folder elsewhere), behind a URL.

Invariant: nothing that comes from there is believed: whoever fetches compares the hash. Errors of
whatever kind the store has are one sentence that names the URL.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.errors import StoreError

if TYPE_CHECKING:
    from obstore.store import ObjectStore


class Remote:
    """Files by their hash below `url`, such as ``s3://bucket/folder``."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._store = _open(url)

    def has(self, sha256: str) -> bool:
        """Whether a file of this hash was put there."""
        import obstore

        with self._told():
            try:
                obstore.head(self._store, _path(sha256))
            except FileNotFoundError:
                return False
            return True

    def put(self, source: Path, sha256: str) -> None:
        """Copy a file there, in parts if it is large."""
        import obstore

        with self._told():
            obstore.put(self._store, _path(sha256), source)

    def get(self, sha256: str, target: Path) -> None:
        """Copy a file from there; its bytes are not checked. Raises `FileNotFoundError`."""
        import obstore

        with self._told(), target.open("wb") as out:
            for part in obstore.get(self._store, _path(sha256)).stream():
                out.write(part)

    def remove(self, sha256: str) -> None:
        """Remove a file that is there."""
        import obstore

        with self._told():
            obstore.delete(self._store, _path(sha256))

    def names(self) -> tuple[str, ...]:
        """The hashes of all files that are there."""
        import obstore

        with self._told():
            some = obstore.list(self._store)
            return tuple(one["path"].rpartition("/")[2] for part in some for one in part)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise
        except Exception as error:  # every kind of store has errors of its own
            reason = str(error).strip().splitlines()[0].rstrip(".")
            raise StoreError(
                f"The submitted files at {self.url} cannot be used: {reason}. Check the address, "
                "the access and the network."
            ) from error


def _open(url: str) -> "ObjectStore":
    """Opens no connection yet; raises `StoreError`."""
    try:
        from obstore.exceptions import BaseError
        from obstore.store import from_url
    except ImportError as error:
        raise _useless("its driver is not installed") from error
    try:
        return from_url(url)
    except (BaseError, ValueError) as error:
        raise _useless(str(error).strip().splitlines()[0]) from error


def _useless(reason: str) -> StoreError:
    return StoreError(
        f"REVIEWER_FILES cannot be used: {reason.rstrip('.')}. It is a URL such as "
        "s3://bucket/folder, and needs reviewer[s3] to be installed."
    )


def _path(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"
