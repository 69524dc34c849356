"""REST: every role against every object of another, the way of a review, the files that leave."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import house_sample as sample
import httpx
import pyarrow.parquet as pq
import pytest
from docx import Document
from house_program import MemoryProgram, serving, stage
from house_routes import PAGES, ROUTES
from starlette.requests import Request

from reviewer.review.permission import Grant, Kind, Purpose, Role
from reviewer.review.rating import Aid
from reviewer.rubric import ReviewMode
from reviewer.scoring.draft import Fitness
from reviewer.store import audit
from reviewer.store.reconcile import reconcile
from reviewer.store.records import StageState
from reviewer.web.signing import DEMO_PEOPLE, on_this_machine

pytestmark = pytest.mark.slow  # Gradio takes seconds to import

DONE = (stage("read", StageState.DONE), stage("draft", StageState.DONE))
ELEMENTS = [one.id for one in sample.CREDENTIAL.elements]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MemoryProgram, httpx.Client]]:
    program = MemoryProgram(tmp_path_factory.mktemp("store"))
    with serving(program) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield program, client


@pytest.fixture
def program(house: tuple[MemoryProgram, httpx.Client]) -> MemoryProgram:
    house[0].clear()
    return house[0]


_NUMBERS = iter(range(1000))


@pytest.fixture
def sub(program: MemoryProgram) -> str:
    """A submission that is assigned to the evaluator."""
    name = f"sub-{next(_NUMBERS)}"
    program.hold(name, sample.first_pass(), DONE)
    return name


class Caller:
    """Somebody who calls with a token of their own."""

    def __init__(self, program: MemoryProgram, client: httpx.Client, name: str) -> None:
        secret = program.records.entries.new_token(program.person(name), "test")
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._client = client

    def __call__(self, method: str, path: str, **body: Any) -> Any:
        more = {"json": body} if body else {}
        return self._client.request(method, f"/api/v1{path}", headers=self._headers, **more)

    def get(self, path: str) -> Any:
        answer = self("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, **body: Any) -> Any:
        answer = self("POST", path, **body)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def client(house: tuple[MemoryProgram, httpx.Client]) -> httpx.Client:
    return house[1]


@pytest.fixture
def call(house: tuple[MemoryProgram, httpx.Client]) -> Any:
    return lambda name: Caller(house[0], house[1], name)


def score_all(me: Caller, sub: str, **levels: float) -> None:
    """Store and decide a level of 2 (or as told) for every element, keeping one's own."""
    for element in ELEMENTS:
        level = levels.get(element, 2)
        path = f"/submissions/{sub}/elements/{element}"
        me.get(path)
        version = me.post(f"{path}/rate", level=level, version=0)["version"]
        me.post(f"{path}/reveal")
        seen = me.get(path)
        if seen["draft"] and seen["draft"]["citations"]:
            me("POST", f"{path}/citations/1/open")
        me.post(f"{path}/decide", level=level, version=version)


