"""What lies in a submission's folder: regular files, in natural order, and nothing outside of it.

Invariant: no link is followed out of the folder, and nothing is opened here. Links to files inside
are resolved; links to folders are not entered, so no loop is possible. Pipes, sockets and devices
are never opened by anyone, because they get no path.
"""

import re
import stat
from dataclasses import dataclass
from pathlib import Path

from reviewer.errors import IntakeError, MissingFile, OutsideFolder, SubmissionError, WrongType
from reviewer.intake.submitted import printable

_LITTER = frozenset({".ds_store", "thumbs.db", "desktop.ini", "__macosx", "icon\r"})
_DIGITS = re.compile(r"([0-9]+)")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file that was found; `path` (resolved) is null where `error` says why it is not read."""

    name: str
    path: Path | None
    size: int = 0
    link: bool = False
    error: IntakeError | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """Entries in natural order of their names, and sentences about what was passed over."""

    entries: tuple[Entry, ...]
    messages: tuple[str, ...]


def list_folder(root: Path, declaration: Path | None, max_files: int) -> Listing:
    """Every file under `root` (a resolved folder) but hidden ones, litter and `declaration`.

    A submission has a dozen files; raises `SubmissionError` if `root` holds more than `max_files`,
    hidden ones not counted, before the rest is listed.
    """
    entries: list[Entry] = []
    hidden: list[str] = []
    messages: list[str] = []
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            children = list(folder.iterdir())
        except OSError as error:
            where = printable(folder.relative_to(root).as_posix())
            messages.append(f"The folder {where} cannot be opened ({error.strerror}).")
            continue
        for path in children:
            name = printable(path.relative_to(root).as_posix())
            if path.name.casefold() in _LITTER:
                continue
            if path.name.startswith((".", "~$")):
                hidden.append(name)
            elif path.is_dir() and not path.is_symlink():
                waiting.append(path)
            elif path.is_dir() and path.resolve().is_relative_to(root):
                messages.append(f"{name} is a link to a folder and was not entered.")
            else:
                entry = _entry(path, name, root)
                if entry.path is None or entry.path != declaration:
                    entries.append(entry)
        _refuse_too_many(entries, root, max_files)
    if hidden:
        messages.append(f"Passed over, because hidden: {', '.join(sorted(hidden)[:10])}.")
    entries.sort(key=lambda entry: natural(entry.name))
    return Listing(tuple(entries), tuple(sorted(messages)))


def _refuse_too_many(entries: list[Entry], root: Path, max_files: int) -> None:
    if len(entries) > max_files:
        raise SubmissionError(
            f"The folder {printable(root.name)} holds more than {max_files} files: name the folder "
            "of one submission, or raise REVIEWER_MAX_FILES."
        )


def natural(name: str) -> tuple[tuple[tuple[int, int, str], ...], str]:
    """Sort key: "video10" comes after "video2", folder by folder, capitals beside small letters."""
    parts = _DIGITS.split(name.casefold().replace("/", "\0"))
    key = tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part)
    return key, name


def _entry(path: Path, name: str, root: Path) -> Entry:
    link = path.is_symlink()
    try:
        target = path.resolve(strict=True) if link else path
        if link and not target.is_relative_to(root):
            raise OutsideFolder(
                f"{name} is a link that leads out of the submission's folder; put the file itself "
                "there."
            )
        status = target.stat(follow_symlinks=False)
        if not stat.S_ISREG(status.st_mode):
            raise WrongType(f"{name} is not a file but a pipe, socket or device; remove it.")
    except IntakeError as error:
        return Entry(name, None, link=link, error=error)
    except (OSError, RuntimeError):  # RuntimeError: pathlib on a loop of links, before 3.13
        missing = MissingFile(f"{name} is a link to nothing; put the file itself there.")
        return Entry(name, None, link=link, error=missing)
    return Entry(name, target, status.st_size, link)
