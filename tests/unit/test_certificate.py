"""The certificate as a page and as an Open Badge: what it says, and what it never hides."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from house_training import credential

from reviewer.export.badge import Issuer
from reviewer.export.certificate import Certificate, certificate_badge, certificate_html
from reviewer.training.policy import Policy
from reviewer.training.qualification import Answer, judge

SCHOOL = Issuer("A school", "https://school.example")
MADE = credential(2, 3)


def made(*, synthetic: bool = False, name: str = "ann") -> Certificate:
    answers = [
        Answer(f"w{number}", element.id, 1.0 if number != 3 else 0.0, 1.0)
        for element in MADE.elements
        for number in range(10)
    ]
    return Certificate(
        7,
        name,
        MADE,
        synthetic,
        judge(MADE.elements, answers, Policy()),
        datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
        datetime(2026, 8, 1, tzinfo=UTC),
    )


def badge(one: Certificate, issuer: Issuer = SCHOOL) -> Any:
    return json.loads(certificate_badge(one, issuer))


def test_every_share_on_the_page_has_its_n_and_its_interval() -> None:
    page = certificate_html(made(), SCHOOL)
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</th>(.*?)</tr>", page)
    assert [title for title, _ in rows] == ["All elements", "Element 1", "Element 2"]
    assert rows[0][1].startswith("<td>90 %</td><td>20</td><td>")
    assert re.search(r"<td>\d+–\d+ %</td>$", rows[1][1])
    assert "valid until 2026-08-01" in page


def test_what_an_account_is_called_is_shown_as_text() -> None:
    page = certificate_html(made(name="<b>ann</b>"), Issuer("<i>school</i>"))
    assert "<b>ann</b>" not in page
    assert "&lt;b&gt;ann&lt;/b&gt;" in page
    assert "<i>school</i>" not in page


def test_a_synthetic_one_says_so_and_never_speaks_of_experts() -> None:
    for text in (certificate_html(made(synthetic=True), SCHOOL), str(badge(made(synthetic=True)))):
        assert "synthetic practice set" in text
        assert "qualifies nobody for live work outside it" in text
        assert "expert" not in text
        assert "consensus" not in text
    assert "agreed on by a panel of experts" in certificate_html(made(), SCHOOL)


def test_the_badge_has_every_member_that_the_specification_requires() -> None:
    """Open Badges Specification 3.0 (1EdTech), section B.1; the same rules as for awards."""
    one = badge(made())
    assert one["@context"] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]
    assert one["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert (one["validFrom"], one["validUntil"]) == ("2026-03-02T09:30:00Z", "2026-08-01T00:00:00Z")
    achievement = one["credentialSubject"]["achievement"]
    for name in ("id", "type", "criteria", "description", "name"):
        assert achievement[name], name
    assert achievement["criteria"]["narrative"].startswith("18 of 20 ratings are exactly")
    described = {each["id"]: each for each in achievement["resultDescription"]}
    for each in described.values():
        assert each["type"] == ["ResultDescription"]
        assert each["resultType"] == "Percent"
    results = one["credentialSubject"]["result"]
    assert [each["value"] for each in results] == ["90.0", "90.0", "90.0"]
    assert {each["resultDescription"] for each in results} == set(described)
    assert len(described) == 3


@pytest.mark.parametrize("issuer", [SCHOOL, Issuer()])
def test_equal_certificates_give_equal_bytes(issuer: Issuer) -> None:
    assert certificate_badge(made(), issuer) == certificate_badge(made(), issuer)
    assert badge(made(), issuer)["issuer"]["id"]


def test_two_people_get_two_badges() -> None:
    assert badge(made())["id"] != badge(made(name="ben"))["id"]