class TestWhoMayWhat:
    @pytest.mark.parametrize("name", [one for one in DEMO_PEOPLE if one != "issuer"])
    def test_what_is_assigned_to_nobody_is_not_there_for_anybody_but_its_issuer(
        self, program: MemoryProgram, call: Any, house: Any, name: str
    ) -> None:
        program.hold("closed", sample.first_pass(), DONE, to=None)
        me = call(name)
        for method, path, *body in ROUTES:
            answer = me(method, path.format("closed"), **(body[0] if body else {}))
            assert answer.status_code == 404, (name, method, path, answer.text)
        for path in PAGES:
            answer = house[1].get(path.format("closed"), headers={"Cookie": program.cookie(name)})
            assert answer.status_code == 404, (name, path)
            assert me("GET", "/queue").json() == {"assigned": []}

    def test_another_evaluator_s_submission_is_not_there(
        self, program: MemoryProgram, sub: str, call: Any, house: Any
    ) -> None:
        if program.records.accounts.named("other") is None:
            program.records.accounts.add("other", None, [Grant(Role.EVALUATOR)])
        other = call("other")
        for method, path, *body in ROUTES:
            answer = other(method, path.format(sub), **(body[0] if body else {}))
            assert answer.status_code == 404, (method, path)

    def test_the_same_sentence_says_no_for_what_is_and_what_is_not(
        self, program: MemoryProgram, call: Any
    ) -> None:
        program.hold("closed", sample.first_pass(), DONE, to=None)
        me = call("evaluator")
        there, absent = me("GET", "/submissions/closed"), me("GET", "/submissions/absent")
        assert (there.status_code, there.json()) == (absent.status_code, absent.json())

    def test_without_a_person_nothing_is_answered(self, house: Any, sub: str) -> None:
        client = house[1]
        for method, path, *_ in ROUTES:
            answer = client.request(method, f"/api/v1{path.format(sub)}")
            assert answer.status_code == 401, path
        closed = ("/live", "/api/v1/openapi.json", "/gradio_api/info", "/config", "/ui/x", "/info")
        for path in closed:
            answer = client.get(path, headers={"Accept": "application/json"})
            assert answer.status_code == 401, path
        page = client.get("/", headers={"Accept": "text/html"}, follow_redirects=False)
        assert (page.status_code, page.headers["location"]) == (303, "/sign-in")

    def test_a_token_is_for_the_rest_interface_alone(
        self, program: MemoryProgram, house: Any, sub: str
    ) -> None:
        secret = program.records.entries.new_token(program.person("evaluator"), "test")
        headers = {"Authorization": f"Bearer {secret}", "Accept": "application/json"}
        assert house[1].get(f"/live/{sub}", headers=headers).status_code == 401
        assert house[1].get("/api/v1/me", headers=headers).json()["name"] == "evaluator"

    def test_an_issuer_reads_and_exports_but_neither_rates_nor_decides(
        self, program: MemoryProgram, sub: str, call: Any
    ) -> None:
        issuer, path = call("issuer"), f"/submissions/{sub}/elements/greeting"
        assert issuer.get(f"/submissions/{sub}")["kind"] is None
        assert issuer("GET", f"/submissions/{sub}/export/full.json").status_code == 200
        assert issuer("POST", f"{path}/rate", level=1, version=0).status_code == 403
        assert issuer("POST", f"{path}/decide", level=1, version=0).status_code == 403

    def test_a_role_that_is_taken_away_counts_at_once(
        self, program: MemoryProgram, sub: str, call: Any
    ) -> None:
        me, accounts = call("evaluator"), program.records.accounts
        assert me("GET", f"/submissions/{sub}").status_code == 200
        accounts.revoke("evaluator", Grant(Role.EVALUATOR))
        try:
            assert me("GET", f"/submissions/{sub}").status_code == 404
        finally:
            accounts.grant("evaluator", Grant(Role.EVALUATOR))

    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("issuer", Kind.SECOND),
            ("adjudicator", Kind.ADJUDICATION),
            ("trainee", Kind.TRAINING),
        ],
    )
    def test_an_independent_rater_is_shown_neither_excerpts_nor_draft(
        self, program: MemoryProgram, call: Any, name: str, kind: Kind
    ) -> None:
        sub = f"independent-{kind}"
        program.hold(sub, sample.first_pass(), DONE, to=None)
        program.records.assignments.assign(sub, program.person(name), kind, "issuer")
        me, path = call(name), f"/submissions/{sub}/elements/greeting"
        assert me.get(path)["excerpts"] is None
        rated = me.post(f"{path}/rate", level=1, version=0)
        assert (rated["aid"], rated["phase"]) == ("none", "blind")
        me("POST", f"{path}/reveal")
        seen = me.get(path)
        assert (seen["draft"], seen["standing"]["revealed"]) == (None, False)
        assert me("GET", f"/submissions/{sub}/export/report.html").status_code == 403

    @pytest.mark.parametrize("purpose", [one for one in Purpose if one is not Purpose.ORDINARY])
    def test_a_first_score_that_must_stay_without_aid_is_shown_none_before_and_after_it_is_final(
        self, program: MemoryProgram, call: Any, purpose: Purpose
    ) -> None:
        sub = f"first-{purpose}"
        program.hold(sub, sample.first_pass(), DONE, to=None)
        call("issuer").post(
            f"/submissions/{sub}/assign", name="evaluator", kind="first", purpose=purpose
        )
        me = call("evaluator")
        score_all(me, sub)
        assert me.post(f"/submissions/{sub}/finalize", outcome="awarded")["by"] == "evaluator"
        for element in ELEMENTS:
            seen = me.get(f"/submissions/{sub}/elements/{element}")
            assert (seen["excerpts"], seen["draft"]) == (None, None)
            assert seen["standing"]["decision"]["kind"] == "scored"
        assert {one.aid for _, one in program.records.reviews.ratings([sub])} == {Aid.NONE}
        for path in ("report.html", "full.json", "ratings.csv"):
            assert me("GET", f"/submissions/{sub}/export/{path}").status_code == 403
        for path in ("letter.html", "letter.docx", "badge.json"):  # nothing of a draft is in them
            assert me("GET", f"/submissions/{sub}/export/{path}").status_code == 200
        assert program.records.remarks.latest_feedback(sub)["greeting"]

    def test_a_purpose_that_does_not_go_with_the_kind_is_refused_in_a_sentence(
        self, sub: str, call: Any
    ) -> None:
        body = {"name": "issuer", "kind": "second", "purpose": "ordinary"}
        refused = call("issuer")("POST", f"/submissions/{sub}/assign", **body)
        assert (refused.status_code, "stays without any aid" in refused.text) == (422, True)

    @pytest.mark.parametrize(
        ("name", "kind", "roles"),
        [
            ("trainee", "first", "evaluator or issuer"),
            ("evaluator", "adjudication", "adjudicator"),
            ("issuer", "training", "trainee"),
        ],
    )
    def test_nobody_is_given_a_part_that_their_roles_do_not_include(
        self, program: MemoryProgram, call: Any, name: str, kind: str, roles: str
    ) -> None:
        program.hold("unfit", sample.first_pass(), DONE, to=None)
        refused = call("issuer")("POST", "/submissions/unfit/assign", name=name, kind=kind)
        assert refused.status_code == 422
        assert f"with the role {roles} for this credential" in refused.json()["error"]
        assert program.records.assignments.raters("unfit") == ()


