"""The credentials of a house: the files of its folder, under what was published into its store.

Invariant: the newest published version of an id stands before a file of that id. A file is read
again when its time or its size has changed, and not at every request.
"""

from functools import lru_cache
from pathlib import Path

from reviewer.rubric import Credential, find_credential, list_credentials
from reviewer.settings import Settings
from reviewer.store.database import is_there, open_database
from reviewer.store.programs import Programs, Published

Stamp = tuple[tuple[str, int, int], ...]


def credentials_of(folder: Path, programs: Programs) -> tuple[Credential, ...]:
    """The credentials that something can be handed in for, by id."""
    known = {one.id: one for one in _in_folder(folder, _stamp(folder))}
    known |= {one.id: one for one in programs.newest()}
    return tuple(known[name] for name in sorted(known))


def _stamp(folder: Path) -> Stamp:
    """Name, time and size of everything in the folder; empty where there is none."""
    if not folder.is_dir():
        return ()
    found = ((one.name, one.stat()) for one in folder.iterdir() if one.is_file())
    return tuple(sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in found))


@lru_cache(maxsize=8)
def _in_folder(folder: Path, _: Stamp) -> tuple[Credential, ...]:
    listed = list_credentials(folder)
    return tuple(one.credential for one in listed if one.credential is not None)


def newest_credentials(settings: Settings) -> tuple[Credential, ...]:
    """The newest version of every credential, published or in the folder; raises `StoreError`."""
    return credentials_of(settings.rubrics_dir, Programs(open_database(settings.database_url)))


def published_credentials(settings: Settings) -> tuple[Credential, ...]:
    """The newest version of each published credential; none where no store was ever made.

    Raises `StoreError`.
    """
    if not is_there(settings.database_url):
        return ()
    return Programs(open_database(settings.database_url)).newest()


def credential_named(settings: Settings, id_or_path: str) -> Credential:
    """The credential of this id, published or in the folder, or in the file at this path.

    Raises `UnknownCredential` where there is neither, `RubricError`, or `StoreError`.
    """
    if Path(id_or_path).name != id_or_path:  # a path, whatever is in the store
        return find_credential(id_or_path, settings.rubrics_dir)
    return find_credential(id_or_path, settings.rubrics_dir, published_credentials(settings))


def publish_rubric(settings: Settings, credential: Credential) -> Published:
    """Publish a version for who runs the machine; raises `RubricError` for one that changed."""
    return Programs(open_database(settings.database_url)).publish(credential, None)
