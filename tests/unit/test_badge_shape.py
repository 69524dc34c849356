"""Badges against Open Badges 3.0: rules of the specification, and the published JSON Schema.

The rules are written down here from section B.1 ("Credential Data Models") of Open Badges
Specification 3.0, 1EdTech, final release 3.0.3, and from the required members in its
``ob_v3p0_achievementcredential_schema.json``. The schema itself may not be passed on (see
docs/decisions/0139): where REVIEWER_OB3_SCHEMA names a copy of it, badges are validated by it.
"""

import copy
import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from house_sample import CREDENTIAL as SAMPLE

from reviewer.export.badge import Award, Evidence, Issuer, badge_json
from reviewer.rubric import list_credentials
from reviewer.settings import CHECKOUT

SCHOOL = Issuer("A school", "https://school.example")
AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SHIPPED = [
    one.credential for one in list_credentials(CHECKOUT / "rubrics") if one.credential is not None
]
URI = re.compile(r"[a-z][a-z0-9+.-]*:\S+")

REQUIRED = {
    "AchievementCredential": ("@context", "id", "type", "credentialSubject", "issuer", "validFrom"),
    "AchievementSubject": ("id", "type", "achievement"),  # id or identifier; ours is always an id
    "Achievement": ("id", "type", "criteria", "description", "name"),
    "Profile": ("id", "type", "name"),
    "ResultDescription": ("id", "type", "name", "resultType"),
    "RubricCriterionLevel": ("id", "type", "name"),
    "Result": ("type",),
    "Evidence": ("type",),
    "CredentialSchema": ("id", "type"),
}
TEXTS = {
    "AchievementCredential": ("id", "name", "validFrom"),
    "Achievement": ("id", "name", "description", "version", "achievementType"),
    "Profile": ("id", "name"),
    "ResultDescription": ("id", "name", "resultType", "requiredLevel"),
    "RubricCriterionLevel": ("id", "name", "level", "points", "description"),
    "Result": ("resultDescription", "achievedLevel", "value"),
    "Evidence": ("name", "description", "narrative"),
    "CredentialSchema": ("id", "type"),
}
"""Members that are single character strings, numbers of a rubric included."""


def made(credential: Any, issuer: Issuer = SCHOOL) -> Any:
    levels = {one.id: one.values[-1] for one in credential.elements}
    first = credential.elements[0].id
    quotes = [
        Evidence(first, "circle.mp4, 0:06", "Good morning, Amara."),
        Evidence(first, "circle.mp4, 0:31–0:38", ""),  # a time span in which nothing is said
    ]
    return json.loads(badge_json(credential, Award("s1", "C-1", AT, levels, quotes), issuer))


def objects(badge: Any) -> Iterator[tuple[str, Any]]:
    """Every object of the badge with the class that the specification gives it there."""
    subject = badge["credentialSubject"]
    achievement = subject["achievement"]
    yield "AchievementCredential", badge
    yield "Profile", badge["issuer"]
    yield "AchievementSubject", subject
    yield "Achievement", achievement
    yield from (("Evidence", one) for one in badge["evidence"])
    yield from (("Result", one) for one in subject["result"])
    yield from (("CredentialSchema", one) for one in badge["credentialSchema"])
    for description in achievement["resultDescription"]:
        yield "ResultDescription", description
        yield from (("RubricCriterionLevel", one) for one in description["rubricCriterionLevel"])


def faults(badge: Any) -> list[str]:
    """What breaks a rule, one sentence each."""
    found = []
    for kind, one in objects(badge):
        found += [f"{kind} lacks {name}" for name in REQUIRED[kind] if name not in one]
        found += [
            f"{kind}.{name} is no text"
            for name in TEXTS.get(kind, ())
            if name in one and not isinstance(one[name], str)
        ]
        types = one.get("type", [])
        if kind == "AchievementCredential":
            named = "VerifiableCredential" in types and "OpenBadgeCredential" in types
        elif kind == "CredentialSchema":
            named = types == "1EdTechJsonSchemaValidator2019"
        else:
            named = isinstance(types, list) and kind in types
        if not named:
            found.append(f"{kind} does not say that it is one")
        found += [f"{kind}.{name} is empty" for name in TEXTS.get(kind, ()) if one.get(name) == ""]
        if "id" in one and not URI.fullmatch(one["id"]):
            found.append(f"{kind}.id is no URI")
    return found + _links(badge) + _whole(badge)


