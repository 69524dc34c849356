"""Every address of training, by everybody: what is another's is answered as absent."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from house_program import MemoryProgram, serving
from house_training import training_set

from reviewer.review.permission import Grant, Role
from reviewer.store.sittings import Purpose
from reviewer.training.work import FORMS, Part

pytestmark = pytest.mark.slow  # Gradio takes seconds to import

SET = training_set()
PRACTISES = frozenset({Role.TRAINEE, Role.EVALUATOR})
KEEPS = frozenset({Role.TRAINER})
ROUTES: tuple[tuple[frozenset[Role], str, str, Any], ...] = (
    (PRACTISES, "POST", "/sets/{set}/works/p1/sittings", {"purpose": "practice"}),
    (PRACTISES, "GET", "/sittings/{sitting}", None),
    (PRACTISES, "POST", "/sittings/{sitting}/ratings", {"element": "e1", "level": 1}),
    (
        PRACTISES,
        "POST",
        "/sittings/{sitting}/tags",
        {"element": "e1", "artifact": "plans-p1____", "start": 0, "end": 4},
    ),
    (PRACTISES, "POST", "/sittings/{sitting}/hand-in", None),
    (PRACTISES, "GET", "/sets/{set}/standing", None),
    (PRACTISES, "POST", "/sets/{set}/attempts", None),
    (PRACTISES | KEEPS, "GET", "/certificates/{attempt}.html", None),
    (PRACTISES | KEEPS, "GET", "/certificates/{attempt}.json", None),
    (KEEPS, "POST", "/sets", {"credential": "{credential}", "title": "A set"}),
    (KEEPS, "PUT", "/sets/{set}/rules", {"wait_days": 3}),
    (KEEPS, "GET", "/sets/{set}/trainees", None),
    (KEEPS, "GET", "/sets/{set}/names?submission=absent", None),
    (KEEPS, "POST", "/sets/{set}/anchors", {"submission": "absent", "part": "practice"}),
    (frozenset({Role.ISSUER}), "PUT", "/requirements/{credential}", {"asked_for": True}),
    (frozenset(Role), "GET", "/sets", None),
)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> MemoryProgram:
    made = MemoryProgram(tmp_path_factory.mktemp("store"))
    made.records.training_sets.add(SET, "trainer")
    for role in Role:
        made.records.accounts.add(f"{role.value}-here", None, [Grant(role, SET.credential.id)])
        made.records.accounts.add(f"{role.value}-elsewhere", None, [Grant(role, "another")])
    return made


@pytest.fixture(scope="module")
def client(program: MemoryProgram) -> Iterator[httpx.Client]:
    with serving(program) as address, httpx.Client(base_url=address, timeout=30) as started:
        yield started


def call(
    program: MemoryProgram, client: httpx.Client, name: str, method: str, path: str, body: Any
) -> httpx.Response:
    secret = program.records.entries.new_token(program.person(name), "test")
    headers = {"Authorization": f"Bearer {secret}"}
    address = f"/api/v1/training{path}"
    return client.request(method, address, headers=headers, **({"json": body} if body else {}))


def qualified(program: MemoryProgram, name: str) -> int:
    """An attempt of `name` that qualified."""
    desk, who = program.training, program.person(name)
    works = [(one, Purpose.PRACTICE) for one in SET.of(Part.PRACTICE)]
    number = 0
    for work, purpose in [*works, *((one, Purpose.QUALIFICATION) for one in SET.of(*FORMS))]:
        if purpose is Purpose.QUALIFICATION:
            number = desk.begin(who, SET.id)
        sitting = desk.enter(who, SET.id, work.id, purpose).sitting.id
        for element, entry in work.key.items():
            desk.rate(who, sitting, element, entry.level)
        desk.hand_in(who, sitting)
    return number


def test_what_is_another_s_is_answered_like_what_is_not_there(
    program: MemoryProgram, client: httpx.Client
) -> None:
    owner = program.person("trainee")
    sitting = program.training.enter(owner, SET.id, "p1", Purpose.PRACTICE).sitting.id
    there = {
        "set": SET.id,
        "sitting": sitting,
        "attempt": qualified(program, "evaluator"),
        "credential": SET.credential.id,
    }
    absent = {"set": "absent", "sitting": 9999, "attempt": 9999, "credential": "absent"}
    for role in Role:
        for where in ("here", "elsewhere"):
            for allowed, method, path, body in ROUTES:
                if path == "/sets" or (where == "here" and role in allowed):
                    continue
                name = f"{role.value}-{where}"
                answers = [
                    call(program, client, name, method, path.format(**ids), filled(body, ids))
                    for ids in (there, absent)
                ]
                assert [one.status_code for one in answers] == [404, 404], (name, method, path)
                assert answers[0].text == answers[1].text, (name, method, path)


def filled(body: Any, ids: dict[str, Any]) -> Any:
    if body is None:
        return None
    return {k: v.format(**ids) if isinstance(v, str) else v for k, v in body.items()}


def test_every_route_of_training_is_tried_here(
    program: MemoryProgram, client: httpx.Client
) -> None:
    headers = {"Cookie": program.cookie("issuer")}
    paths = client.get("/api/v1/openapi.json", headers=headers).json()["paths"]
    own = {
        path.removeprefix("/training"): found
        for path, found in paths.items()
        if "/training" in path
    }
    assert len(own) >= 14
    for path, methods in own.items():
        tried = re.compile(re.sub(r"\\\{[a-z_]+\\\}", "[^/]+", re.escape(path)) + r"(\?|$)")
        for method in methods:
            assert [one for one in ROUTES if one[1] == method.upper() and tried.match(one[2])], (
                f"{method.upper()} {path}"
            )


def test_a_trainee_s_path_by_calls_alone(program: MemoryProgram, client: httpx.Client) -> None:
    def ask(method: str, path: str, body: Any = None) -> Any:
        answer = call(program, client, "trainee-here", method, path, body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    sitting = ask("POST", f"/sets/{SET.id}/works/p1/sittings", {"purpose": "practice"})
    for element in sitting["elements"]:
        body = {"element": element, "level": 1}
        ask("POST", f"/sittings/{sitting['sitting']}/ratings", body)
    span = {"element": "e1", "artifact": "plans-p1____", "start": 0, "end": 4}
    ask("POST", f"/sittings/{sitting['sitting']}/tags", span)
    done = ask("POST", f"/sittings/{sitting['sitting']}/hand-in")
    assert done["handed_in"]
    assert done["levels"] == {"e1": 1.0, "e2": 1.0}
    assert done["tags"]["e1"] == [{"artifact": "plans-p1____", "start": 0, "end": 4}]
    standing = ask("GET", f"/sets/{SET.id}/standing")
    assert standing["may_begin"]
    assert [one["times"] for one in standing["practice"]] == [1, 0]


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        ("/sets/{set}/works/p1/sittings", {"purpose": "fun"}, "purpose cannot be used"),
        ("/sittings/1/ratings", {"element": "e1"}, "level cannot be used"),
        ("/sittings/x/hand-in", {}, "number cannot be used"),
        ("/sittings/1/tags", {"element": "e1", "artifact": "a", "start": -1, "end": 3}, "start"),
    ],
)
def test_a_malformed_call_is_one_sentence(
    program: MemoryProgram, client: httpx.Client, path: str, body: Any, says: str
) -> None:
    found = call(program, client, "trainee-here", "POST", path.format(set=SET.id), body)
    assert found.status_code == 422
    assert says in found.json()["error"]


def test_rules_that_cannot_be_used_are_refused_in_a_sentence(
    program: MemoryProgram, client: httpx.Client
) -> None:
    body = {"cuts": {"3": 80}}
    found = call(program, client, "trainer-here", "PUT", f"/sets/{SET.id}/rules", body)
    assert found.status_code == 422
    assert found.json()["error"].startswith("The rules, cuts: ")


def test_the_fragments_hold_no_key_before_practice_is_handed_in(
    program: MemoryProgram, client: httpx.Client
) -> None:
    cookie = {"Cookie": program.cookie("trainee-here")}
    who = program.person("trainee-here")
    before = program.training.enter(who, SET.id, "p2", Purpose.PRACTICE)
    path = f"/training/sitting/{before.sitting.id}?element=e1"
    shown = client.get(path, headers=cookie).text
    assert "Why it is" not in shown
    for element, entry in before.work.key.items():
        program.training.rate(who, before.sitting.id, element, entry.level)
    assert "Why it is" not in client.get(path, headers=cookie).text
    program.training.hand_in(who, before.sitting.id)
    assert "Why it is" in client.get(path, headers=cookie).text
    stranger = {"Cookie": program.cookie("issuer")}
    assert client.get(path, headers=stranger).status_code == 404
    for name in ("issuer-here", "trainer-here", "trainee-elsewhere", "administrator-here"):
        hall = client.get("/training/hall", headers={"Cookie": program.cookie(name)})
        assert hall.status_code == 200
        assert ("practice-1" in hall.text) is False
