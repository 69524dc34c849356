"""From file names as submission.yaml writes them to the files of the folder.

Invariant: a name that leads out of the folder, or that no file has, becomes an entry with an error;
nothing is looked up on the disk.
"""

import posixpath
import re
from collections.abc import Iterable, Sequence

from reviewer.errors import MissingFile, OutsideFolder
from reviewer.intake.package.declaration import Declaration, Listed
from reviewer.intake.package.folder import Entry, natural
from reviewer.rubric.model import Credential

_ABSOLUTE = re.compile(r"[/~]|[A-Za-z]:/|\.\.(?:/|$)")


class DeclaredNames:
    """The names of one submission.yaml, matched with the entries of its folder.

    Matched is the name as written; else with backslashes as slashes and ``./`` or ``a/../``
    cleared; else but for capitals, where that leaves one file.
    """

    def __init__(self, declaration: Declaration, entries: Sequence[Entry]) -> None:
        self._declaration = declaration
        self._exact = {entry.name for entry in entries}
        self._folded: dict[str, list[str]] = {}
        for entry in entries:
            self._folded.setdefault(entry.name.casefold(), []).append(entry.name)

    def slots(self, credential: Credential) -> tuple[dict[str, tuple[str, str]], tuple[str, ...]]:
        """File name -> slot id and the place that says so, and a sentence per unknown slot."""
        known = {slot.id for slot in credential.slots}
        found: dict[str, tuple[str, str]] = {}
        unknown: dict[str, Listed] = {}
        for listed, slot in self._declaration.slots:
            if slot in known:
                found.setdefault(self._name(listed), (slot, self._place(listed)))
            else:
                unknown.setdefault(slot, listed)
        has = (
            f"it has {', '.join(slot.id for slot in credential.slots)}" if known else "it has none"
        )
        return found, tuple(
            f"{self._place(listed)}: the credential has no slot “{slot}” ({has}), so the files "
            "under it are treated as if they were not listed."
            for slot, listed in unknown.items()
        )

    def captions(self) -> dict[str, str]:
        """Recording -> captions, by the names of the files."""
        return {
            self._name(recording): self._name(own) for recording, own in self._declaration.captions
        }

    def unfound(self) -> tuple[Entry, ...]:
        """An entry with an error for each name that leads out of the folder or that no file has."""
        wanted: dict[str, Listed] = {}
        for listed in self._all():
            name = self._name(listed)
            if name not in self._exact:
                wanted.setdefault(name, listed)
        return tuple(self._refused(name, wanted[name]) for name in sorted(wanted, key=natural))

    def _all(self) -> Iterable[Listed]:
        for listed, _ in self._declaration.slots:
            yield listed
        for recording, own in self._declaration.captions:
            yield recording
            yield own

    def _name(self, listed: Listed) -> str:
        if listed.name in self._exact:
            return listed.name
        cleared = posixpath.normpath(listed.name.strip().replace("\\", "/"))
        if cleared in self._exact:
            return cleared
        alike = self._folded.get(cleared.casefold(), [])
        return alike[0] if len(alike) == 1 else cleared

    def _place(self, listed: Listed) -> str:
        return f"{self._declaration.file}, line {listed.line}"

    def _refused(self, name: str, listed: Listed) -> Entry:
        if _ABSOLUTE.match(name):
            outside = OutsideFolder(
                f"{self._place(listed)} names {listed.name}, which is outside the submission's "
                "folder; put the file into the folder."
            )
            return Entry(name, None, error=outside)
        missing = MissingFile(
            f"{self._place(listed)} names {listed.name}, which is not a file in the folder (hidden "
            "ones do not count); add it or correct the name."
        )
        return Entry(name, None, error=missing)