class TestTwoEvaluatorsAtOnce:
    def test_neither_sees_anything_of_the_other_before_the_own_levels_are_in(
        self, program: MemoryProgram, sub: str, call: Any
    ) -> None:
        if program.records.accounts.named("second") is None:
            program.records.accounts.add("second", None, [Grant(Role.EVALUATOR)])
        call("issuer").post(f"/submissions/{sub}/assign", name="second", kind="second")
        first, second = call("evaluator"), call("second")
        path = f"/submissions/{sub}/elements/greeting"
        first.post(f"{path}/rate", level=2, version=0)
        seen = second.get(path)
        assert (seen["standing"]["version"], seen["standing"]["level"]) == (0, None)
        assert second.get(f"/submissions/{sub}/summary")["levels"] == {}
        second.post(f"{path}/rate", level=1, version=0)
        assert first.get(path)["standing"]["level"] == 2
        assert second("POST", f"{path}/decide", level=1, version=1).status_code == 403
        kept = {name: one.level for name, one in program.records.reviews.ratings([sub])}
        assert kept == {"evaluator": 2, "second": 1}

    def test_who_saw_another_s_decision_does_not_count_as_blind_any_more(
        self, program: MemoryProgram, sub: str, call: Any
    ) -> None:
        if program.records.accounts.named("third") is None:
            program.records.accounts.add("third", None, [Grant(Role.EVALUATOR)])
        call("issuer").post(f"/submissions/{sub}/assign", name="third", kind="first")
        score_all(call("evaluator"), sub)
        third, path = call("third"), f"/submissions/{sub}/elements/routine"
        for element in ELEMENTS:
            third.post(f"/submissions/{sub}/elements/{element}/rate", level=0, version=0)
        assert third.get(f"/submissions/{sub}/summary")["levels"]["routine"] == 2
        again = third.post(f"{path}/rate", level=2, version=1)
        assert (again["phase"], again["aid"]) == ("revealed", "draft")


