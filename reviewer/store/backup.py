"""Backups: one archive with a copy of the store, the submitted files, and what each must hash to.

Invariant: a backup is of one moment, whoever works meanwhile. A restore touches nothing before
every byte of the archive was read and has the hash that the manifest gives, and its record was
verified.

    manifest.json     format, moment, SHA-256 of every other member
    store.sqlite3     the store, whichever database it was copied from
    files/ab/abcd…    the submitted files, named by their own hash
"""

import hashlib
import io
import json
import tarfile
import tempfile
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import func, select

from reviewer.errors import BackupError, StoreError
from reviewer.store import audit
from reviewer.store.copying import copy_store, is_empty
from reviewer.store.database import Database, open_database
from reviewer.store.files import FileStore
from reviewer.store.reconcile import reconcile
from reviewer.store.schema import artifact, submission

FORMAT = 1
"""Version of the archive's form; an archive of another one is refused."""

MANIFEST, STORE = "manifest.json", "store.sqlite3"
BLOCK = 1 << 20  # bytes read at once


@dataclass(frozen=True, slots=True)
class Backup:
    """What is in a backup: of which moment (UTC, ISO 8601), and how much."""

    moment: str
    submissions: int
    files: int
    events: int


def make_backup(database: Database, files: FileStore, target: Path) -> Backup:
    """Write a backup to the file `target`, whole or not at all; raises `BackupError`, `StoreError`.

    Every submitted file is read, and the backup refused where one is not what it was.
    """
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as folder:
            kept = Path(folder) / STORE
            with closing(_open(kept)) as copy:
                copied = copy_store(database, copy)
                named, submissions = _files_in(copy), _submissions_in(copy)
            whole = Path(folder) / "archive"
            _write(whole, moment, kept, ((name, files.find(name)) for name in named), named)
            whole.replace(target)
    except OSError as error:
        raise BackupError(
            f"{target} cannot be written: {(error.strerror or str(error)).lower()}; name a file in "
            "a folder with room for the store and all submitted files."
        ) from error
    with database.writing() as connection:
        audit.append(connection, "backup_made", {"moment": moment})
    return Backup(moment, submissions, len(named), copied.events)


def _open(file: Path) -> Database:
    return open_database(f"sqlite:///{file}")


def _files_in(store: Database) -> tuple[str, ...]:
    """Hashes of the submitted files that the store refers to."""
    usable = select(artifact.c.sha256, artifact.c.captions_sha256).where(
        artifact.c.problem.is_(None)
    )
    with store.reading() as connection:
        found = {sha256 for row in connection.execute(usable) for sha256 in row if sha256}
    return tuple(sorted(found))


def _submissions_in(store: Database) -> int:
    with store.reading() as connection:
        return connection.scalar(select(func.count()).select_from(submission)) or 0


def _member(sha256: str) -> str:
    return f"files/{sha256[:2]}/{sha256}"


def _write(
    archive: Path,
    moment: str,
    kept: Path,
    files: Iterable[tuple[str, Path]],
    named: tuple[str, ...],
) -> None:
    with kept.open("rb") as stream:
        members = {STORE: hashlib.file_digest(stream, "sha256").hexdigest()}
    members |= {_member(name): name for name in named}
    manifest = {"format": FORMAT, "moment": moment, "members": members}
    written = json.dumps(manifest, indent=1).encode()
    with tarfile.open(archive, "w") as tar:
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(written)
        tar.addfile(info, io.BytesIO(written))
        tar.add(kept, STORE, filter=_plain)
        for name, path in files:
            tar.add(path, _member(name), filter=_plain)


def _plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the name and number of whoever runs this."""
    return info.replace(uid=0, gid=0, uname="", gname="", mode=0o600, deep=False)


def restore_backup(
    source: Path, database: Database, files: FileStore, *, replace: bool = False
) -> Backup:
    """Bring a backup into a store; with `replace`, in the place of what is there.

    Pages may be served meanwhile. Raises `BackupError` where the store is not empty, or the archive
    not whole; `StoreError` where what was brought cannot be written.
    """
    if not replace and (files.names() or not is_empty(database)):
        raise BackupError(
            f"{database.name} is not empty: restore into another REVIEWER_HOME, or give --replace "
            "to lose what is there."
        )
    with tempfile.TemporaryDirectory(prefix="reviewer-restore-") as folder:
        room = Path(folder)
        manifest = _verified(source, room / STORE)
        with closing(_open(room / STORE)) as copy:
            _refuse_untrusted(copy, source)
            named = _files_in(copy)
            lacking = {_member(name) for name in named} - manifest["members"].keys()
            if lacking:
                raise BackupError(f"{source} lacks {min(lacking)}, which its store refers to.")
            _bring(source, files, named, room / "file")
            copied = copy_store(copy, database, replace=replace)
            submissions = _submissions_in(copy)
    for name in set(files.names()) - set(named) if replace else ():
        files.remove(name)
    with database.writing() as connection:
        audit.append(connection, "store_restored", {"moment": manifest["moment"]})
    return Backup(manifest["moment"], submissions, len(named), copied.events)


def _verified(source: Path, store: Path) -> dict[str, Any]:
    """The manifest, once every member was read and has its hash; the store lies at `store` then."""
    try:
        with tarfile.open(source, "r:") as tar:
            manifest = _manifest(tar, source)
            expected = dict(manifest["members"])
            for info in list(tar)[1:]:
                stream = tar.extractfile(info)
                sha256 = expected.pop(info.name, None)
                if stream is None or sha256 is None:
                    raise BackupError(f"{source} holds {info.name!r}, which its manifest lacks.")
                if _copy(stream, store if info.name == STORE else None) != sha256:
                    raise BackupError(
                        f"{info.name} in {source} was changed after the backup was made (its "
                        "SHA-256 is another one): take another backup."
                    )
    except (OSError, tarfile.TarError) as error:
        raise BackupError(f"{source} cannot be read as a backup: {error}.") from error
    if expected:
        raise BackupError(f"{source} lacks {min(expected)}, which its manifest names.")
    return manifest


def _manifest(tar: tarfile.TarFile, source: Path) -> dict[str, Any]:
    info = tar.next()
    stream = tar.extractfile(info) if info is not None and info.name == MANIFEST else None
    found: Any = None
    with suppress(ValueError):
        found = json.loads(stream.read()) if stream else None
    members = found.get("members") if isinstance(found, dict) else None
    whole = isinstance(members, dict) and STORE in members
    if not isinstance(found, dict) or not whole or found.get("format") != FORMAT:
        raise BackupError(
            f"{source} is no backup that this version of reviewer can read: name a file that "
            "`reviewer backup` wrote."
        )
    return found


def _copy(stream: IO[bytes], target: Path | None) -> str:
    """The SHA-256 of the stream, which is written to `target`, if there is one."""
    digest = hashlib.sha256()
    with target.open("wb") if target else io.BytesIO() as out:
        while block := stream.read(BLOCK):
            digest.update(block)
            if target:
                out.write(block)
    return digest.hexdigest()


def _refuse_untrusted(copy: Database, source: Path) -> None:
    try:
        audit.verify(copy)
        reconcile(copy)
    except StoreError as error:
        raise BackupError(f"The store in {source} cannot be trusted: {error}") from error


def _bring(source: Path, files: FileStore, named: Iterable[str], passing: Path) -> None:
    """Keep the submitted files of an archive, each by way of the file `passing`."""
    with tarfile.open(source, "r:") as tar:
        for name in named:
            stream = tar.extractfile(_member(name))
            assert stream is not None
            _copy(stream, passing)
            files.keep(passing, name)
