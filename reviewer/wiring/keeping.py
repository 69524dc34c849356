"""What is done to a store as a whole: erasing, retention, copying, backups.

Invariant: the store is opened as everything else opens it, so all of it may happen while pages are
served.
"""

from collections.abc import Sequence
from pathlib import Path

from reviewer.settings import Settings
from reviewer.store.backup import Backup, make_backup, restore_backup
from reviewer.store.copying import Copied, copy_store
from reviewer.store.database import Database, open_database
from reviewer.store.embeddings import StoredEmbeddings
from reviewer.store.erasure import Erased, Erasure, Work
from reviewer.store.programs import Programs
from reviewer.store.repository import Repository
from reviewer.store.retention import Kept, kept_work
from reviewer.wiring.manifests import masking_of
from reviewer.wiring.opening import files_of
from reviewer.wiring.rubrics import credentials_of


def work_of(settings: Settings, candidate: str) -> Work:
    """All work of a candidate; raises `NothingToErase`."""
    return _erasure(settings, open_database(settings.database_url)).of(candidate)


def erase(settings: Settings, works: Sequence[Work]) -> Erased:
    """Erase work, and search the store for what is left; raises `TracesRemain`, `StoreError`."""
    return _erasure(settings, open_database(settings.database_url)).erase(works)


def _erasure(settings: Settings, database: Database) -> Erasure:
    files, folders = files_of(settings), [settings.home, settings.fitted_dir]
    known = credentials_of(settings.rubrics_dir, Programs(database))
    return Erasure(
        database,
        Repository(database, files),
        files,
        folders,
        masking_of(settings),
        ratings_too=[one.id for one in known if one.erase_ratings],
    )


def retention(settings: Settings) -> tuple[Kept, ...]:
    """Work for the credentials that have `retention_days`, the next to end first."""
    database = open_database(settings.database_url)
    known = credentials_of(settings.rubrics_dir, Programs(database))
    return kept_work(database, {one.id: one.retention_days for one in known if one.retention_days})


def backup(settings: Settings, target: Path) -> Backup:
    """Write a backup to the file `target`; raises `BackupError`, `StoreError`."""
    return make_backup(open_database(settings.database_url), files_of(settings), target.resolve())


def restore(settings: Settings, source: Path, *, replace: bool) -> Backup:
    """Bring a backup into REVIEWER_HOME; raises `BackupError`, `StoreError`."""
    database = open_database(settings.database_url)
    return restore_backup(source, database, files_of(settings), replace=replace)


def copy_to(settings: Settings, url: str) -> Copied:
    """Copy the store, without the submitted files, to an empty database; raises `StoreError`."""
    return copy_store(open_database(settings.database_url), open_database(url))


def sweep(settings: Settings) -> tuple[int, int]:
    """Leave nothing on this machine of rows and files that are gone; raises `StoreError`.

    Returns how many vectors and how many copies of files were removed.
    """
    database = open_database(settings.database_url)
    vectors = StoredEmbeddings(database).clear()
    database.overwrite_removed()
    return vectors, files_of(settings).drop_copies()