class TestReview:
    def test_blind_then_revealed_then_decided(
        self, program: MemoryProgram, sub: str, call: Any
    ) -> None:
        me, path = call("evaluator"), f"/submissions/{sub}/elements/greeting"
        before = me.get(path)
        assert before["draft"] is None
        assert all("stance" not in one and "weight" not in one for one in before["excerpts"])
        assert me("POST", f"{path}/reveal").status_code == 422
        rated = me.post(f"{path}/rate", level=1, version=0)
        assert (rated["phase"], rated["aid"]) == ("blind", "excerpts")
        early = me("POST", f"{path}/decide", level=1, version=1)
        assert "Look at the draft before you decide" in early.json()["error"]
        me.post(f"{path}/reveal")
        assert me.get(path)["draft"]["level"] == 2
        refused = me("POST", f"{path}/decide", level=2, version=1)
        assert (refused.status_code, "Open one citation" in refused.text) == (422, True)
        me.post(f"{path}/citations/2/open")
        decided = me.post(f"{path}/decide", level=2, version=1)
        assert decided["decision"]["kind"] == "confirm"

    @pytest.mark.parametrize(
        ("mode", "excerpts", "draft", "aid"),
        [
            ("blind_first", True, False, "excerpts"),
            ("evidence_hidden_until_scored", False, False, "none"),
            ("draft_first", True, True, "draft"),
        ],
    )
    def test_each_review_mode_shows_what_it_says_and_the_rating_records_it(
        self,
        program: MemoryProgram,
        call: Any,
        mode: str,
        excerpts: bool,
        draft: bool,
        aid: str,
    ) -> None:
        credential = sample.CREDENTIAL.model_copy(update={"review_mode": ReviewMode(mode)})
        program.hold(f"m-{mode[:8]}", sample.first_pass(), DONE, credential=credential)
        me, path = call("evaluator"), f"/submissions/m-{mode[:8]}/elements/greeting"
        seen = me.get(path)
        assert (seen["excerpts"] is not None, seen["draft"] is not None) == (excerpts, draft)
        assert me.post(f"{path}/rate", level=1, version=0)["aid"] == aid

    def test_a_closed_draft_is_never_shown_and_the_decision_is_scored(
        self, program: MemoryProgram, call: Any
    ) -> None:
        closed = tuple(replace(one, fitness=Fitness.CLOSED) for one in sample.DRAFTS)
        program.hold("closed-gate", sample.first_pass(closed), DONE)
        me, path = call("evaluator"), "/submissions/closed-gate/elements/greeting"
        assert me.get(path)["excerpts"], "they come from the search, whatever the gate says"
        me.post(f"{path}/rate", level=1, version=0)
        me.post(f"{path}/reveal")
        seen = me.get(path)
        assert (seen["draft"]["kind"], seen["draft"]["level"]) == ("abstention", None)
        decided = me.post(f"{path}/decide", level=1, version=1)
        assert decided["decision"]["kind"] == "scored"
        assert {one.aid for _, one in program.records.reviews.ratings(["closed-gate"])} == {
            Aid.EXCERPTS
        }

    def test_a_stale_window_is_refused_with_409(
        self, program: MemoryProgram, sub: str, call: Any
    ) -> None:
        me, path = call("evaluator"), f"/submissions/{sub}/elements/greeting"
        me.post(f"{path}/rate", level=1, version=0)
        answer = me("POST", f"{path}/rate", level=2, version=0)
        assert (answer.status_code, "another window" in answer.text) == (409, True)

    @pytest.mark.parametrize(
        ("body", "said"),
        [
            ({"level": 7, "version": 0}, "7 is no level of the element"),
            ({"level": "two", "version": 0}, "level cannot be used"),
            ({"version": 0}, "level cannot be used"),
            ({"level": 1, "version": -1}, "version cannot be used"),
            ({"level": 1, "version": 0, "aid": "none"}, "aid cannot be used"),
        ],
    )
    def test_what_cannot_be_a_rating_is_refused_in_a_sentence(
        self, sub: str, call: Any, body: dict[str, Any], said: str
    ) -> None:
        path = f"/submissions/{sub}/elements/greeting/rate"
        answer = call("evaluator")("POST", path, **body)
        assert answer.status_code == 422
        assert said in answer.json()["error"]

    def test_a_level_chosen_after_a_decision_is_to_be_decided_before_anything_is_final(
        self, program: MemoryProgram, sub: str, call: Any
    ) -> None:
        me = call("evaluator")
        score_all(me, sub)
        path = f"/submissions/{sub}/elements/greeting"
        version = me.get(path)["standing"]["version"]
        later = me.post(f"{path}/rate", level=0, version=version)
        assert (later["level"], later["decision"]["level"]) == (0, 2)
        refused = me("POST", f"/submissions/{sub}/finalize", outcome="awarded")
        assert refused.status_code == 422
        assert refused.json()["error"].endswith(
            "you chose 0 after 2 was decided. Decide it again: until then 2 counts."
        )
        assert program.records.outcomes.finalized(sub) is None
        me.post(f"{path}/decide", level=0, version=later["version"])
        outcome = me.get(f"/submissions/{sub}/summary")["outcome"]
        assert me.post(f"/submissions/{sub}/finalize", outcome=outcome)["outcome"] == outcome

    def test_what_is_finalized_stays(self, program: MemoryProgram, sub: str, call: Any) -> None:
        me = call("evaluator")
        score_all(me, sub, sharing=1)
        summary = me.get(f"/submissions/{sub}/summary")
        assert (summary["outcome"], summary["unmet"]) == ("resubmission_requested", ["sharing"])
        assert "turn to share" in summary["feedback"]["sharing"]
        wrong = me("POST", f"/submissions/{sub}/finalize", outcome="awarded")
        assert wrong.status_code == 409
        me.post(f"/submissions/{sub}/finalize", outcome="resubmission_requested")
        path = f"/submissions/{sub}/elements/greeting"
        assert me("POST", f"{path}/rate", level=0, version=3).status_code == 422
        assert me("PUT", f"{path}/feedback", words="Something else.").status_code == 422
        span = {"artifact": sample.VIDEO.id, "start": 0, "end": 3}
        assert me("POST", f"{path}/marks", **span).status_code == 422
        assert reconcile(program.database) > 0
        assert audit.verify(program.database) > 0


