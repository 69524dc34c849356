"""The folder where weights lie: what is there, and whether its bytes are still right.

Invariant: `put` is the only way onto the shelf, and it takes a folder whose files were verified.
"""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

from reviewer.errors import HashMismatch, WeightsMissing
from reviewer.weights.manifest import Manifest, WeightsFile

BLOCK = 1 << 20  # bytes read at once while hashing


def installed(manifest: Manifest, models_dir: Path) -> bool:
    """Whether all files are there with their sizes (their hashes: see `verify`)."""
    folder = models_dir / manifest.id
    return all(_size(folder / file.path) == file.bytes for file in manifest.files)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def locate(manifest: Manifest, models_dir: Path) -> Path:
    """The model's folder; raises `WeightsMissing` with the command that brings the weights."""
    if installed(manifest, models_dir):
        return models_dir / manifest.id
    raise WeightsMissing(
        f"The weights of {manifest.id} ({manifest.bytes / 1e6:.0f} MB) are not in {models_dir}; "
        f"run `reviewer models pull {manifest.id}` on a machine with a network."
    )


def sha256_of(path: Path, advance: Callable[[int], None] = lambda _: None) -> str:
    """SHA-256 (hex) of a file; `advance` is told of each block's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
            advance(len(block))
    return digest.hexdigest()


def check(file: WeightsFile, path: Path, advance: Callable[[int], None] = lambda _: None) -> None:
    """Raise `HashMismatch` naming both hashes unless `path` holds exactly the bytes of `file`."""
    found = sha256_of(path, advance)
    if found != file.sha256:
        raise HashMismatch(
            f"{file.path}: its SHA-256 is {found}, but the manifest says {file.sha256}; these are "
            "not the maker's bytes."
        )


def verify(
    manifest: Manifest, models_dir: Path, advance: Callable[[int], None] = lambda _: None
) -> None:
    """Hash every file again; raises `WeightsMissing` or `HashMismatch`."""
    folder = locate(manifest, models_dir)
    for file in manifest.files:
        try:
            check(file, folder / file.path, advance)
        except HashMismatch as error:
            raise HashMismatch(
                f"{manifest.id}/{error} Run `reviewer models pull {manifest.id}` to mend it."
            ) from error


def put(manifest: Manifest, verified: Path, models_dir: Path) -> Path:
    """Move a verified folder onto the shelf in one step, in place of whatever lay there."""
    target = models_dir / manifest.id
    old = models_dir / f".old-{manifest.id}"
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.replace(old)
    verified.replace(target)
    shutil.rmtree(old, ignore_errors=True)
    return target
