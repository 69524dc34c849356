"""The badges of a program in bulk: one zip of what is handed out one by one elsewhere.

Invariant: every badge is asked for and recorded like a single one; those that the person may not
have are named in the archive and not in it. Equal awards give equal bytes.
"""

import zipfile
from datetime import date
from tempfile import SpooledTemporaryFile
from typing import IO

from reviewer.desk.exports import Exports
from reviewer.desk.programs import ProgramDesk
from reviewer.errors import NotPermitted, ReviewError
from reviewer.review.permission import Person
from reviewer.store.human import HumanRecords

IN_MEMORY = 16_000_000  # bytes; a larger archive is written to a temporary file
_THEN = (1980, 1, 1, 0, 0, 0)  # the earliest moment that a zip can say


class BulkBadges:
    """Archives of badges; safe to share among threads."""

    def __init__(self, records: HumanRecords, programs: ProgramDesk, exports: Exports) -> None:
        self._records = records
        self._programs = programs
        self._exports = exports

    def archive(self, person: Person, credential: str, since: date | None = None) -> IO[bytes]:
        """The badges of every award since the day (UTC; null: ever); raises `ReviewError`."""
        self._programs.credential(person, credential)
        awarded = self._records.outcomes.awarded(credential, since)
        if not awarded:
            raise ReviewError("There is no award of this credential in that time.")
        left_out: list[str] = []
        file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the caller sends it
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for submission in awarded:
                try:
                    badge = self._exports.badge(person, submission)
                except NotPermitted as error:
                    left_out.append(f"{submission}: {error}")
                    continue
                archive.writestr(_entry(f"{submission}.json"), badge)
            if left_out:
                archive.writestr(_entry("left-out.txt"), "\n".join(left_out) + "\n")
        file.seek(0)
        return file


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _THEN)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