class TestTimeSpans:
    def test_a_time_span_is_evidence_with_what_is_said_in_it_and_is_cut_at_the_end(
        self, sub: str, call: Any
    ) -> None:
        me, path = call("evaluator"), f"/submissions/{sub}/elements/greeting"
        me.post(f"{path}/marks/times", artifact=sample.VIDEO.id, start_s=60, end_s=90)
        (mark,) = me.get(path)["marks"]
        assert (mark["start_s"], mark["end_s"]) == (60, 72)
        assert sample.VIDEO.quote(mark["start"], mark["end"]).startswith("We will not do sharing")

    @pytest.mark.parametrize(
        ("artifact", "start_s", "end_s"),
        [
            (sample.VIDEO.id, 9, 9),
            (sample.VIDEO.id, 9, 3),
            (sample.VIDEO.id, 72, 80),
            (sample.PLANS.id, 1, 2),
            ("no-such-file", 1, 2),
        ],
    )
    def test_what_is_no_time_span_of_the_work_is_refused_in_a_sentence(
        self, sub: str, call: Any, artifact: str, start_s: float, end_s: float
    ) -> None:
        me, path = call("evaluator"), f"/submissions/{sub}/elements/greeting"
        body = {"artifact": artifact, "start_s": start_s, "end_s": end_s}
        answer = me("POST", f"{path}/marks/times", **body)
        assert (answer.status_code, "is not in the work" in answer.text) == (422, True)
        assert me.get(path)["marks"] == []

    def test_it_is_named_in_letter_badge_and_chapters(self, sub: str, call: Any) -> None:
        me, path = call("evaluator"), f"/submissions/{sub}/elements/greeting"
        me.post(f"{path}/marks/times", artifact=sample.VIDEO.id, start_s=7, end_s=12.5)
        TestFiles().finished(me, sub)
        files = TestFiles()
        assert "circle monday.mp4, 0:07–0:12" in files.file(me, sub, "letter.html").decode()
        (evidence,) = json.loads(files.file(me, sub, "badge.json"))["evidence"]
        assert evidence["description"] == "circle monday.mp4, 0:07–0:12"
        chapters = files.file(me, sub, f"chapters/{sample.VIDEO.id}.vtt").decode()
        assert "00:00:07.000 --> 00:00:12.500\nEvery child is greeted by name" in chapters


