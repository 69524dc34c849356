"""Bringing weights onto this machine: sources in order, the hash decides, all or nothing.

Invariant: nothing reaches the shelf before each of its files has matched its hash; an interrupted
pull leaves only ``.partial-<id>``, from which the next one goes on.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from reviewer.errors import HashMismatch, SourcesExhausted, WeightsError, WeightsMissing
from reviewer.weights.manifest import Manifest, WeightsFile
from reviewer.weights.shelf import check, installed, locate, put
from reviewer.weights.sources import Advance, Fetcher, Unavailable


def ensure(
    manifest: Manifest, models_dir: Path, offline: bool, advance: Callable[[int], None]
) -> Path:
    """The model's folder, pulled first if it is not there and `offline` allows it.

    `advance` is told of installed bytes as they arrive (their sum approaches `manifest.bytes`).
    Raises `WeightsMissing` (offline), `HashMismatch` or `SourcesExhausted`.
    """
    if installed(manifest, models_dir):
        return locate(manifest, models_dir)
    if offline:
        raise WeightsMissing(
            f"The weights of {manifest.id} ({manifest.bytes / 1e6:.0f} MB) are not in "
            f"{models_dir}, and REVIEWER_OFFLINE=1 forbids pulling them; run `reviewer models pull "
            f"{manifest.id}` once without it, or copy them there from another machine."
        )
    return pull(manifest, models_dir, advance)


def pull(manifest: Manifest, models_dir: Path, advance: Callable[[int], None]) -> Path:
    """Hash what is there, fetch what is not right, and shelve the model; raises as `ensure` does.

    Files that are already there and right are kept. Two processes pulling the same model wait for
    each other.
    """
    try:
        models_dir.mkdir(parents=True, exist_ok=True)
        with FileLock(models_dir / f".lock-{manifest.id}"):
            return _pull(manifest, models_dir, advance)
    except OSError as error:
        raise WeightsError(
            f"The weights of {manifest.id} cannot be written to {models_dir}: "
            f"{error.strerror or error}; free some space there or set REVIEWER_MODELS_DIR to "
            "another folder."
        ) from error


def _pull(manifest: Manifest, models_dir: Path, advance: Advance) -> Path:
    shelved = models_dir / manifest.id
    if all(_right(file, shelved / file.path) for file in manifest.files):
        advance(manifest.bytes)
        return shelved
    partial = models_dir / f".partial-{manifest.id}"
    fetcher = Fetcher(partial)
    for file in manifest.files:
        target = partial / "files" / file.path
        if _right(file, target) or _reuse(file, shelved / file.path, target):
            advance(file.bytes)
        else:
            _fetch(fetcher, manifest, file, target, advance)
    folder = put(manifest, partial / "files", models_dir)
    shutil.rmtree(partial, ignore_errors=True)
    return folder


def _right(file: WeightsFile, path: Path) -> bool:
    try:
        check(file, path)
    except (OSError, HashMismatch):
        return False
    return True


def _reuse(file: WeightsFile, shelved: Path, target: Path) -> bool:
    """Copy a file that is already on the shelf, if its bytes are right."""
    if not _right(file, shelved):
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(shelved, target)
    return True


def _fetch(
    fetcher: Fetcher, manifest: Manifest, file: WeightsFile, target: Path, advance: Advance
) -> None:
    reasons: list[str] = []
    mismatch: HashMismatch | None = None
    for source in manifest.sources:
        try:
            fetcher.fetch(manifest, source, file, target, advance)
            check(file, target)
        except Unavailable as error:
            reasons.append(str(error))
        except HashMismatch as error:
            target.unlink()
            fetcher.forget(source)
            mismatch = error
            reasons.append(f"{source.kind}: {error}")
        else:
            return
    said = "; ".join(reason.rstrip(".") for reason in reasons)
    if mismatch is not None:
        raise HashMismatch(
            f"{manifest.id}/{file.path} was fetched and deleted again, because its hash is not "
            f"the maker's ({said}). Try again later or add a source to models/{manifest.id}.toml."
        )
    raise SourcesExhausted(
        f"{manifest.id}/{file.path} could not be fetched from any source ({said}). Check the "
        f"network and run `reviewer models pull {manifest.id}` again: it goes on where it stopped."
    )
