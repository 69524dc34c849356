"""Every role before every object that is not theirs: the same refusal, whether it exists or not."""

import re
from collections.abc import Iterator
from typing import Any

import house_sample as sample
import httpx
import pytest
from house_program import MemoryProgram, serving, stage
from house_routes import PAGES, ROUTES

from reviewer.review.permission import Grant, Kind, Part, Purpose, Role
from reviewer.store.records import StageState

pytestmark = pytest.mark.slow  # Gradio takes seconds to import

DONE = (stage("read", StageState.DONE), stage("draft", StageState.DONE))
STRANGERS = {
    f"{role.value}-of-{scope}": Grant(role, sample.CREDENTIAL.id if scope == "this" else "another")
    for role in Role
    for scope in ("this", "another")
    if (role, scope) != (Role.ISSUER, "this")  # an issuer of this program is no stranger to it
}
"""Name of the account -> its only role, and for which credential it has it."""

OBJECTS = ("assigned-to-nobody", "assigned-to-another", "second-score-of-another", "training")
HOLDERS = {
    "first": (Part.of(Kind.FIRST), Role.EVALUATOR),
    "double": (Part.of(Kind.FIRST, Purpose.DOUBLE), Role.EVALUATOR),
    "validity": (Part.of(Kind.FIRST, Purpose.VALIDITY), Role.EVALUATOR),
    "second": (Part.of(Kind.SECOND), Role.EVALUATOR),
    "adjudication": (Part.of(Kind.ADJUDICATION), Role.ADJUDICATOR),
    "training": (Part.of(Kind.TRAINING), Role.TRAINEE),
}
"""Name of a part -> the part, and the role of who holds it."""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> MemoryProgram:
    made = MemoryProgram(tmp_path_factory.mktemp("store"))
    for name, grant in STRANGERS.items():
        made.records.accounts.add(name, None, [grant])
    for name in OBJECTS:
        made.hold(name, sample.first_pass(), DONE, to=None)
    assign = made.records.assignments.assign
    assign(OBJECTS[1], made.person("evaluator"), Kind.FIRST, "issuer")
    assign(OBJECTS[2], made.person("evaluator"), Kind.SECOND, "issuer")
    assign(OBJECTS[3], made.person("trainee"), Kind.TRAINING, "issuer")
    for name, (part, role) in HOLDERS.items():
        made.records.accounts.add(f"holder-{name}", None, [Grant(role)])
        made.hold(f"held-{name}", sample.first_pass(), DONE, to=None)
        holder = made.person(f"holder-{name}")
        assign(f"held-{name}", holder, part.kind, "issuer", part.purpose)
    return made


@pytest.fixture(scope="module")
def client(program: MemoryProgram) -> Iterator[httpx.Client]:
    with serving(program) as address, httpx.Client(base_url=address, timeout=30) as started:
        yield started


def api(program: MemoryProgram, client: httpx.Client, name: str) -> Any:
    """Calls of the REST interface by `name`, with a token."""
    secret = program.records.entries.new_token(program.person(name), "test")
    headers = {"Authorization": f"Bearer {secret}"}

    def call(method: str, path: str, *body: Any) -> httpx.Response:
        more: dict[str, Any] = {"json": body[0]} if body else {}
        return client.request(method, f"/api/v1{path}", headers=headers, **more)

    return call


def said(answer: httpx.Response, submission: str) -> tuple[int, str]:
    return answer.status_code, answer.text.replace(submission, "ID")


@pytest.mark.parametrize("name", STRANGERS)
def test_what_is_another_s_is_answered_like_what_is_not_there(
    program: MemoryProgram, client: httpx.Client, name: str
) -> None:
    call, cookie = api(program, client, name), {"Cookie": program.cookie(name)}
    for method, path, *body in ROUTES:
        absent = said(call(method, path.format("absent"), *body), "absent")
        assert absent[0] == 404, (method, path, absent)
        for one in OBJECTS:
            assert said(call(method, path.format(one), *body), one) == absent, (one, method, path)
    for path in PAGES:
        absent = said(client.get(path.format("absent"), headers=cookie), "absent")
        assert absent[0] == 404, (path, absent)
        for one in OBJECTS:
            answer = client.get(path.format(one), headers=cookie)
            assert said(answer, one) == absent, (one, path)
    assert client.get("/live", headers=cookie).json()["order"] == []


