"""Tables on works: how long they took, where they wait, why they were scored twice.

Invariant: a day is a calendar day of the program's time zone, so a change of clocks or a work that
arrives near midnight counts as people there count; never a multiple of 24 hours.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from reviewer.calibration.monitoring.facts import STATES, Facts, State, Work
from reviewer.calibration.monitoring.model import WAIVERS, Cell, Table
from reviewer.calibration.shares import Share, share
from reviewer.review.decision import REASONS, Reason
from reviewer.review.routing import WORDS, Why


def days_between(start: datetime, end: datetime, zone: ZoneInfo) -> int:
    """Calendar days of `zone` from one moment to another; 0 on the same day."""
    return (end.astimezone(zone).date() - start.astimezone(zone).date()).days


def turnaround(facts: Facts) -> Table:
    """Days from receiving to finalizing, by the month of finalizing."""
    zone = ZoneInfo(facts.time_zone)
    months: dict[str, list[Work]] = {}
    for work in facts.works:
        if work.finalized_at is not None:
            months.setdefault(f"{work.finalized_at.astimezone(zone):%Y-%m}", []).append(work)
    columns = ("month", "works", "median_days", "most_days", *share_columns("in_time"))
    return Table(
        "turnaround",
        "How long do candidates wait?",
        columns,
        tuple((month, *_month(months[month], zone)) for month in sorted(months)),
        f"Calendar days in {facts.time_zone}; in time is within the days promised for each work."
        if months
        else "No review is finalized yet.",
    )


def _month(works: Sequence[Work], zone: ZoneInfo) -> tuple[Cell, ...]:
    taken = [
        days_between(work.received_at, work.finalized_at, zone)
        for work in works
        if work.finalized_at is not None
    ]
    promised = [
        (days <= work.target_days, work.candidate)
        for days, work in zip(taken, works, strict=True)
        if work.target_days is not None
    ]
    in_time = share([kept for kept, _ in promised], [who for _, who in promised])
    return len(taken), float(np.median(taken)), max(taken), *share_cells(in_time)


def backlog(facts: Facts) -> Table:
    """Where the works that are not finished wait."""
    zone = ZoneInfo(facts.time_zone)
    rows: list[tuple[Cell, ...]] = []
    for state in State:
        waiting = [work for work in facts.works if work.state is state]
        if state is State.FINISHED or not waiting:
            continue
        ages = [days_between(work.received_at, facts.at, zone) for work in waiting]
        late = sum(
            work.target_days is not None and age > work.target_days
            for age, work in zip(ages, waiting, strict=True)
        )
        rows.append((STATES[state], len(waiting), max(ages), late))
    return Table(
        "backlog",
        "What waits, and where?",
        ("state", "works", "oldest_days", "late"),
        tuple(rows),
        "" if rows else "Nothing waits.",
    )


def routing(facts: Facts) -> Table:
    """Works scored twice, by reason; a work may have several."""
    found = Counter(why for work in facts.works for why in work.why)
    disputed = Counter(why for work in facts.works if work.adjudicated for why in work.why)
    waived = Counter(why for work in facts.works if work.waived for why in work.why)
    return Table(
        "routing",
        "Why were works scored twice, and how many went to an adjudicator?",
        ("reason", "works", "adjudicated", "waived"),
        tuple((WORDS[why], found[why], disputed[why], waived[why]) for why in Why if found[why]),
        "" if found else "No work was routed to a second score.",
    )


def waivers(facts: Facts) -> Table:
    """Works that went on with one score, since nobody could give the second."""
    zone = ZoneInfo(facts.time_zone)
    return Table(
        WAIVERS,
        "Which works went on without a second score, and why?",
        ("work", "day", "by", "because"),
        tuple(
            (one.submission, f"{one.at.astimezone(zone):%Y-%m-%d}", one.by, one.words)
            for one in facts.waivers
        ),
        "" if facts.waivers else "No second score was waived.",
    )


def overrides(facts: Facts) -> Table:
    """Drafts that a person changed, by element: workload, not accuracy."""
    rows: list[tuple[Cell, ...]] = []
    for element in facts.credential.elements:
        decided = [
            (work.overrides[element.id], work.candidate)
            for work in facts.works
            if element.id in work.overrides
        ]
        changed = share([one is not None for one, _ in decided], [who for _, who in decided])
        if changed is None:
            continue
        most = Counter(one for one, _ in decided if one is not None).most_common(1)
        words = REASONS[Reason(most[0][0])] if most else ""
        rows.append((element.id, *share_cells(changed), words))
    return Table(
        "overrides",
        "How often is a draft changed?",
        ("element", *share_columns("overridden"), "most_frequent_reason"),
        tuple(rows),
        "A workload figure, not accuracy." if rows else "No draft was decided about yet.",
    )


def validity(facts: Facts) -> Table:
    """Levels on validity works beside the known ones, by rater."""
    raters = sorted({one.rater for one in facts.validity})
    rows: list[tuple[Cell, ...]] = []
    for rater in raters:
        own = [one for one in facts.validity if one.rater == rater]
        exact = share([one.level == one.reference for one in own], [one.submission for one in own])
        works = len({one.submission for one in own})
        rows.append((rater, works, *share_cells(exact)))
    return Table(
        "validity",
        "Do evaluators find the levels of works whose levels are known?",
        ("rater", "works", *share_columns("exact")),
        tuple(rows),
        "Kept apart from all other figures." if rows else "No validity work was rated yet.",
    )


def share_columns(name: str) -> tuple[str, ...]:
    """The columns of a share: its n, value and interval."""
    return f"{name}_n", name, f"{name}_low", f"{name}_high"


def share_cells(one: Share | None) -> tuple[Cell, ...]:
    """The cells of a share in [0, 1], to four decimals; null where there is no case."""
    if one is None:
        return 0, None, None, None
    return one.n, round(one.value, 4), round(one.low, 4), round(one.high, 4)
