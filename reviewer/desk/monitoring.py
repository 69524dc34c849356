"""Snapshots of a program: made of what the store holds, shown to its issuers, handed out as CSV.

Invariant: a page reads the newest snapshot and makes none; making one asks nobody's permission
(it is a duty of the house) but shows nothing either.
"""

from collections.abc import Sequence

from reviewer.calibration.gate import Thresholds
from reviewer.calibration.monitoring import Facts, Snapshot
from reviewer.calibration.ratings import Ratings, make_ratings, read_table
from reviewer.desk.case import Submissions
from reviewer.desk.programs import ProgramDesk
from reviewer.desk.rating_rows import live_rows
from reviewer.errors import ReviewError
from reviewer.export.ratings import RatingRow, ratings_parquet
from reviewer.export.tables import table_csv
from reviewer.review.permission import Person
from reviewer.review.policy import Policy
from reviewer.rubric import Credential
from reviewer.store.human import HumanRecords


class Monitoring:
    """Snapshots of programs; safe to share among threads."""

    def __init__(
        self, submissions: Submissions, records: HumanRecords, programs: ProgramDesk
    ) -> None:
        self._submissions = submissions
        self._records = records
        self._programs = programs

    def make(self, credential: Credential) -> Snapshot:
        """Make and keep a snapshot; takes as long as a calibration report."""
        with self._records.reading():
            stored = self._records.programs.policy(credential.id)
            observed = self._records.monitored.observe(credential)
            rows = live_rows(self._submissions, self._records, credential.id)
        policy = stored.policy if stored else Policy()
        from reviewer.calibration.monitoring.build import snapshot  # statistics: a second

        made = snapshot(
            Facts(
                credential=credential,
                at=observed.at,
                time_zone=policy.time_zone,
                thresholds=stored.thresholds if stored else Thresholds(),
                works=observed.works,
                ratings=_table(rows, credential.id),
                validity=observed.validity,
                awards=observed.awards,
                waivers=observed.waivers,
            )
        )
        self._records.monitored.keep(made)
        return made

    def latest(self, person: Person, credential: str) -> Snapshot | None:
        """The newest snapshot of a program of the person's; null where none was made."""
        self._programs.credential(person, credential)
        return self._records.monitored.latest(credential)

    def table(self, person: Person, credential: str, name: str) -> bytes:
        """One table of the newest snapshot as CSV; raises `ReviewError` where there is none."""
        shown = self.latest(person, credential)
        found = shown.table(name) if shown else None
        if found is None:
            raise ReviewError("There is no such table in the newest snapshot.")
        self._records.reviews.handed_out("*", person, f"table {name} of {credential}")
        return table_csv(found.columns, found.rows)


def _table(rows: Sequence[RatingRow], name: str) -> Ratings | None:
    """The rows as the calibration harness takes them; null where no person rated anything."""
    if not any(row.timestamp for row in rows):
        return None
    return make_ratings(read_table(ratings_parquet(rows), name), name)