def _links(badge: Any) -> list[str]:
    """Results point at descriptions, and levels at levels, of the same achievement."""
    described = {
        one["id"]: {level["id"] for level in one["rubricCriterionLevel"]}
        for one in badge["credentialSubject"]["achievement"]["resultDescription"]
        if "id" in one
    }
    found = [
        "a result names a level that its description does not have"
        for one in badge["credentialSubject"]["result"]
        if one["achievedLevel"] not in described.get(one["resultDescription"], ())
    ]
    return found + [
        "a required level is not among the levels"
        for one in badge["credentialSubject"]["achievement"]["resultDescription"]
        if "requiredLevel" in one and one["requiredLevel"] not in described.get(one.get("id"), ())
    ]


def _whole(badge: Any) -> list[str]:
    found = []
    if badge.get("@context", [])[:2] != [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]:
        found.append("the contexts are not the two of the specification, in their order")
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", badge.get("validFrom", "")):
        found.append("validFrom is no moment with its zone")
    if not badge["credentialSubject"]["achievement"].get("criteria", {}).get("narrative"):
        found.append("the criteria say nothing")
    return found


@pytest.mark.parametrize("credential", [SAMPLE, *SHIPPED], ids=lambda one: one.id)
def test_the_badge_of_every_shipped_credential_breaks_no_rule(credential: Any) -> None:
    assert faults(made(credential)) == []


def test_a_badge_whose_issuer_has_no_name_yet_breaks_none_either() -> None:
    assert faults(made(SAMPLE, Issuer())) == []


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda badge: badge.pop("validFrom"), "AchievementCredential lacks validFrom"),
        (lambda badge: badge["issuer"].pop("id"), "Profile lacks id"),
        (lambda badge: badge["@context"].reverse(), "the contexts are not"),
        (
            lambda badge: badge["credentialSubject"]["result"][0].update(achievedLevel="urn:x:y"),
            "a result names a level",
        ),
        (
            lambda badge: badge["credentialSubject"]["result"][0].update(value=2),
            "Result.value is no text",
        ),
        (
            lambda badge: badge["credentialSubject"]["achievement"].update(criteria={}),
            "the criteria say nothing",
        ),
    ],
)
def test_the_rules_find_what_is_wrong(spoil: Callable[[Any], object], said: str) -> None:
    badge = copy.deepcopy(made(SAMPLE))
    spoil(badge)
    assert any(one.startswith(said) for one in faults(badge)), faults(badge)


def test_what_is_not_in_the_specification_is_explained_by_the_badge_itself() -> None:
    """A signature over linked data refuses members that no context explains."""
    badge = made(next(one for one in SHIPPED if one.recognition and one.stack))
    achievement = badge["credentialSubject"]["achievement"]
    (own,) = badge["@context"][2:]
    assert {"recognition", "stack"} <= achievement.keys()
    assert own.keys() == {"recognition", "stack"}
    assert all(one["@type"] == "@json" and URI.fullmatch(one["@id"]) for one in own.values())


@pytest.fixture(scope="module")
def published() -> Any:
    """The published JSON Schema, where somebody who may have it put it."""
    named = os.environ.get("REVIEWER_OB3_SCHEMA", "")
    if not named or not Path(named).is_file():
        pytest.skip("no copy of the published JSON Schema (REVIEWER_OB3_SCHEMA names one)")
    return json.loads(Path(named).read_text(encoding="utf-8"))


@pytest.mark.parametrize("credential", [SAMPLE, *SHIPPED], ids=lambda one: one.id)
def test_the_badge_of_every_shipped_credential_is_valid_by_the_published_schema(
    published: Any, credential: Any
) -> None:
    jsonschema.Draft201909Validator(
        published, format_checker=jsonschema.Draft201909Validator.FORMAT_CHECKER
    ).validate(made(credential))
