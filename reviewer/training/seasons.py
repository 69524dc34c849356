"""When somebody may try, how long a qualification lasts, and who may take live work.

Invariant: every moment is in UTC and comes in as an argument. A qualification ends with its
season; what was given on a synthetic set counts in the demo alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from reviewer.training.policy import Policy
from reviewer.training.qualification import Verdict


@dataclass(frozen=True, slots=True)
class Tried:
    """A finished attempt."""

    verdict: Verdict
    at: datetime


@dataclass(frozen=True, slots=True)
class Leave:
    """Whether an attempt may begin now, and why or why not; `since` is when it may, if known."""

    granted: bool
    because: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Qualified:
    """A qualification as live work asks for it."""

    credential: str
    rubric_hash: str
    synthetic: bool
    at: datetime
    expires_at: datetime


def season_start(policy: Policy, at: datetime) -> datetime:
    """When the season that `at` lies in began."""
    return max(one for one in _starts(policy, at) if one <= at)


def next_season(policy: Policy, at: datetime) -> datetime:
    """When the season after the one of `at` begins."""
    return min(one for one in _starts(policy, at) if one > at)


def _starts(policy: Policy, at: datetime) -> list[datetime]:
    """The starts of the seasons from the year before `at` to the year after the next."""
    return [
        datetime.fromisoformat(f"{year:04}-{day}").replace(tzinfo=UTC)
        for year in range(at.year - 1, at.year + 3)
        for day in policy.seasons
    ]


def expires(policy: Policy, at: datetime) -> datetime:
    """When a qualification given at `at` ends: with its season, or the next where that is near."""
    end = next_season(policy, at)
    near = end - at <= timedelta(days=policy.early_days)
    return next_season(policy, end) if near else end


def leave(
    policy: Policy,
    tried: Sequence[Tried],
    practised: Sequence[datetime],
    practice_works: int,
    at: datetime,
) -> Leave:
    """Whether a new attempt may begin at `at`.

    `tried` are the finished attempts on this set, `practised` when practice works were handed in,
    `practice_works` how many works the set has for practice.
    """
    season = season_start(policy, at)
    this_season = [one for one in tried if one.at >= season]
    if len(this_season) >= policy.attempts:
        return Leave(
            False,
            f"All {policy.attempts} attempts of this season are used.",
            next_season(policy, at),
        )
    failed = [one.at for one in tried if one.verdict is not Verdict.QUALIFIED]
    last = max(failed, default=None)
    if last is not None and at < last + timedelta(days=policy.wait_days):
        since = last + timedelta(days=policy.wait_days)
        return Leave(False, f"The next attempt may begin on {since:%Y-%m-%d %H:%M} UTC.", since)
    asked = min(policy.practice_works, practice_works)
    done = sum(last is None or one > last for one in practised)
    if done < asked:
        again = "again " if last is not None else ""
        return Leave(False, f"Practise {again}first: {done} of {asked} works are handed in.")
    return Leave(True, "An attempt may begin.")


def may_take_live_work(
    asked_for: bool,
    credential: str,
    rubric_hash: str,
    held: Iterable[Qualified],
    at: datetime,
    *,
    demo: bool,
) -> bool:
    """Whether somebody who holds these qualifications may be assigned live work at `at`.

    `asked_for` is the issuer's word for the credential; without it everybody may. A qualification
    counts for the version of the rubric that it was given on, while it lasts.
    """
    return not asked_for or any(
        one.credential == credential
        and one.rubric_hash == rubric_hash
        and one.at <= at < one.expires_at
        and (demo or not one.synthetic)
        for one in held
    )
