"""Every role against every act: the default is no, and an assignment binds."""

from itertools import product

import pytest

from reviewer.errors import ReviewError
from reviewer.review.permission import (
    EVERY,
    Act,
    Grant,
    Kind,
    Object,
    Part,
    Person,
    Purpose,
    Role,
    may,
    roles_for,
)


def person(*roles: Role, credential: str = EVERY) -> Person:
    return Person("u1", "Ann", frozenset(Grant(role, credential) for role in roles))


def allowed(who: Person, submission: Object | None) -> set[Act]:
    house = (Act.MANAGE_USERS, Act.OPERATE)  # done to no submission
    return {act for act in Act if act not in house and may(who, act, submission)}


MINE = Object("c", Part.of(Kind.FIRST))
NOBODYS = Object("c", None)


def test_without_any_role_nothing_is_allowed() -> None:
    for submission in (None, MINE, NOBODYS, Object("c", Part.of(Kind.FIRST), all_scored=True)):
        assert allowed(person(), submission) == set()


@pytest.mark.parametrize("role", Role)
def test_a_submission_that_is_not_assigned_is_closed_to_all_but_its_issuer(role: Role) -> None:
    seen = allowed(person(role), NOBODYS)
    if role is Role.ISSUER:
        assert seen == {
            Act.READ_WORK,
            Act.SEE_DRAFT,
            Act.SEE_IDENTITY,
            Act.ASSIGN,
            Act.STEER,
            Act.EXPORT,
            Act.MANAGE_PROGRAM,
        }
    else:
        assert seen == set()


def test_an_evaluator_rates_and_decides_what_is_assigned_and_sees_no_identity() -> None:
    assert allowed(person(Role.EVALUATOR), MINE) == {
        Act.READ_WORK,
        Act.RATE,
        Act.DECIDE,
        Act.FINALIZE,
    }


def test_drafts_and_exports_open_when_all_own_levels_are_stored() -> None:
    done = Object("c", Part.of(Kind.FIRST), all_scored=True)
    assert {Act.SEE_DRAFT, Act.EXPORT} <= allowed(person(Role.EVALUATOR), done)


@pytest.mark.parametrize(
    ("role", "kind"),
    [
        (Role.EVALUATOR, Kind.SECOND),
        (Role.ADJUDICATOR, Kind.ADJUDICATION),
        (Role.TRAINEE, Kind.TRAINING),
    ],
)
def test_independent_raters_never_see_a_draft(role: Role, kind: Kind) -> None:
    for scored in (False, True):
        assert not may(person(role), Act.SEE_DRAFT, Object("c", Part.of(kind), all_scored=scored))
        assert may(person(role), Act.RATE, Object("c", Part.of(kind), all_scored=scored))


@pytest.mark.parametrize("purpose", [one for one in Purpose if one is not Purpose.ORDINARY])
def test_a_first_score_with_a_purpose_that_forbids_aid_is_decided_without_a_draft(
    purpose: Purpose,
) -> None:
    for scored in (False, True):
        mine = Object("c", Part.of(Kind.FIRST, purpose), all_scored=scored)
        assert not {Act.SEE_DRAFT, Act.EXPORT} & allowed(person(Role.EVALUATOR, Role.ISSUER), mine)
        assert {Act.RATE, Act.DECIDE, Act.FINALIZE} <= allowed(person(Role.EVALUATOR), mine)


@pytest.mark.parametrize("kind", [one for one in Kind if one is not Kind.FIRST])
def test_only_a_first_score_can_be_ordinary(kind: Kind) -> None:
    assert Part.of(kind).independent
    assert not Part.of(Kind.FIRST).independent
    with pytest.raises(ReviewError, match=f"as {kind} stays without any aid: it cannot be ordin"):
        Part.of(kind, Purpose.ORDINARY)


def test_who_scores_second_does_not_decide() -> None:
    assert not may(person(Role.EVALUATOR), Act.DECIDE, Object("c", Part.of(Kind.SECOND)))


def test_an_issuer_who_evaluates_sees_no_draft_before_scoring() -> None:
    both = person(Role.ISSUER, Role.EVALUATOR)
    assert not may(both, Act.SEE_DRAFT, Object("c", Part.of(Kind.SECOND)))
    assert not may(person(Role.EVALUATOR), Act.SEE_DRAFT, MINE)


def test_a_grant_for_one_credential_does_not_reach_another() -> None:
    who = person(Role.ISSUER, Role.EVALUATOR, credential="other")
    for submission in (MINE, NOBODYS):
        assert allowed(who, submission) == set()


@pytest.mark.parametrize(("role", "kind"), list(product(Role, Kind)))
def test_an_assignment_without_the_role_that_it_needs_opens_nothing(role: Role, kind: Kind) -> None:
    fits = {
        Kind.FIRST: {Role.EVALUATOR, Role.ISSUER},
        Kind.SECOND: {Role.EVALUATOR, Role.ISSUER},
        Kind.ADJUDICATION: {Role.ADJUDICATOR},
        Kind.TRAINING: {Role.TRAINEE},
    }
    opened = allowed(person(role), Object("c", Part.of(kind)))
    assert bool(opened) == (role in fits[kind])
    assert set(roles_for(kind)) == fits[kind]


def test_only_administrators_manage_users_and_they_see_no_work() -> None:
    for act in (Act.MANAGE_USERS, Act.OPERATE):
        assert [role for role in Role if may(person(role), act)] == [Role.ADMINISTRATOR]
    assert allowed(person(Role.ADMINISTRATOR), MINE) == set()