def test_a_refused_call_leaves_no_trace(program: MemoryProgram, client: httpx.Client) -> None:
    before = len(program.records.reviews.ratings())
    call = api(program, client, "evaluator-of-this")
    for method, path, *body in ROUTES:
        call(method, path.format(OBJECTS[1]), *body)
    assert len(program.records.reviews.ratings()) == before
    assert program.records.remarks.all_marks(OBJECTS[1]) == ()
    assert program.records.assignments.candidate("C-0417") is None


@pytest.mark.parametrize("held", HOLDERS)
def test_who_holds_a_submission_is_refused_what_its_kind_does_not_include(
    program: MemoryProgram, client: httpx.Client, held: str
) -> None:
    """Before any level is stored: nothing that shows a draft, and nothing of an issuer."""
    sub, name = f"held-{held}", f"holder-{held}"
    call, cookie = api(program, client, name), {"Cookie": program.cookie(name)}
    exports = [route for route in ROUTES if "/export/" in route[1]]
    refused = [route for route in exports if "/chapters/" not in route[1]]  # those are one's own
    refused += [route for route in ROUTES if route[1].endswith(("/assign", "/candidate"))]
    if HOLDERS[held][0].kind in (Kind.SECOND, Kind.TRAINING):
        refused += [route for route in ROUTES if route[1].endswith(("/decide", "/finalize"))]
    for method, path, *body in refused:
        assert call(method, path.format(sub), *body).status_code == 403, (method, path)
    for path in ("/report/{}", "/result/{}.json"):
        assert client.get(path.format(sub), headers=cookie).status_code == 403, path
    for path in ("/live/{}", f"/text/{{}}/{sample.VIDEO.id}", "/submission?id={}"):
        assert client.get(path.format(sub), headers=cookie).status_code == 200, path


@pytest.mark.parametrize("held", [one for one in HOLDERS if HOLDERS[one][0].independent])
def test_an_independent_rater_is_shown_no_aid_even_after_the_own_level(
    program: MemoryProgram, client: httpx.Client, held: str
) -> None:
    call = api(program, client, f"holder-{held}")
    path = f"/submissions/held-{held}/elements/greeting"
    version = call("GET", path).json()["standing"]["version"]
    assert call("POST", f"{path}/rate", {"level": 1, "version": version}).status_code == 200
    assert call("POST", f"{path}/reveal").status_code == 200
    seen = call("GET", path).json()
    assert (seen["draft"], seen["excerpts"]) == (None, None)
    assert seen["standing"]["aid"] == "none"


def test_every_route_of_a_submission_is_tried_here(
    program: MemoryProgram, client: httpx.Client
) -> None:
    """A route that is added has to be added to house_routes too."""
    paths = api(program, client, "issuer")("GET", "/openapi.json").json()["paths"]
    for path, methods in paths.items():
        if "{submission}" in path:
            tried = re.compile(re.sub(r"\\\{[a-z_]+\\\}", "[^/]+", re.escape(path)) + "$")
            for method in methods:
                found = [one for one in ROUTES if one[0] == method.upper() and tried.match(one[1])]
                assert found, f"{method.upper()} {path}"
    assert program.app is not None
    pages = [path for path in program.app.openapi()["paths"] if "{submission}" in path]
    assert len(pages) >= 9
    for path in pages:
        tried = re.compile(re.sub(r"\\\{[a-z_]+\\\}", "[^/]+", re.escape(path)) + r"(\?|$)")
        assert [one for one in PAGES if tried.match(one.replace("{}", "x"))], path


@pytest.mark.parametrize(
    ("kind", "lost", "kept"),
    [
        (Kind.FIRST, Role.EVALUATOR, Role.TRAINER),
        (Kind.ADJUDICATION, Role.ADJUDICATOR, Role.EVALUATOR),
        (Kind.ADJUDICATION, Role.ADJUDICATOR, Role.ISSUER),
    ],
)
def test_who_lost_the_role_of_one_part_keeps_the_rest_of_their_list(
    program: MemoryProgram, client: httpx.Client, kind: Kind, lost: Role, kept: Role
) -> None:
    name = f"left-{lost.value}-is-{kept.value}"
    program.records.accounts.add(name, None, [Grant(lost), Grant(kept)])
    work = f"of-{name}"
    program.hold(work, sample.first_pass(), DONE, to=None)
    program.records.assignments.assign(work, program.person(name), kind, "issuer")
    headers = {"Cookie": program.cookie(name)}
    assert work in client.get("/live", headers=headers).json()["order"]
    program.records.accounts.revoke(name, Grant(lost))
    answer = client.get("/live", headers=headers)
    assert answer.status_code == 200
    assert work not in answer.json()["order"]
    assert client.get(f"/live/{work}", headers=headers).status_code == 404
