"""The store and the work on it, opened from settings: once in a program, once in each worker.

Invariant: a worker plans and performs with the fitted scorers that its program listed.
"""

import os
from collections.abc import Sequence

from reviewer.jobs.work import FirstPassWork
from reviewer.logs import write_logs
from reviewer.scoring.fitted.shelf import Shelved
from reviewer.settings import Settings
from reviewer.store.database import Database, open_database
from reviewer.store.files import FileStore
from reviewer.store.remote import Remote
from reviewer.store.repository import Repository
from reviewer.wiring.manifests import engines_of, limits_of, masking_of
from reviewer.wiring.models import LocalModels


def open_work(settings: Settings, shelf: Sequence[Shelved]) -> FirstPassWork:
    """What a worker process needs; it opens the store for itself."""
    write_logs(settings.log)
    # Model libraries draw bars and ask their hub unless told otherwise before they are imported.
    os.environ.update(
        HF_HUB_OFFLINE="1", HF_HUB_DISABLE_PROGRESS_BARS="1", TRANSFORMERS_VERBOSITY="error"
    )
    return work_on(settings, open_repository(settings), shelf)


def open_repository(settings: Settings) -> Repository:
    """The submissions of the store at REVIEWER_HOME; raises `StoreError`, `MaskingError`."""
    return repository_in(settings, open_database(settings.database_url))


def repository_in(settings: Settings, database: Database) -> Repository:
    """The submissions in an opened database."""
    return Repository(database, files_of(settings), masking_of(settings))


def files_of(settings: Settings) -> FileStore:
    """The submitted files; raises `StoreError` where REVIEWER_FILES is no URL that can be used."""
    remote = Remote(settings.files) if settings.files else None
    return FileStore(settings.home / "files", remote)


def work_on(settings: Settings, repository: Repository, shelf: Sequence[Shelved]) -> FirstPassWork:
    """The stages of first passes on the submissions of a repository."""
    models = LocalModels(settings, repository.embeddings, shelf)
    return FirstPassWork(repository, engines_of(settings, shelf), models, limits_of(settings))
