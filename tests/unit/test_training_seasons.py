"""Retry rules, expiry, seasons, and who may take live work."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.training.policy import Policy
from reviewer.training.qualification import Verdict
from reviewer.training.seasons import (
    Qualified,
    Tried,
    expires,
    leave,
    may_take_live_work,
    next_season,
    season_start,
)

POLICY = Policy()
MARCH = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(
    lambda one: one.replace(tzinfo=UTC)
)


def failed(at: datetime) -> Tried:
    return Tried(Verdict.NOT_QUALIFIED, at)


def practised(*days: float) -> list[datetime]:
    return [MARCH + timedelta(days=one) for one in days]


def test_a_first_attempt_needs_practice_first() -> None:
    refused = leave(POLICY, [], practised(-3, -2, -1), 4, MARCH)
    assert not refused.granted
    assert refused.because == "Practise first: 3 of 4 works are handed in."
    assert leave(POLICY, [], practised(-4, -3, -2, -1), 4, MARCH).granted


def test_a_set_with_little_practice_asks_for_what_it_has() -> None:
    assert leave(POLICY, [], practised(-1), 1, MARCH).granted
    assert leave(POLICY, [], [], 0, MARCH).granted


def test_a_retry_waits_and_the_sentence_says_until_when() -> None:
    refused = leave(POLICY, [failed(MARCH)], practised(1, 2, 3, 4), 4, MARCH + timedelta(days=6))
    assert not refused.granted
    assert refused.because == "The next attempt may begin on 2026-03-17 09:30 UTC."
    assert refused.since == MARCH + timedelta(days=7)
    assert leave(
        POLICY, [failed(MARCH)], practised(1, 2, 3, 4), 4, MARCH + timedelta(days=7)
    ).granted


def test_a_retry_needs_practice_after_the_failure() -> None:
    refused = leave(
        POLICY, [failed(MARCH)], practised(-9, -8, -7, -6, 1), 4, MARCH + timedelta(days=8)
    )
    assert refused.because == "Practise again first: 1 of 4 works are handed in."


def test_a_season_has_so_many_attempts_and_the_next_one_begins_anew() -> None:
    tried = [failed(MARCH), failed(MARCH + timedelta(days=20)), failed(MARCH + timedelta(days=40))]
    refused = leave(POLICY, tried, practised(*range(41, 60)), 4, MARCH + timedelta(days=60))
    assert refused.because == "All 3 attempts of this season are used."
    assert refused.since == datetime(2026, 8, 1, tzinfo=UTC)
    assert leave(POLICY, tried, practised(*range(41, 60)), 4, refused.since).granted


def test_insufficient_data_waits_like_a_failure() -> None:
    tried = [Tried(Verdict.INSUFFICIENT_DATA, MARCH)]
    assert not leave(POLICY, tried, practised(1, 2, 3, 4), 4, MARCH + timedelta(days=5)).granted


@pytest.mark.parametrize(
    ("given_on", "ends"),
    [
        ("2026-03-10", "2026-08-01"),
        ("2026-08-01", "2027-08-01"),
        ("2026-07-01", "2026-08-01"),  # 31 days before
        ("2026-07-02", "2027-08-01"),  # 30 days before: it counts for the season that comes
        ("2026-12-31", "2027-08-01"),
    ],
)
def test_a_qualification_ends_with_its_season(given_on: str, ends: str) -> None:
    at = datetime.fromisoformat(given_on).replace(tzinfo=UTC)
    assert expires(POLICY, at) == datetime.fromisoformat(ends).replace(tzinfo=UTC)


@settings(deadline=None)
@given(moments, st.lists(st.sampled_from(("01-15", "03-01", "08-01", "12-31")), min_size=1))
def test_every_moment_lies_in_exactly_one_season(at: datetime, days: list[str]) -> None:
    policy = Policy(seasons=tuple(days))
    start, end = season_start(policy, at), next_season(policy, at)
    assert start <= at < end <= start + timedelta(days=366)
    assert season_start(policy, end) == end
    assert expires(policy, at) >= end


def held(**changes: object) -> Qualified:
    values = {
        "credential": "c",
        "rubric_hash": "h",
        "synthetic": False,
        "at": MARCH,
        "expires_at": MARCH + timedelta(days=100),
    }
    return Qualified(**(values | changes))  # type: ignore[arg-type]


def live(*have: Qualified, at: datetime = MARCH, asked: bool = True, demo: bool = False) -> bool:
    return may_take_live_work(asked, "c", "h", have, at, demo=demo)


def test_where_the_issuer_does_not_ask_everybody_may_take_live_work() -> None:
    assert live(asked=False)


def test_where_the_issuer_asks_only_the_qualified_may() -> None:
    assert not live()
    assert live(held())


@pytest.mark.parametrize(
    "other", [{"credential": "d"}, {"rubric_hash": "another version"}, {"synthetic": True}]
)
def test_a_qualification_for_something_else_does_not_count(other: dict[str, object]) -> None:
    assert not live(held(**other))


def test_a_synthetic_qualification_counts_in_the_demo_alone() -> None:
    assert live(held(synthetic=True), demo=True)


def test_a_qualification_counts_until_the_moment_it_expires() -> None:
    end = MARCH + timedelta(days=100)
    assert live(held(), at=end - timedelta(seconds=1))
    assert not live(held(), at=end)
    assert not live(held(), at=MARCH - timedelta(seconds=1))
