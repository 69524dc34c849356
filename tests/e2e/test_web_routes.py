"""What the house answers over HTTP: ranges, types, unknown things, foreign hosts and sites."""

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import house_sample as sample
import pytest
from house_program import MemoryProgram, serving, stage, write_video

from reviewer.store.records import StageState

pytestmark = pytest.mark.slow

PLANS = sample.PLANS.id
DONE = (stage("read", StageState.DONE), stage("draft", StageState.DONE))


COOKIES: dict[str, str] = {}
"""Address -> Cookie header of the issuer, who may see everything."""


class Answer:
    """One HTTP answer, read whole."""

    def __init__(self, address: str, path: str, method: str = "GET", **headers: str) -> None:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"Cookie": COOKIES.get(address, "")} | sent
        connection.request(method, path, headers=sent)
        response = connection.getresponse()
        self.status, self.headers, self.body = response.status, response.headers, response.read()
        connection.close()

    @property
    def text(self) -> str:
        return self.body.decode()


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_video(tmp_path_factory.mktemp("films") / "anything.bin", seconds=4)


@pytest.fixture(scope="module")
def address(video: Path) -> Iterator[str]:
    """The real application over one finished submission."""
    program = MemoryProgram(video.parent)
    program.hold("sub-1", sample.first_pass(), DONE, to=None)
    document = video.parent / "essay.html"
    document.write_text("<script>alert(1)</script>")
    program.repository.files |= {sample.VIDEO.id: video, sample.PLANS.id: document}
    with serving(program) as started:
        COOKIES[started] = program.cookie("issuer")
        yield started


@pytest.fixture
def media() -> str:
    return f"/media/sub-1/{sample.VIDEO.id}"


def test_a_whole_file_says_that_ranges_may_be_asked_for(
    address: str, media: str, video: Path
) -> None:
    answer = Answer(address, media)
    assert (answer.status, answer.body) == (200, video.read_bytes())
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Type"] == "video/mp4", "by content, whatever the name says"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-99", 0, 99), ("bytes=100-", 100, None), ("bytes=-10", -10, None)],
)
def test_a_range_is_answered_with_its_bytes_alone(
    address: str, media: str, video: Path, asked: str, first: int, last: int | None
) -> None:
    data = video.read_bytes()
    wanted = data[first : last + 1 if last is not None else None]
    answer = Answer(address, media, Range=asked)
    start = first % len(data)
    assert (answer.status, answer.body) == (206, wanted)
    assert answer.headers["Content-Range"] == f"bytes {start}-{start + len(wanted) - 1}/{len(data)}"


def test_a_range_behind_the_end_is_refused(address: str, media: str, video: Path) -> None:
    answer = Answer(address, media, Range="bytes=99999999-")
    assert answer.status == 416
    assert answer.headers["Content-Range"] == f"bytes */{video.stat().st_size}"


def test_head_gives_the_length_without_the_bytes(address: str, media: str, video: Path) -> None:
    answer = Answer(address, media, "HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["Content-Length"] == str(video.stat().st_size)


def test_a_document_leaves_as_a_download_and_is_never_rendered(address: str) -> None:
    answer = Answer(address, f"/media/sub-1/{sample.PLANS.id}")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/media/sub-1/000000000000",
        "/media/sub-2/anything",
        "/media/sub-1/..%2f..%2fetc%2fpasswd",
        "/report/sub-2",
        "/result/sub-2.json",
        "/live/sub-2",
        "/text/sub-1/000000000000",
        "/search/sub-2",
        "/finish/sub-2",
        "/review/sub-2/greeting",
        "/submission",
        "/submission?id=sub-2",
        "/submission/?id=%3Cscript%3E",
        "/no/such/page",
    ],
)
def test_what_is_unknown_is_answered_404_in_a_sentence(address: str, path: str) -> None:
    answer = Answer(address, path)
    assert answer.status == 404
    assert "There is no such" in answer.text
    assert "<script" not in answer.text
    assert "Traceback" not in answer.text


def test_a_file_gone_from_the_store_is_said_without_a_traceback(address: str) -> None:
    answer = Answer(address, f"/media/sub-1/{sample.SECOND_VIDEO.id}")
    assert answer.status == 500
    assert f"The file {sample.SECOND_VIDEO.id} is gone from the store." in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "path", ["/", "/submission?id=sub-1", "/report/sub-1", "/live", "/healthz"]
)
def test_every_answer_carries_the_security_headers(address: str, path: str) -> None:
    headers = Answer(address, path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/submission?id=sub-1"])
def test_no_page_advertises_another_program_or_a_foreign_picture(address: str, path: str) -> None:
    for asked in ({}, {"Accept-Encoding": "gzip, br"}):
        page = Answer(address, path, **asked).text
        assert "</html>" in page
        assert "og:" not in page
        assert "twitter:" not in page
        assert "raw.githubusercontent.com" not in page


def test_no_directive_of_any_policy_names_a_foreign_origin(address: str) -> None:
    harmless = {"'self'", "'none'", "data:", "blob:"}
    forced_by_gradio = {"'unsafe-inline'", "'unsafe-eval'"}
    for path in ("/", "/submission?id=sub-1", "/sign-in", "/report/sub-1", f"/text/sub-1/{PLANS}"):
        policy = Answer(address, path).headers["Content-Security-Policy"]
        for directive in policy.split("; "):
            name, *sources = directive.split()
            relaxed = name in ("script-src", "style-src")
            assert set(sources) <= harmless | (forced_by_gradio if relaxed else set()), directive


def test_the_report_may_run_no_script_at_all(address: str) -> None:
    policy = Answer(address, "/report/sub-1").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_a_foreign_host_name_gets_no_page(address: str) -> None:
    assert Answer(address, "/", Host="evil.example:80").status == 400
    assert Answer(address, "/healthz", Host="localhost:1").status == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_can_write_nothing(address: str, site: str) -> None:
    assert Answer(address, "/gradio_api/upload", "POST", Sec_Fetch_Site=site).status == 403
    assert Answer(address, "/report/sub-1", Sec_Fetch_Site=site).status == 200


def test_an_unchanged_state_is_not_sent_twice(address: str) -> None:
    first = Answer(address, "/live/sub-1")
    again = Answer(address, "/live/sub-1", If_None_Match=first.headers["ETag"])
    assert (first.status, again.status, again.body) == (200, 304, b"")
    assert set(json.loads(first.body)["texts"]) == {
        artifact.id for artifact in sample.first_pass().artifacts
    }


def test_the_result_is_the_published_json(address: str) -> None:
    result = json.loads(Answer(address, "/result/sub-1.json").body)
    assert result["submission"] == {"id": "sub-1", "candidate": "C-0417", "attempt": 1}


def test_the_web_process_imports_no_model_library() -> None:
    heavy = "torch", "transformers", "whisper", "faster_whisper", "ctranslate2", "onnxruntime"
    code = (
        "import sys, reviewer.web.app, reviewer.wiring, reviewer.cli.demo\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
