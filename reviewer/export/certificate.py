"""The certificate of a qualified evaluator: a page for paper, and an Open Badge 3.0 (unsigned).

Invariant: every share stands with its number of ratings and its interval; what was earned on a
synthetic set says so in its name. Equal certificates give equal bytes.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from reviewer.calibration.shares import Share
from reviewer.export.badge import CONTEXT, SCHEMA, Issuer, urn
from reviewer.export.report import stylesheet, templates
from reviewer.rubric import Credential
from reviewer.training.qualification import Result

_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A qualification; `name` is the account's, moments are in UTC, `result` is a passed one."""

    attempt: int
    name: str
    credential: Credential
    synthetic: bool
    result: Result
    at: datetime
    expires_at: datetime

    @property
    def title(self) -> str:
        """What somebody is qualified as."""
        synthetic = ", on a synthetic practice set" if self.synthetic else ""
        return f"Qualified evaluator: {self.credential.title}{synthetic}"

    @property
    def what(self) -> str:
        """What the qualification says, in a sentence."""
        key = "intended by its author" if self.synthetic else "agreed on by a panel of experts"
        limit = (
            " It is for practice with the demo and qualifies nobody for live work outside it."
            if self.synthetic
            else ""
        )
        return f"Rated two forms of works blind, and gave the level {key} often enough.{limit}"

    @property
    def rows(self) -> Sequence[tuple[str, Share]]:
        """(title of the element, exact agreement) of those that were asked for, pooled first."""
        pooled = [] if self.result.exact is None else [("All elements", self.result.exact)]
        each = [(one.element.title, one.exact) for one in self.result.elements if one.exact]
        return (*pooled, *each)


def certificate_html(certificate: Certificate, issuer: Issuer) -> str:
    """One self-contained HTML document, meant for paper too."""
    return (
        templates()
        .get_template("certificate.html.j2")
        .render(
            one=certificate,
            issuer=issuer.name,
            css=Markup(stylesheet("tokens", "letter")),  # noqa: S704 - own files
        )
    )


def certificate_badge(certificate: Certificate, issuer: Issuer) -> bytes:
    """The same as UTF-8 JSON by the rules of `reviewer.export.badge`, valid until it expires."""
    about = certificate.credential
    badge = {
        "@context": list(CONTEXT),
        "id": urn("qualification", str(certificate.attempt), about.rubric_hash, certificate.name),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": certificate.title,
        "issuer": {
            "id": issuer.url or urn("issuer", issuer.name),
            "type": ["Profile"],
            "name": issuer.name or "Issuer not named",
        },
        "validFrom": certificate.at.strftime(_MOMENT),
        "validUntil": certificate.expires_at.strftime(_MOMENT),
        "credentialSubject": {
            "id": urn("recipient", certificate.name),
            "type": ["AchievementSubject"],
            "achievement": _achievement(certificate),
            "result": [
                {
                    "type": ["Result"],
                    "resultDescription": _description_id(about, title),
                    "value": f"{exact.value * 100:.1f}",
                }
                for title, exact in certificate.rows
            ],
        },
        "credentialSchema": [SCHEMA],
    }
    return (json.dumps(badge, indent=2, ensure_ascii=False) + "\n").encode()


def _achievement(certificate: Certificate) -> dict[str, Any]:
    about = certificate.credential
    return {
        "id": urn("evaluator", about.id, about.rubric_hash, str(certificate.synthetic)),
        "type": ["Achievement"],
        "achievementType": "Certification",
        "name": certificate.title,
        "version": about.version,
        "description": certificate.what,
        "criteria": {"narrative": certificate.result.because},
        "resultDescription": [
            {
                "id": _description_id(about, title),
                "type": ["ResultDescription"],
                "name": f"{title}: exact agreement",
                "resultType": "Percent",
                "valueMin": "0",
                "valueMax": "100",
            }
            for title, _ in certificate.rows
        ],
    }


def _description_id(about: Credential, title: str) -> str:
    return urn("agreement", about.rubric_hash, title)
