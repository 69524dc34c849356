"""Submitted files in an object store or on another machine, behind a URL that fsspec knows.

Invariant: nothing that comes from there is believed: whoever fetches compares the hash. Errors of
whatever kind the store has are one sentence that names the URL.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from reviewer.errors import StoreError


class Remote:
    """Files by their hash below `url`, such as ``s3://bucket/folder``."""

    def __init__(self, url: str) -> None:
        import fsspec  # a third of a second, and needed by few

        self.url = url
        if "://" not in url:
            raise _useless(f"{url!r} has no scheme")
        try:
            found: tuple[Any, str] = fsspec.core.url_to_fs(url, use_listings_cache=False)
        except (ImportError, ValueError) as error:
            raise _useless(str(error)) from error
        self._system, self._root = found

    def has(self, sha256: str) -> bool:
        """Whether a file of this hash was put there."""
        with self._told():
            return bool(self._system.exists(self._path(sha256)))

    def put(self, source: Path, sha256: str) -> None:
        """Copy a file there."""
        with self._told():
            path = self._path(sha256)
            self._system.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._system.put_file(str(source), path)

    def get(self, sha256: str, target: Path) -> None:
        """Copy a file from there; its bytes are not checked. Raises `FileNotFoundError`."""
        with self._told():
            self._system.get_file(self._path(sha256), str(target))

    def remove(self, sha256: str) -> None:
        """Remove a file that is there."""
        with self._told():
            self._system.rm_file(self._path(sha256))

    def names(self) -> tuple[str, ...]:
        """The hashes of all files that are there."""
        with self._told():
            if not self._system.exists(self._root):
                return ()
            return tuple(one.rpartition("/")[2] for one in self._system.find(self._root))

    def _path(self, sha256: str) -> str:
        return f"{self._root}/{sha256[:2]}/{sha256}"

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise
        except Exception as error:  # every kind of store has errors of its own
            reason = str(error).rstrip(".")
            raise StoreError(
                f"The submitted files at {self.url} cannot be used: {reason}. Check the address, "
                "the access and the network."
            ) from error


def _useless(reason: str) -> StoreError:
    return StoreError(
        f"REVIEWER_FILES cannot be used: {reason.rstrip('.')}. It is a URL such as "
        "s3://bucket/folder, whose driver must be installed (reviewer[s3])."
    )
