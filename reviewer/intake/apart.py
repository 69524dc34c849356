"""Files told and documents read by a process of their own, in bounded time and memory.

Invariant: whatever a stranger's file does to its parser, the caller gets a value, an `IntakeError`
or, where the process ended over it, a `ChildProcessError`: that is no finding about the file, which
may be tried again. The process stays for the next file, and ends with its caller.

    python -m reviewer.intake.apart     a line of JSON in, a line of JSON out
"""

import atexit
import json
import resource
import subprocess
import sys
import threading
import traceback
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from reviewer import errors
from reviewer.errors import DamagedFile, IntakeError
from reviewer.intake.artifact import Problem
from reviewer.intake.documents.document import Document
from reviewer.intake.limits import Limits
from reviewer.intake.package.looking import Look, look
from reviewer.intake.sniff import ContentKind
from reviewer.intake.submitted import problem_of

CPU_S = 120  # processor seconds of one file
LASTS_S = 240.0  # seconds of one file, however busy the machine is
MEMORY = 3 << 30  # bytes of address space of the process

_READ: TypeAdapter[Document | Problem] = TypeAdapter(Document | Problem)
_SEEN: TypeAdapter[Look | Problem] = TypeAdapter(Look | Problem)

Value = TypeVar("Value")


class Reader:
    """One process that looks at files and reads documents, one after the other."""

    def __init__(self, lasts_s: float = LASTS_S) -> None:
        self._lasts_s = lasts_s
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, path: Path, content: ContentKind, limits: Limits) -> Document:
        """As `documents.reading.read_document`; raises `ChildProcessError` beyond the bounds."""
        return self._answer(_READ, path, limits, content.value)

    def look(self, path: Path, limits: Limits) -> Look:
        """As `package.looking.look`; raises `ChildProcessError` beyond the bounds."""
        return self._answer(_SEEN, path, limits, None)

    def _answer(
        self, kind: TypeAdapter[Value | Problem], path: Path, limits: Limits, read: str | None
    ) -> Value:
        order = {"path": str(path), "read": read, "limits": asdict(limits)}
        with self._turn:
            line = self._ask(json.dumps(order).encode() + b"\n")
        if not line.endswith(b"\n"):
            raise ChildProcessError(
                f"what reads it ended over it, beyond {CPU_S} seconds or {MEMORY >> 20} MB"
            )
        answer = kind.validate_json(line)
        if isinstance(answer, Problem):
            error: type[Exception] = getattr(errors, answer.kind, ChildProcessError)
            raise error(answer.message)
        return answer

    def _ask(self, order: bytes) -> bytes:
        """The answer; without a line's end where the process ended over it."""
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", __name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        end = threading.Timer(self._lasts_s, process.kill)
        end.start()
        try:
            process.stdin.write(order)
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = b""
        finally:
            end.cancel()
        if not line.endswith(b"\n"):
            self.close()
        return line

    def close(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


@lru_cache(maxsize=1)
def _reader() -> Reader:
    reader = Reader()
    atexit.register(reader.close)
    return reader


def read_apart(path: Path, content: ContentKind, limits: Limits) -> Document:
    """Read a document in this process's one reader."""
    return _reader().read(path, content, limits)


def look_apart(path: Path, limits: Limits) -> Look:
    """Look at a file in this process's one reader, while whoever hands it in waits.

    Raises `IntakeError`; `DamagedFile` too where the process ended over it.
    """
    try:
        return _reader().look(path, limits)
    except ChildProcessError as error:
        raise DamagedFile(
            f"{path.name} could not be looked at ({error}): export it anew and submit that file."
        ) from error


def _serve() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    out = sys.stdout.buffer
    sys.stdout = sys.stderr  # what a parser prints is no answer
    for line in sys.stdin.buffer:
        order = json.loads(line)
        used = resource.getrusage(resource.RUSAGE_SELF)
        most = int(used.ru_utime + used.ru_stime) + CPU_S
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
        try:
            answer = _obeyed(Path(order["path"]), Limits(**order["limits"]), order["read"])
        except IntakeError as error:
            answer = _READ.dump_json(problem_of(error))
        except Exception as error:  # noqa: BLE001 - a defect, or no memory: told, and tried again
            at = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{Path(at.filename).name}:{at.lineno}"
            problem = Problem(ChildProcessError.__name__, f"{error!r} ({where})")
            answer = _READ.dump_json(problem)
        out.write(answer + b"\n")
        out.flush()


def _obeyed(path: Path, limits: Limits, read: str | None) -> bytes:
    """The answer to one order: what the file is, or (`read` as what) what it says."""
    if read is None:
        return _SEEN.dump_json(look(path, limits))
    from reviewer.intake.documents.reading import read_document  # loads every parser

    return _READ.dump_json(read_document(path, ContentKind(read), limits))


if __name__ == "__main__":
    _serve()
