"""Tables of a snapshot as a page shows them: a value never without its interval and its n."""

from datetime import UTC, datetime

import house_credentials as credentials
import pytest

from reviewer.calibration.gate import Thresholds
from reviewer.calibration.monitoring import Alert, Facts, Snapshot, Table
from reviewer.calibration.monitoring.build import snapshot
from reviewer.web.dashboard import HEADINGS, interval_plot, moment, proposed, shown

AGREEMENT = Table(
    "agreement",
    "How far do two people agree?",
    ("element", "n", "exact", "exact_low", "exact_high", "qwk", "qwk_low", "qwk_high"),
    (
        ("talk", 1118, 0.62, 0.53, 0.7, -0.04, -0.2, 0.1),
        ("plan", 3, 1.0, None, None, None, None, None),
    ),
)
SEVERITY = Table(
    "severity",
    "Who gives more points?",
    ("rater", "works", "n", "fewer_points", "low", "high", "reading"),
    (("ann", 16, 64, 0.5, 0.2, 0.8, "fewer"), ("cem", 16, 64, -0.25, -0.4, -0.1, "more")),
)


def test_a_value_stands_with_its_interval_and_one_that_is_not_known_is_a_dash() -> None:
    made = shown(AGREEMENT)
    assert made.columns == ("element", "n", "exact agreement", "QWK")
    assert made.rows == (
        ("talk", "1,118", "62 % (53 % to 70 %)", "−0.04 (−0.20 to 0.10)"),
        ("plan", "3", "100 %", "–"),
    )


def test_a_share_stands_with_its_n() -> None:
    columns = ("rater", "works", "exact_n", "exact", "exact_low", "exact_high")
    made = shown(Table("validity", "?", columns, (("ann", 2, 8, 0.75, 0.4, 0.93),)))
    assert made.rows == (("ann", "2", "75 % (40 % to 93 %), n = 8"),)


def test_totals_are_written_out() -> None:
    made = shown(Table("recognition", "?", ("awards", "total"), ((12_345, 61_725.0),)))
    assert made.rows == (("12,345", "61,725"),)


def test_intervals_are_drawn_around_the_middle_in_the_order_of_the_table() -> None:
    ann, cem = interval_plot(SEVERITY)
    assert (ann.name, ann.low, ann.at, ann.high) == ("ann", 62.0, 80.0, 98.0)
    assert (cem.low, cem.at, cem.high) == (26.0, 35.0, 44.0)
    assert ann.words == "+0.50 (+0.20 to +0.80)"
    assert shown(SEVERITY).plot == (ann, cem)
    assert interval_plot(Table("severity", "?", SEVERITY.columns, ())) == ()


def test_an_alert_is_shown_with_its_rows_alone() -> None:
    alert = Alert("cem", "cem gives more.", "Talk.", "severity", (1,))
    snapshot = Snapshot("c", "C", "2026-03-20T12:00:00+00:00", "UTC", 1, "", (SEVERITY,), (alert,))
    (one,) = proposed(snapshot)
    assert [row[0] for row in one.evidence.rows] == ["cem"]


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("UTC", "March 20, 2026, 12:00 (UTC)"),
        ("America/Chicago", "March 20, 2026, 07:00 (America/Chicago)"),
    ],
)
def test_a_moment_is_said_as_people_of_the_program_say_it(zone: str, said: str) -> None:
    assert moment("2026-03-20T12:00:00+00:00", zone) == said


def test_every_column_that_a_snapshot_has_is_worded_or_stands_beside_its_value() -> None:
    credential = credentials.graded(elements=1, levels=2)
    at = datetime(2026, 3, 20, tzinfo=UTC)
    for table in snapshot(Facts(credential, at, "UTC", Thresholds(), (), None, (), ())).tables:
        for name in table.columns:
            beside = name.endswith(("_n", "_low", "_high")) or name in ("low", "high")
            assert name in HEADINGS or beside, (table.name, name)
