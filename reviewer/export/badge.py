"""An awarded credential as Open Badge 3.0 JSON, unsigned: which level on what evidence.

Invariant: only a person's confirmed levels are in it, never a draft; equal arguments give equal
bytes. Who signs it, signs exactly this. Shape: Open Badges Specification 3.0 (1EdTech), the
AchievementCredential with ResultDescriptions of type RubricCriterionLevel.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reviewer.rubric import Credential, Element, Recognition

CONTEXT = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
OWN_TERMS = {
    name: {"@id": f"urn:reviewer:{name}", "@type": "@json"} for name in ("recognition", "stack")
}
"""Members of our own: signing as linked data refuses what no context explains."""

SCHEMA = {
    "id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/"
    "ob_v3p0_achievementcredential_schema.json",
    "type": "1EdTechJsonSchemaValidator2019",
}
"""What the badge says it can be validated by; an address in it, never asked from here."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who awards: a name, and an address (URL) that stands for it; both may be unknown."""

    name: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One passage that a level rests on: the element's id, where it lies, what it says.

    `quote` is empty for a time span of a recording in which nothing is said.
    """

    element: str
    place: str
    quote: str


@dataclass(frozen=True, slots=True)
class Award:
    """An awarded review; `levels` by element, null for not observable; `at` in UTC."""

    submission: str
    recipient: str
    at: datetime
    levels: Mapping[str, float | None]
    evidence: Sequence[Evidence]


def badge_json(credential: Credential, award: Award, issuer: Issuer) -> bytes:
    """The badge as UTF-8 JSON, indented, with a newline at its end."""
    moment = award.at.strftime("%Y-%m-%dT%H:%M:%SZ")
    badge = {
        "@context": [*CONTEXT, OWN_TERMS],
        "id": urn("badge", award.submission, credential.rubric_hash),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": credential.title,
        "issuer": {
            "id": issuer.url or urn("issuer", issuer.name),
            "type": ["Profile"],
            "name": issuer.name or "Issuer not named",
        },
        "validFrom": moment,
        "credentialSubject": {
            "id": urn("recipient", award.recipient),
            "type": ["AchievementSubject"],
            "achievement": _achievement(credential),
            "result": [
                _result(credential, element, level)
                for element in credential.elements
                if (level := award.levels.get(element.id)) is not None
            ],
        },
        "evidence": _evidence(credential, award.evidence),
        "credentialSchema": [SCHEMA],
    }
    return (json.dumps(badge, indent=2, ensure_ascii=False) + "\n").encode()


def urn(*parts: str) -> str:
    """A name that follows from its parts alone: equal parts, equal name."""
    return uuid.uuid5(uuid.NAMESPACE_URL, "reviewer:" + ":".join(parts)).urn


def _achievement(credential: Credential) -> dict[str, Any]:
    rule = credential.decision.in_words if credential.decision else "levels are recorded alone"
    achievement: dict[str, Any] = {
        "id": urn("achievement", credential.id, credential.rubric_hash),
        "type": ["Achievement"],
        "achievementType": "MicroCredential",
        "name": credential.title,
        "version": credential.version,
        "description": credential.summary or credential.title,
        "criteria": {
            "narrative": "\n".join(
                [f"Awarded for {rule}."] + [f"- {one.title}" for one in credential.elements]
            )
        },
        "resultDescription": [_description(credential, one) for one in credential.elements],
    }
    if credential.recognition:
        achievement["recognition"] = [_recognition(one) for one in credential.recognition]
    if credential.stack:
        stack = credential.stack
        achievement["stack"] = {
            "id": stack.id,
            "name": stack.title,
            "members": list(stack.members),
            "complete": stack.complete,
            "recognition": [_recognition(one) for one in stack.recognition],
        }
    return achievement


def _recognition(one: Recognition) -> dict[str, Any]:
    return one.model_dump(mode="json", exclude_defaults=True)


def _description(credential: Credential, element: Element) -> dict[str, Any]:
    described: dict[str, Any] = {
        "id": urn("element", credential.rubric_hash, element.id),
        "type": ["ResultDescription"],
        "name": element.title,
        "resultType": "RubricCriterionLevel",
        "rubricCriterionLevel": [
            {
                "id": _level_id(credential, element, level.value),
                "type": ["RubricCriterionLevel"],
                "name": level.title or f"{level.value:g}",
                "level": f"{level.value:g}",
                "points": f"{level.value:g}",
                "description": " ".join(level.descriptor.split()),
            }
            for level in element.levels
        ],
    }
    if element.required_level is not None:
        described["requiredLevel"] = _level_id(credential, element, element.required_level)
    return described


def _level_id(credential: Credential, element: Element, level: float) -> str:
    return urn("level", credential.rubric_hash, element.id, f"{level:g}")


def _result(credential: Credential, element: Element, level: float) -> dict[str, Any]:
    return {
        "type": ["Result"],
        "resultDescription": urn("element", credential.rubric_hash, element.id),
        "achievedLevel": _level_id(credential, element, level),
        "value": f"{level:g}",
    }


def _evidence(credential: Credential, passages: Sequence[Evidence]) -> list[dict[str, Any]]:
    titles = {one.id: one.title for one in credential.elements}
    return [
        {
            "type": ["Evidence"],
            "name": titles[one.element],
            "description": one.place,
        }
        | ({"narrative": one.quote} if one.quote else {})
        for one in passages
        if one.element in titles
    ]