class TestFiles:
    def finished(self, me: Caller, sub: str, **levels: float) -> None:
        score_all(me, sub, **levels)
        outcome = me.get(f"/submissions/{sub}/summary")["outcome"]
        me.post(f"/submissions/{sub}/finalize", outcome=outcome)

    def file(self, me: Caller, sub: str, name: str) -> bytes:
        answer = me("GET", f"/submissions/{sub}/export/{name}")
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Disposition"].startswith("attachment")
        return bytes(answer.content)

    def test_before_all_is_scored_no_export_shows_a_draft(self, sub: str, call: Any) -> None:
        me = call("evaluator")
        for name in ("full.json", "report.html", "ratings.csv", "letter.html", "badge.json"):
            answer = me("GET", f"/submissions/{sub}/export/{name}")
            assert (answer.status_code, "open when your own level" in answer.text) == (403, True)

    def test_the_long_table_has_people_and_engine_and_csv_equals_parquet(
        self, sub: str, call: Any
    ) -> None:
        me = call("evaluator")
        self.finished(me, sub, greeting=1)
        rows = list(csv.DictReader(io.StringIO(self.file(me, sub, "ratings.csv").decode())))
        blind = next(one for one in rows if one["element"] == "greeting")
        assert (blind["rater"], blind["score"], blind["phase"], blind["aid"]) == (
            "evaluator",
            "1",
            "blind",
            "excerpts",
        )
        engine = [one for one in rows if one["rater_type"] == "engine"]
        assert [(one["element"], one["score"], one["confidence"]) for one in engine] == [
            ("greeting", "2", "0.67"),
            ("routine", "1", "0.55"),
        ]
        assert {len(one["engine_version"]) for one in engine} == {64}
        table = pq.read_table(io.BytesIO(self.file(me, sub, "ratings.parquet"))).to_pylist()
        assert [one["element"] for one in table] == [one["element"] for one in rows]
        assert [one["score"] for one in table] == [float(one["score"]) for one in rows]

    def test_the_badge_has_a_result_for_every_level_and_its_evidence(
        self, sub: str, call: Any
    ) -> None:
        me = call("evaluator")
        me.post(
            f"/submissions/{sub}/elements/greeting/marks",
            artifact=sample.VIDEO.id,
            start=0,
            end=13,
        )
        self.finished(me, sub)
        badge = json.loads(self.file(me, sub, "badge.json"))
        assert badge["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
        subject = badge["credentialSubject"]
        described = {
            level["id"]: level["level"]
            for element in subject["achievement"]["resultDescription"]
            for level in element["rubricCriterionLevel"]
        }
        assert [described[one["achievedLevel"]] for one in subject["result"]] == ["2"] * 5
        (evidence,) = badge["evidence"]
        assert (evidence["narrative"], evidence["description"]) == (
            "Good morning,",
            "circle monday.mp4, 0:01",
        )
        assert "draft" not in json.dumps(badge)
        chapters = self.file(me, sub, f"chapters/{sample.VIDEO.id}.vtt").decode()
        assert chapters == (
            "WEBVTT\n\n00:00:01.200 --> 00:00:06.400\nEvery child is greeted by name\n"
        )

    def test_the_last_step_says_what_the_badge_will_name_and_hands_out_one_s_chapters(
        self, program: MemoryProgram, sub: str, call: Any, client: httpx.Client
    ) -> None:
        def finish() -> str:
            return client.get(f"/finish/{sub}", headers={"Cookie": program.cookie()}).text

        me, chapters = call("evaluator"), f"/export/chapters/{sample.VIDEO.id}.vtt"
        assert chapters not in finish()
        mark = {"artifact": sample.VIDEO.id, "start": 0, "end": 13}
        me.post(f"/submissions/{sub}/elements/greeting/marks", **mark)
        assert chapters in finish()
        assert "marked" not in finish(), "nothing is said before the outcome is known"
        score_all(me, sub)
        words = " ".join(re.sub(r"<[^>]*>", " ", finish()).split())
        assert "1 Every child is greeted by name 2 1 marked 2 " in words
        assert "where none is marked, the level alone" in words

    def test_there_is_no_badge_without_an_award(self, sub: str, call: Any) -> None:
        me = call("evaluator")
        self.finished(me, sub, sharing=0)
        answer = me("GET", f"/submissions/{sub}/export/badge.json")
        assert (answer.status_code, "ended in an award" in answer.text) == (422, True)

    def test_the_letter_says_what_was_found_then_what_is_missing_and_is_addressed_by_the_issuer(
        self, program: MemoryProgram, sub: str, call: Any
    ) -> None:
        me = call("evaluator")
        path = f"/submissions/{sub}/elements/sharing/feedback"
        me("PUT", path, words="Send a video in which pupils answer each other. <b>=1+1</b>")
        self.finished(me, sub, sharing=1)
        assert me("PUT", f"/submissions/{sub}/candidate", name="Ms. Brown").status_code == 403
        assert call("issuer")("PUT", f"/submissions/{sub}/candidate", name="Ms. Brown").is_success
        html = self.file(me, sub, "letter.html").decode().partition("<main>")[2]
        assert "Dear <bdi>C-0417</bdi>" in html
        assert html.index(">What we found") < html.index(">What is still missing")
        assert "&lt;b&gt;=1+1&lt;/b&gt;" in html
        assert "Dear <bdi>Ms. Brown</bdi>" in self.file(call("issuer"), sub, "letter.html").decode()
        letter = Document(io.BytesIO(self.file(me, sub, "letter.docx")))
        text = "\n".join(one.text for one in letter.paragraphs)
        assert "Each child shares and is answered by another child. Send a video" in text
        assert not any(words in html for words in ("67", "weight", "draft"))

    def test_who_opened_and_took_out_what_is_in_the_record(
        self, program: MemoryProgram, sub: str, call: Any
    ) -> None:
        call("issuer").get(f"/submissions/{sub}")
        self.file(call("issuer"), sub, "report.html")
        everything = audit.events(program.database)
        told = [one for one in everything if one.details.get("submission") == sub]
        events = [(one.actor, one.event) for one in told if one.actor == "issuer"]
        assert ("issuer", "exported") in events
        seen = {one.details["sight"] for one in told if one.event == "shown"}
        assert seen == {"work", "draft"}

    def test_the_full_json_tells_everything_of_record(self, sub: str, call: Any) -> None:
        me = call("evaluator")
        self.finished(me, sub, greeting=1)
        whole = json.loads(self.file(me, sub, "full.json"))
        assert whole["confirmed"]["greeting"]["kind"] == "override"
        assert whole["confirmed"]["greeting"]["draft_level"] == 2
        assert whole["finalized"]["by"] == "evaluator"


class TestHandingIn:
    FORM: ClassVar = {"credential": "sample-circle-time", "candidate": "C-9", "attempt": "2"}

    def send(self, house: Any, name: str, files: list[Any], **form: str) -> Any:
        program, client = house
        secret = program.records.entries.new_token(program.person(name), "test")
        return client.post(
            "/api/v1/submissions",
            headers={"Authorization": f"Bearer {secret}"},
            data=self.FORM | {"consent": "true"} | form,
            files=[("files", one) for one in files],
        )

    def test_files_go_into_a_folder_with_their_slots_and_are_mine(
        self, program: MemoryProgram, house: Any
    ) -> None:
        files = [("plans.txt", b"We sing."), ("a/../../why.txt", b"Because.")]
        slots = json.dumps({"plans.txt": "plans"})
        answer = self.send(house, "evaluator", files, slots=slots)
        assert answer.status_code == 201, answer.text
        names, declared = program.submitted[-1]
        assert names == ["plans.txt", "submission.yaml", "why.txt"]
        assert "candidate: C-9" in declared
        assert "- plans.txt" in declared
        assert answer.json()["kind"] == "first"

    def test_without_consent_nothing_is_taken(self, program: MemoryProgram, house: Any) -> None:
        before = len(program.submitted)
        answer = self.send(house, "evaluator", [("plans.txt", b"x")], consent="false")
        assert (answer.status_code, "consented" in answer.json()["error"]) == (422, True)
        assert len(program.submitted) == before

    @pytest.mark.parametrize("name", ["trainer", "trainee", "adjudicator"])
    def test_who_neither_evaluates_nor_issues_hands_nothing_in(self, house: Any, name: str) -> None:
        assert self.send(house, name, [("plans.txt", b"x")]).status_code == 403


class TestComingIn:
    def test_a_cookie_writes_only_from_these_pages(
        self, program: MemoryProgram, sub: str, house: Any
    ) -> None:
        path = f"/api/v1/submissions/{sub}/elements/greeting/rate"
        cookie = {"Cookie": program.cookie()}
        body = {"level": 1, "version": 0}
        for headers in (
            {},
            {"Origin": "http://evil.example"},
            {"Sec-Fetch-Site": "cross-site", "X-Reviewer": "page"},
            {"Sec-Fetch-Site": "none"},
            {"Origin": "null"},
        ):
            answer = house[1].post(path, headers=cookie | headers, json=body)
            assert answer.status_code == 403, headers
        own = cookie | {"Sec-Fetch-Site": "same-origin"}
        assert house[1].post(path, headers=own, json=body).status_code == 200

    def test_the_demo_s_people_come_in_by_a_button_elsewhere_nobody_does(
        self, tmp_path: Path
    ) -> None:
        program = MemoryProgram(tmp_path, demo=False)
        own = {"X-Reviewer": "page"}
        with serving(program) as address, httpx.Client(base_url=address) as client:
            refused = client.post("/sign-in", data={"demo": "issuer"}, headers=own)
            assert refused.status_code == 401
            assert "for the demo alone" in refused.text
            assert "demo-issuer" not in client.get("/sign-in").text
            program.demo = True
            assert client.post("/sign-in", data={"demo": "root"}, headers=own).status_code == 401
            done = client.post(
                "/sign-in", data={"demo": "issuer"}, headers=own, follow_redirects=False
            )
            cookie = done.headers["set-cookie"]
            assert "HttpOnly" in cookie
            assert "SameSite=strict" in cookie

    @pytest.mark.parametrize(
        ("host", "here"),
        [("127.0.0.1", True), ("::1", True), ("10.0.0.7", False), ("example", False)],
    )
    def test_the_demo_s_button_is_for_this_machine_alone(self, host: str, here: bool) -> None:
        request = Request({"type": "http", "client": (host, 1), "headers": []})
        assert on_this_machine(request) is here

    def test_signing_out_ends_the_sign_in(self, program: MemoryProgram, house: Any) -> None:
        cookie = {"Cookie": program.cookie(), "X-Reviewer": "page"}
        assert house[1].get("/api/v1/me", headers=cookie).status_code == 200
        house[1].post("/sign-out", headers=cookie)
        assert house[1].get("/api/v1/me", headers=cookie).status_code == 401

    @pytest.mark.parametrize(
        "path", ["/gradio_api/upload", "/gradio_api/file=/etc/passwd", "/gradio_api/proxy=x"]
    )
    def test_gradio_s_own_ways_for_files_are_closed(
        self, program: MemoryProgram, house: Any, path: str
    ) -> None:
        headers = {"Cookie": program.cookie(), "X-Reviewer": "page"}
        assert house[1].get(path, headers=headers).status_code == 404
        assert house[1].post(path, headers=headers, files={"f": b"x"}).status_code == 404

    def test_the_description_names_every_call(self, program: MemoryProgram, house: Any) -> None:
        headers = {"Cookie": program.cookie()}
        described = house[1].get("/api/v1/openapi.json", headers=headers).json()
        paths = set(described["paths"])
        for _, path, *_ in ROUTES[:4]:
            plain = path.replace("{}", "{submission}").replace("greeting", "{element}")
            assert plain in paths


class TestOperating:
    def test_an_administrator_reads_the_metrics_and_nobody_else_does(
        self, program: MemoryProgram, client: httpx.Client, call: Any
    ) -> None:
        if program.records.accounts.named("boss") is None:
            program.records.accounts.add("boss", None, [Grant(Role.ADMINISTRATOR)])
        answer = call("boss")("GET", "/metrics")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain")
        assert "reviewer_info{version=" in answer.text
        assert "process_resident_memory_bytes" in answer.text
        for name in DEMO_PEOPLE:
            assert call(name)("GET", "/metrics").status_code == 403
        assert client.get("/api/v1/metrics").status_code == 401


class TestSteering:
    def test_an_issuer_pauses_a_first_pass_and_an_evaluator_does_not(
        self, program: MemoryProgram, call: Any, sub: str
    ) -> None:
        call("issuer").post(f"/submissions/{sub}/first-pass", do="pause")
        assert program.steered == [(sub, "pause")]
        refused = call("evaluator")("POST", f"/submissions/{sub}/first-pass", do="pause")
        assert refused.status_code == 403
        assert program.steered == [(sub, "pause")]

    def test_what_is_no_way_to_steer_is_said(self, call: Any, sub: str) -> None:
        answer = call("issuer")("POST", f"/submissions/{sub}/first-pass", do="explode")
        assert answer.status_code == 422
        assert "do cannot be used" in answer.json()["error"]
