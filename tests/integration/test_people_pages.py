"""The pages of people and tokens: permission everywhere, refusals in sentences, inert text."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from house_program import MemoryProgram, serving
from house_routes import PEOPLE
from house_visitor import Visitor, said

from reviewer.review.permission import Grant, Role
from reviewer.store import audit

pytestmark = pytest.mark.slow  # Gradio takes seconds to import

PASSWORD = "a long enough password"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> MemoryProgram:
    made = MemoryProgram(tmp_path_factory.mktemp("store"))
    made.records.accounts.add("root", None, [Grant(Role.ADMINISTRATOR)])
    return made


@pytest.fixture(scope="module")
def client(program: MemoryProgram) -> Iterator[httpx.Client]:
    with serving(program) as address, httpx.Client(base_url=address, timeout=30) as started:
        yield started


@pytest.fixture
def root(program: MemoryProgram, client: httpx.Client) -> Visitor:
    return Visitor(program, client, "root")


class TestPeople:
    @pytest.mark.parametrize("role", [one for one in Role if one is not Role.ADMINISTRATOR])
    def test_only_administrators_are_let_in_and_a_refused_form_changes_nothing(
        self, program: MemoryProgram, client: httpx.Client, role: Role
    ) -> None:
        before = program.records.accounts.all()
        me = Visitor(program, client, role.value)
        for method, path, *fields in PEOPLE:
            answer = me.send(path, fields[0]) if fields else me.get(path)
            assert answer.status_code == 403, (method, path)
            assert "for administrators" in answer.text
        assert program.records.accounts.all() == before

    def test_without_a_person_or_from_another_site_nothing_is_taken(
        self, program: MemoryProgram, client: httpx.Client
    ) -> None:
        cookie = {"Cookie": program.cookie("root"), "Sec-Fetch-Site": "cross-site"}
        before = program.records.accounts.all()
        for _, path, *fields in PEOPLE:
            if fields:
                assert client.post(path, data=fields[0]).status_code == 401
                assert client.post(path, data=fields[0], headers=cookie).status_code == 403
        assert program.records.accounts.all() == before

    def test_a_person_is_added_given_a_role_deactivated_and_let_in_again(
        self, program: MemoryProgram, root: Visitor
    ) -> None:
        added = root.send(
            "/people/add",
            {"name": "ann", "password": PASSWORD, "role": "evaluator", "credential": "*"},
        )
        assert (added.status_code, added.headers["location"]) == (303, "/people")
        assert program.records.entries.sign_in("ann", PASSWORD)
        root.send(
            "/people/grant", {"name": "ann", "role": "issuer", "credential": "sample-circle-time"}
        )
        assert program.person("ann").grants == {
            Grant(Role.EVALUATOR),
            Grant(Role.ISSUER, "sample-circle-time"),
        }
        assert "issuer of Circle Time That Listens" in " ".join(root.get("/people").text.split())
        root.send("/people/revoke", {"name": "ann", "role": "evaluator", "credential": "*"})
        assert program.person("ann").grants == {Grant(Role.ISSUER, "sample-circle-time")}
        root.send("/people/password", {"name": "ann", "password": "another long password"})
        assert program.records.entries.sign_in("ann", "another long password")
        root.send("/people/disable", {"name": "ann"})
        assert program.records.accounts.named("ann") is None
        assert "ann · deactivated" in root.get("/people").text
        assert root.send("/people/enable", {"name": "ann"}).status_code == 303
        assert program.person("ann").grants == {Grant(Role.ISSUER, "sample-circle-time")}
        assert "ann · deactivated" not in root.get("/people").text
        events = [one for one in audit.events(program.database) if one.actor == "root"]
        assert {one.event for one in events} >= {
            "account_added",
            "role_granted",
            "role_revoked",
            "password_set",
            "account_disabled",
            "account_enabled",
        }

    @pytest.mark.parametrize(
        ("path", "fields", "sentence"),
        [
            (
                "/people/add",
                {"name": "Ann B", "password": PASSWORD, "role": "issuer", "credential": "*"},
                "'Ann B' cannot be the name of an account",
            ),
            (
                "/people/add",
                {"name": "issuer", "password": PASSWORD, "role": "issuer", "credential": "*"},
                "There is an account named issuer already",
            ),
            (
                "/people/add",
                {"name": "bob", "password": "short", "role": "issuer", "credential": "*"},
                "The password has 5 characters",
            ),
            (
                "/people/grant",
                {"name": "issuer", "role": "trainer", "credential": "no-such"},
                "There is no credential no-such here",
            ),
            (
                "/people/revoke",
                {"name": "issuer", "role": "trainer", "credential": "*"},
                "issuer does not have the role trainer",
            ),
            ("/people/password", {"name": "nobody", "password": PASSWORD}, "There is no account"),
            ("/people/disable", {"name": "root"}, "Nobody takes away their own way in"),
            ("/people/enable", {"name": "issuer"}, "issuer is not deactivated"),
            (
                "/people/revoke",
                {"name": "root", "role": "administrator", "credential": "*"},
                "Nobody takes away their own way in",
            ),
        ],
    )
    def test_what_cannot_be_done_is_said_and_nothing_is_changed(
        self,
        program: MemoryProgram,
        root: Visitor,
        path: str,
        fields: dict[str, str],
        sentence: str,
    ) -> None:
        before = program.records.accounts.all()
        answer = root.send(path, fields)
        assert (answer.status_code, sentence in said(answer)) == (422, True), said(answer)
        assert program.records.accounts.all() == before

    def test_no_password_stands_in_any_answer(self, root: Visitor) -> None:
        answer = root.send(
            "/people/add",
            {"name": "Not A Name", "password": PASSWORD, "role": "issuer", "credential": "*"},
        )
        assert PASSWORD not in answer.text
        assert 'value="Not A Name"' in answer.text


class TestTokens:
    def test_a_token_is_shown_once_works_and_is_revoked(
        self, program: MemoryProgram, client: httpx.Client
    ) -> None:
        me = Visitor(program, client, "evaluator")
        made = me.send("/account/tokens", {"label": "gradebook"})
        assert made.headers["cache-control"] == "no-store"
        found = re.search(r'id="secret">([^<]+)<', made.text)
        assert found is not None
        headers = {"Authorization": f"Bearer {found[1]}"}
        assert client.get("/api/v1/me", headers=headers).json()["name"] == "evaluator"
        page = me.get("/account").text
        assert found[1] not in page
        assert "gradebook" in page
        assert "made today" in page
        (token,) = program.records.entries.tokens(program.person("evaluator"))
        assert me.send("/account/tokens/revoke", {"token": token.id}).status_code == 303
        assert client.get("/api/v1/me", headers=headers).status_code == 401
        assert "revoked" in me.get("/account").text

    def test_nobody_sees_or_revokes_another_s_token(
        self, program: MemoryProgram, client: httpx.Client
    ) -> None:
        program.records.entries.new_token(program.person("trainer"), "the trainer's own")
        (token,) = program.records.entries.tokens(program.person("trainer"))
        other = Visitor(program, client, "trainee")
        assert "the trainer" not in other.get("/account").text
        refused = other.send("/account/tokens/revoke", {"token": token.id})
        assert (refused.status_code, "has no token" in said(refused)) == (422, True)
        assert not program.records.entries.tokens(program.person("trainer"))[0].revoked

    def test_a_token_says_what_it_is_for(
        self, program: MemoryProgram, client: httpx.Client
    ) -> None:
        me = Visitor(program, client, "adjudicator")
        assert said(me.send("/account/tokens", {"label": "  "})).startswith(
            "Say what the token is for"
        )
        assert program.records.entries.tokens(program.person("adjudicator")) == ()

    @pytest.mark.parametrize("label", ["<script>alert(1)</script>", "\u202eevil", '"><img src=x>'])
    def test_what_a_token_is_called_stays_text(
        self, program: MemoryProgram, client: httpx.Client, label: str
    ) -> None:
        me = Visitor(program, client, "issuer")
        me.send("/account/tokens", {"label": label})
        page = me.get("/account")
        assert "<script>" not in page.text
        assert "<img" not in page.text
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "form-action 'self'" in policy


def test_every_route_of_people_is_tried_here(program: MemoryProgram, client: httpx.Client) -> None:
    assert program.app is not None
    routes: dict[str, Any] = program.app.openapi()["paths"]
    found = {
        (method.upper(), path)
        for path, methods in routes.items()
        for method in methods
        if path.startswith("/people")
    }
    assert found == {(method, path) for method, path, *_ in PEOPLE}
