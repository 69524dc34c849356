"""Submitted files by content: in a folder, in an S3 store, always compared with their hash."""

import hashlib
import re
import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from localbucket import S3Handler

from reviewer.errors import StoreError
from reviewer.store.files import FileStore
from reviewer.store.remote import Remote

DATA = b"Each child chooses a greeting card."
SHA256 = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    made = tmp_path / "plan.txt"
    made.write_bytes(DATA)
    return made


class Handler(S3Handler):
    """The server's own, with the one call that it lacks: DeleteObjects."""

    def _post_request(self, bucket: str, key: str) -> None:
        if "delete" not in self.query:
            super()._post_request(bucket, key)
            return
        asked = re.findall(r"<Key>([^<]+)</Key>", self._read_body().decode())
        for name in asked:
            self._object_path(bucket, name).unlink(missing_ok=True)
        deleted = "".join(f"<Deleted><Key>{name}</Key></Deleted>" for name in asked)
        self._send(HTTPStatus.OK, f"<DeleteResult>{deleted}</DeleteResult>".encode())


@pytest.fixture(scope="module")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an S3 server of this test run's own, with one bucket."""
    buckets = tmp_path_factory.mktemp("s3")
    (buckets / "reviewer").mkdir()
    Handler.data_root = buckets
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield "http://{}:{}".format(*server.server_address)
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture(params=["folder", "s3"])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where files can be kept, of either kind; a place of its own for each test."""
    if request.param == "folder":
        (tmp_path / "far away").mkdir()
        return (tmp_path / "far away").as_uri()
    _point_s3_at(request.getfixturevalue("s3_server"), monkeypatch)
    return f"s3://reviewer/{tmp_path.name}"


def _point_s3_at(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", address)
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


class TestRemote:
    def test_a_file_that_one_machine_kept_is_found_by_another(
        self, url: str, source: Path, tmp_path: Path
    ) -> None:
        FileStore(tmp_path / "one", Remote(url)).keep(source, SHA256)
        other = FileStore(tmp_path / "other", Remote(url))
        assert other.names() == (SHA256,)
        assert other.find(SHA256).read_bytes() == DATA
        assert other.find(SHA256).is_relative_to(tmp_path / "other")

    def test_one_that_was_changed_there_is_named_and_not_handed_out(
        self, url: str, source: Path, tmp_path: Path
    ) -> None:
        FileStore(tmp_path / "one", Remote(url)).keep(source, SHA256)
        source.write_bytes(b"Something else.")
        Remote(url).put(source, SHA256)
        other = FileStore(tmp_path / "other", Remote(url))
        with pytest.raises(StoreError, match=f"{SHA256[:12]} at .* was changed after it was kept"):
            other.find(SHA256)
        assert not other.path(SHA256).exists()

    def test_one_that_is_gone_is_said(self, url: str, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match=r"is not in .* any more"):
            FileStore(tmp_path / "one", Remote(url)).find(SHA256)

    def test_removed_it_is_gone_everywhere_once_copies_are_dropped(
        self, url: str, source: Path, tmp_path: Path
    ) -> None:
        one, other = (FileStore(tmp_path / name, Remote(url)) for name in ("one", "other"))
        one.keep(source, SHA256)
        other.find(SHA256)
        one.remove(SHA256)
        assert one.names() == ()
        assert other.drop_copies() == 1
        assert other.names() == ()

    def test_kept_twice_it_is_there_once(self, url: str, source: Path, tmp_path: Path) -> None:
        for name in ("one", "other"):
            FileStore(tmp_path / name, Remote(url)).keep(source, SHA256)
        assert Remote(url).names() == (SHA256,)


class TestAddresses:
    @pytest.mark.parametrize("url", ["nowhere://bucket/x", "no url", "reviewer.files"])
    def test_one_that_cannot_be_used_is_said(self, url: str) -> None:
        with pytest.raises(StoreError, match="REVIEWER_FILES cannot be used"):
            Remote(url)

    @pytest.mark.slow
    def test_a_server_that_does_not_answer_is_said(
        self, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _point_s3_at("http://127.0.0.1:1", monkeypatch)
        with pytest.raises(StoreError, match=r"submitted files at s3://\S+ cannot be used"):
            FileStore(tmp_path / "one", Remote("s3://bucket/x")).keep(source, SHA256)


def test_a_folder_alone_has_no_copies_to_drop(source: Path, tmp_path: Path) -> None:
    files = FileStore(tmp_path / "files")
    files.keep(source, SHA256)
    assert files.drop_copies() == 0
    assert files.names() == (SHA256,)
