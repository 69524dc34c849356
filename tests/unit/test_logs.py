"""What is logged as JSON holds no word of anybody's work: told here by what is kept of a record."""

import ast
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from reviewer.errors import StoreUnusable
from reviewer.logs import FIELDS, JsonLines, about, take_over, write_logs
from reviewer.settings import CHECKOUT, Settings, load_settings
from reviewer.web.request_log import RequestLog

WORDS = "Maya cried at the window"


def line(name: str, message: str, *arguments: object, error: bool = False, **extra: object) -> str:
    """What is written of one record."""
    record = logging.getLogger(name).makeRecord(
        name, logging.WARNING, __file__, 1, message, arguments,
        sys.exc_info() if error else None, extra=extra,
    )  # fmt: skip
    return JsonLines().format(record)


def test_an_event_keeps_its_words_in_the_code_and_listed_fields_alone() -> None:
    written = line("reviewer.jobs", "Wait: %s", WORDS, stage="read", seconds=0.5, title=WORDS)
    told = json.loads(written)
    assert (told["event"], told["stage"], told["seconds"]) == ("Wait", "read", 0.5)
    assert told["at"].endswith("+00:00")
    assert set(told) == {"at", "level", "from", "event", "stage", "seconds"}
    assert "Maya" not in written


def test_of_an_error_its_class_and_place_are_told_and_no_word() -> None:
    try:
        int(WORDS)
    except ValueError:
        written = line("reviewer.web", "broken", error=True)
    told = json.loads(written)
    assert told["error"] == "ValueError"
    assert told["where"].startswith("test_logs.py:")
    assert "Maya" not in written
    assert about(StoreUnusable(WORDS)) == {"error": "StoreUnusable"}


def test_of_other_libraries_no_word_is_kept() -> None:
    written = line("uvicorn.error", f"Exception: {WORDS}", submission=WORDS)
    assert set(json.loads(written)) == {"at", "level", "from"}


@contextmanager
def plain_root() -> Iterator[None]:
    """A root logger as a new process has it."""
    root, ours = logging.getLogger(), logging.getLogger("reviewer")
    handlers, level = root.handlers[:], ours.level
    root.handlers.clear()
    try:
        yield
    finally:
        root.handlers[:] = handlers
        logging.captureWarnings(False)
        ours.setLevel(level)


def test_as_json_ours_are_written_from_the_first_and_others_from_warnings_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with plain_root():
        write_logs("json")
        logging.getLogger("reviewer.jobs").info("stage done", extra={"stage": "read"})
        logging.getLogger("other").info("nothing")
        logging.getLogger("other").warning("something")
    events = [json.loads(one) for one in capsys.readouterr().err.splitlines()]
    assert [(one["from"], one.get("event")) for one in events] == [
        ("reviewer.jobs", "stage done"),
        ("other", None),
    ]


def test_as_text_warnings_are_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    with plain_root():
        write_logs("text")
        logging.getLogger("reviewer.jobs").info("stage done")
        logging.getLogger("reviewer.jobs").warning("First passes wait: %s", "the disk is full.")
    assert capsys.readouterr().err == "First passes wait: the disk is full.\n"


def test_a_library_with_handlers_of_its_own_writes_as_everything_else() -> None:
    other = logging.getLogger("a_library.part")
    other.addHandler(logging.StreamHandler())
    other.propagate = False
    take_over("a_library")
    assert (other.handlers, other.propagate) == ([], True)


@pytest.mark.parametrize("form", ["yaml", ""])
def test_another_form_is_refused(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWER_LOG", form)
    with pytest.raises(Exception, match="REVIEWER_LOG cannot be used"):
        load_settings()
    assert Settings.model_fields["log"].default == "text"


def test_every_call_names_its_event_in_the_code() -> None:
    calls = list(_logged())
    assert len(calls) > 5
    for place, call in calls:
        first = call.args[0]
        assert isinstance(first, ast.Constant), place
        for keyword in call.keywords:
            if keyword.arg == "extra" and isinstance(keyword.value, ast.Dict):
                names = [one.value for one in keyword.value.keys if isinstance(one, ast.Constant)]
                assert set(names) <= set(FIELDS), place


def _logged() -> Iterator[tuple[str, ast.Call]]:
    """Every call of a logger in the package, and where it stands."""
    for path in sorted((CHECKOUT / "reviewer").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "log"
                and node.func.attr in ("debug", "info", "warning", "error", "exception")
            ):
                yield f"{path.name}:{node.lineno}", node


def test_of_a_request_the_pattern_of_its_route_is_kept(caplog: pytest.LogCaptureFixture) -> None:
    def answer(_: object) -> PlainTextResponse:
        return PlainTextResponse("ok")

    inner = Starlette(routes=[Route("/works/{name}", answer)])
    app = RequestLog(Starlette(routes=[Mount("/api", inner)]))
    with caplog.at_level(logging.INFO, "reviewer.web.request_log"):
        client = TestClient(app)
        client.get(f"/api/works/{WORDS}?about={WORDS}")
        client.get(f"/{WORDS}")
    lines = [json.loads(JsonLines().format(one)) for one in caplog.records if "ms" in vars(one)]
    assert [(one["method"], one["route"], one["status"]) for one in lines] == [
        ("GET", "/api/works/{name}", 200),
        ("GET", "-", 404),
    ]
