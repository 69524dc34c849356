"""From facts to a snapshot.

Invariant: the same facts give the same snapshot; a part that cannot be made is an empty table with
its reason.
"""

from reviewer.calibration.gate.judging import verdicts
from reviewer.calibration.monitoring import awards, work
from reviewer.calibration.monitoring.alerts import alerts
from reviewer.calibration.monitoring.facts import Facts
from reviewer.calibration.monitoring.model import Snapshot
from reviewer.calibration.monitoring.ratings import NOTHING, rating_tables
from reviewer.calibration.report import Options, Report, calibrate
from reviewer.errors import RatingsError

RESAMPLES = 200
"""Draws of candidates: enough for a dashboard; `reviewer calibrate` takes 1000."""


def snapshot(facts: Facts) -> Snapshot:
    """The snapshot of a program at `facts.at`."""
    report, why_none = _report(facts)
    tables = (
        work.backlog(facts),
        work.turnaround(facts),
        *rating_tables(report),
        work.validity(facts),
        work.overrides(facts),
        work.routing(facts),
        work.waivers(facts),
        awards.outcomes(facts),
        awards.stacks(facts),
        awards.recognition(facts),
    )
    credential = facts.credential
    elements = tuple(element.id for element in credential.elements)
    judged = (
        ()
        if report is None
        else verdicts(report, "", facts.thresholds, credential.id, credential.rubric_hash, elements)
    )
    return Snapshot(
        credential=credential.id,
        title=credential.title,
        made_at=facts.at.isoformat(timespec="seconds"),
        time_zone=facts.time_zone,
        works=len(facts.works),
        headline=report.headline if report else why_none,
        tables=tables,
        alerts=alerts(tables, judged),
    )


def _report(facts: Facts) -> tuple[Report | None, str]:
    """The calibration report on the ratings, or why there is none."""
    if facts.ratings is None:
        return None, NOTHING
    options = Options(credential=facts.credential, resamples=RESAMPLES)
    try:
        return calibrate(facts.ratings, facts.credential.id, "", options), ""
    except RatingsError as error:
        return None, str(error)
