"""A snapshot of a program: what waits, how long it took, who needs help, what awards count for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import house_credentials as credentials
import house_ratings
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.calibration.gate import Thresholds
from reviewer.calibration.monitoring import (
    Facts,
    Snapshot,
    State,
    Table,
    ValidityRating,
    Waived,
    Work,
)
from reviewer.calibration.monitoring.alerts import alerts
from reviewer.calibration.monitoring.awards import completed, outcomes, recognition, stacks
from reviewer.calibration.monitoring.build import snapshot
from reviewer.calibration.monitoring.model import read_snapshot, snapshot_json
from reviewer.calibration.monitoring.work import (
    backlog,
    days_between,
    overrides,
    routing,
    turnaround,
    validity,
    waivers,
)
from reviewer.calibration.ratings import make_ratings, read_table
from reviewer.export.tables import table_csv
from reviewer.review.routing import WORDS, Why
from reviewer.rubric import Credential

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
BARE = credentials.graded(elements=2, levels=3, required=2)
CHICAGO = "America/Chicago"


def work(number: int = 0, **more: object) -> Work:
    plain = Work(
        submission=f"s{number}",
        candidate=f"C-{number}",
        attempt=1,
        received_at=NOW - timedelta(days=4),
        finalized_at=None,
        outcome=None,
        state=State.EVALUATOR,
        target_days=3,
        why=(),
        adjudicated=False,
        waived=False,
        overrides={},
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def facts(works: Sequence[Work] = (), credential: Credential = BARE, **more: object) -> Facts:
    plain = Facts(credential, NOW, "UTC", Thresholds(), tuple(works), None, (), ())
    return replace(plain, **more)  # type: ignore[arg-type]


class TestTurnaround:
    def test_a_day_is_a_calendar_day_of_the_program_s_time_zone(self) -> None:
        """23:30 in Chicago to 00:30 is one day there, and none in UTC."""
        late = datetime(2026, 1, 6, 5, 30, tzinfo=UTC)
        assert days_between(late, late + timedelta(hours=1), ZoneInfo(CHICAGO)) == 1
        assert days_between(late, late + timedelta(hours=1), ZoneInfo("UTC")) == 0

    @pytest.mark.parametrize(
        ("day", "hours"), [(datetime(2026, 3, 7, 18), 23), (datetime(2026, 10, 31, 18), 25)]
    )
    def test_a_change_of_clocks_makes_no_day_longer_or_shorter(
        self, day: datetime, hours: int
    ) -> None:
        """From six in the evening to six in the evening, over the night in which clocks change."""
        zone = ZoneInfo(CHICAGO)
        start = day.replace(tzinfo=zone)
        end = start + timedelta(days=1)  # wall clock: 23 or 25 hours later
        assert (end.astimezone(UTC) - start.astimezone(UTC)) == timedelta(hours=hours)
        assert days_between(start.astimezone(UTC), end.astimezone(UTC), zone) == 1

    @given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.integers(0, 400))
    def test_days_are_never_negative_and_differ_from_24_hours_by_less_than_one(
        self, start: datetime, hours: int
    ) -> None:
        begun = start.replace(tzinfo=UTC)
        days = days_between(begun, begun + timedelta(hours=hours), ZoneInfo(CHICAGO))
        assert days >= 0
        assert abs(days - hours / 24) < 1 + 1 / 24

    def test_months_are_those_of_finalizing_and_each_has_its_share_in_time(self) -> None:
        made = turnaround(
            facts(
                [
                    work(1, finalized_at=NOW - timedelta(days=1)),
                    work(2, finalized_at=NOW),
                    work(3, finalized_at=NOW, target_days=None),
                    work(4, finalized_at=NOW - timedelta(days=30),
                         received_at=NOW - timedelta(days=31)),
                    work(5),
                ]
            )
        )  # fmt: skip
        assert made.column("month") == ("2026-02", "2026-03")
        assert made.column("works") == (1, 3)
        assert made.column("median_days") == (1.0, 4.0)
        assert made.column("in_time_n") == (1, 2)
        assert made.column("in_time") == (1.0, 0.5)

    def test_a_work_belongs_to_the_month_that_it_was_in_the_program(self) -> None:
        first_of_month = datetime(2026, 3, 1, 3, tzinfo=UTC)  # still February in Chicago
        done = [work(finalized_at=first_of_month, received_at=first_of_month)]
        assert turnaround(facts(done)).column("month") == ("2026-03",)
        assert turnaround(facts(done, time_zone=CHICAGO)).column("month") == ("2026-02",)


class TestBacklog:
    def test_it_says_where_works_wait_how_long_and_how_many_are_late(self) -> None:
        made = backlog(
            facts(
                [
                    work(1),
                    work(2, received_at=NOW - timedelta(days=2)),
                    work(3, target_days=None),
                    work(4, state=State.ADJUDICATION),
                    work(5, state=State.FINISHED),
                ]
            )
        )
        assert made.rows == (("with its evaluator", 3, 4, 1), ("with an adjudicator", 1, 4, 1))

    def test_late_works_are_an_alert_with_the_rows_behind_it(self) -> None:
        found = snapshot(facts([work(1), work(2, state=State.SECOND)])).alerts
        assert [(one.about, one.table, one.rows) for one in found] == [
            ("turnaround", "backlog", (0, 1))
        ]
        assert found[0].sentence == "2 works wait longer than was promised."


class TestOverridesAndRouting:
    def test_an_override_rate_has_its_n_and_interval_and_most_frequent_reason(self) -> None:
        made = overrides(
            facts(
                [
                    work(1, overrides={"e1": None, "e2": "misheard"}),
                    work(2, overrides={"e1": "own_reading"}),
                    work(3, overrides={"e1": None}),
                ]
            )
        )
        first, second = made.rows
        assert first[:3] == ("e1", 3, 0.3333)
        assert second[-1] == "A recording was transcribed wrongly."
        low, high = first[3], first[4]
        assert isinstance(low, float)
        assert isinstance(high, float)
        assert 0 < low < 0.3333 < high < 1

    def test_a_work_with_two_reasons_counts_for_both(self) -> None:
        made = routing(
            facts([work(1, why=(Why.RANDOM, Why.GAP), adjudicated=True), work(2, why=(Why.GAP,))])
        )
        assert made.rows == ((WORDS[Why.RANDOM], 1, 1, 0), (WORDS[Why.GAP], 2, 1, 0))

    def test_a_waived_second_score_is_counted_and_stands_with_its_day_and_reason(self) -> None:
        late = datetime(2026, 3, 10, 2, tzinfo=UTC)  # still the ninth in Chicago
        kept = Waived("s1", late, "issuer", "Everybody else knows her.")
        made = facts([work(1, why=(Why.RANDOM,), waived=True)], waivers=(kept,), time_zone=CHICAGO)
        assert routing(made).rows == ((WORDS[Why.RANDOM], 1, 0, 1),)
        assert waivers(made).rows == (("s1", "2026-03-09", "issuer", "Everybody else knows her."),)
        assert waivers(facts()).note == "No second score was waived."


class TestValidity:
    def test_known_levels_are_counted_by_rater_and_a_whole_interval_below_is_an_alert(self) -> None:
        rated = [
            ValidityRating(rater, f"v{number}", "e1", level, 2.0)
            for number in range(20)
            for rater, level in (("ann", 2.0), ("ben", 0.0), ("cem", 2.0 if number % 3 else None))
        ]
        made = validity(facts(validity=tuple(rated)))
        assert made.column("rater") == ("ann", "ben", "cem")
        assert made.column("works") == (20, 20, 20)
        assert made.column("exact") == (1.0, 0.0, 0.65)
        found = snapshot(facts(validity=tuple(rated))).alerts
        assert [one.about for one in found] == ["ben"]


STACKED = credentials.graded(
    elements=1,
    levels=2,
    required=1,
    recognition=[{"recognizer": "Tennessee", "amount": 5, "unit": "points"}],
    stack={
        "id": "both",
        "title": "Both",
        "members": ["graded", "other"],
        "recognition": [{"recognizer": "A university", "amount": 5, "unit": "credits"}],
    },
)


class TestAwards:
    AWARDS = (("C-1", "graded"), ("C-1", "other"), ("C-2", "graded"), ("C-1", "graded"))

    def test_outcomes_are_counted_by_attempt(self) -> None:
        made = outcomes(
            facts(
                [
                    work(1, outcome="awarded"),
                    work(2, outcome="resubmission_requested"),
                    work(3, attempt=2, outcome="awarded"),
                    work(4, attempt=2),
                ]
            )
        )
        assert made.rows == ((1, 2, 1, 1, 0, 0, 0), (2, 2, 1, 0, 0, 0, 1))

    def test_a_stack_is_completed_by_who_has_every_member(self) -> None:
        made = stacks(facts(credential=STACKED, awards=self.AWARDS))
        assert made.rows == (("Both", 2, 1, 2),)

    def test_a_stack_with_members_elsewhere_is_never_completed_here(self) -> None:
        assert STACKED.stack is not None
        part = STACKED.stack.model_copy(update={"complete": False})
        assert completed(part, self.AWARDS) == 0
        made = stacks(facts(credential=STACKED.model_copy(update={"stack": part})))
        assert "kept elsewhere" in made.note

    def test_a_candidate_counts_once_whatever_they_were_awarded(self) -> None:
        made = recognition(facts(credential=STACKED, awards=self.AWARDS))
        assert made.rows == (
            ("Tennessee", "Graded work", 5.0, "points", 2, 10.0),
            ("A university", "Both", 5.0, "credits", 1, 5.0),
        )


class TestTheWhole:
    def test_a_program_without_any_work_is_a_snapshot_that_says_so_everywhere(self) -> None:
        made = snapshot(facts())
        assert made.headline == "Nobody has rated anything yet."
        assert made.alerts == ()
        assert all(table.rows or table.note for table in made.tables)

    @pytest.mark.parametrize(
        ("elements", "levels"), [(1, 3), pytest.param(25, 9, marks=pytest.mark.slow)]
    )
    def test_credentials_of_every_size_have_one(self, elements: int, levels: int) -> None:
        credential = credentials.graded(elements=elements, levels=levels, required=1)
        rows = [
            f"s{number},e{element},{rater},{(number + shift) % levels}"
            for number in range(12)
            for element in range(1, elements + 1)
            for rater, shift in (("ann", 0), ("ben", number % 2))
        ]
        data = ("submission,element,rater,score\n" + "\n".join(rows) + "\n").encode()
        ratings = make_ratings(read_table(data, "t.csv"), "t.csv")
        made = snapshot(facts(credential=credential, ratings=ratings))
        table = made.table("agreement")
        assert table is not None
        assert table.column("n") == (12,) * elements

    def test_it_is_kept_as_text_and_read_back_as_the_same(self) -> None:
        made = snapshot(facts([work(1, finalized_at=NOW, outcome="awarded")], STACKED))
        assert read_snapshot(snapshot_json(made)) == made

    def test_every_table_is_a_csv_and_no_cell_of_it_a_formula(self) -> None:
        table = Table("t", "?", ("rater", "n", "share"), (("=1+1", 1234567, 0.25), ("b", 1, None)))
        lines = table_csv(table.columns, table.rows).decode().split("\r\n")
        assert lines == ["rater,n,share", "'=1+1,1234567,0.25", "b,1,", ""]

    def test_names_of_tables_are_file_names_and_no_two_are_the_same(self) -> None:
        names = [table.name for table in snapshot(facts()).tables]
        assert len(set(names)) == len(names)
        assert all(name.isidentifier() for name in names)


@pytest.fixture(scope="module")
def measured() -> Snapshot:
    """Ratings of known severity: ann gives fewer points, cat more, bob and eve neither."""
    table = house_ratings.made_ratings().to_csv(index=False).encode()
    credential = credentials.graded(elements=3, levels=4, required=2)
    named = [
        one.model_copy(update={"id": name})
        for one, name in zip(credential.elements, house_ratings.ELEMENTS, strict=True)
    ]
    made = facts(
        credential=credential.model_copy(update={"elements": tuple(named)}),
        ratings=make_ratings(read_table(table, "t.csv"), "t.csv"),
    )
    return snapshot(made)


@pytest.mark.slow
class TestRaters:
    def test_who_is_severe_is_told_within_the_interval_and_in_the_order_of_names(
        self, measured: Snapshot
    ) -> None:
        table = measured.table("severity")
        assert table is not None
        assert table.column("rater") == ("ann", "bob", "cat", "eve")
        assert table.column("reading") == (
            "fewer points than the mean",
            "as others",
            "more points than the mean",
            "as others",
        )
        for rater, low, high in zip(
            table.column("rater"), table.column("low"), table.column("high"), strict=True
        ):
            assert isinstance(low, float)
            assert isinstance(high, float)
            assert low <= house_ratings.SEVERITY[str(rater)] <= high

    def test_an_alert_proposes_to_recalibrate_and_names_its_row(self, measured: Snapshot) -> None:
        found = {one.about: one for one in measured.alerts if one.table == "severity"}
        assert set(found) == {"ann", "cat"}
        assert found["ann"].rows == (0,)
        assert "fewer points than the mean" in found["ann"].sentence
        assert found["ann"].proposal.startswith("Recalibrate together")

    def test_every_share_and_every_figure_has_its_n_and_its_interval(
        self, measured: Snapshot
    ) -> None:
        table = measured.table("agreement")
        assert table is not None
        assert set(table.column("element")) == set(house_ratings.ELEMENTS)
        for row in table.rows:
            assert None not in row
        flips = measured.table("flips")
        assert flips is not None
        assert len(flips.rows) == 3

    def test_no_engine_is_among_the_raters(self, measured: Snapshot) -> None:
        for name in ("severity", "drift"):
            table = measured.table(name)
            assert table is not None
            assert house_ratings.ENGINE not in table.column("rater")


def test_an_alert_rests_on_a_whole_interval_never_on_a_value() -> None:
    made = snapshot(facts())
    table = made.table("agreement")
    assert table is not None
    wide = replace(table, rows=(("e1", 10, 0.5, 0.2, 0.8, 0.4, 0.1, 0.71),))
    narrow = replace(table, rows=(("e1", 90, 0.5, 0.4, 0.6, 0.4, 0.3, 0.5),))
    others = [one for one in made.tables if one.name != "agreement"]
    assert alerts([*others, wide], ()) == ()
    (only,) = alerts([*others, narrow], ())
    assert "QWK is at most 0.50 (0.70 asked), n = 90" in only.sentence
