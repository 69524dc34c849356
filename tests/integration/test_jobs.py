"""The local engine, with real processes and real kills: nothing is lost, nothing is done twice."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from sqlalchemy import insert
from toy_work import EXECUTIONS, STAGES, toy_engine

from reviewer.errors import JobError
from reviewer.jobs.engine import LocalEngine
from reviewer.jobs.processes import identity, is_dead
from reviewer.store import schema
from reviewer.store.database import open_database
from reviewer.store.ledger import ATTEMPTS, Ledger
from reviewer.store.records import StageState

SCRIPT = Path(__file__).with_name("toy_work.py")
SOON_S = 60.0  # far more than anything takes on a busy machine


class Bench:
    """A store with one submission, a control folder, and commands that work on it."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'reviewer.sqlite3'}"
        self.control = folder / "control"
        self.control.mkdir()
        database = open_database(self.url)
        with database.writing() as connection:
            connection.execute(
                insert(schema.submission).values(
                    id="one",
                    credential_id="c",
                    rubric_hash="0" * 64,
                    credential="{}",
                    candidate="C-1",
                    attempt=1,
                    messages="[]",
                    created_at=datetime(2026, 1, 1, tzinfo=UTC),
                )
            )
        self.ledger = Ledger(database)
        self.commands: list[psutil.Popen] = []

    def command(self, *setting: str) -> psutil.Popen:
        path = os.pathsep.join(sys.path)
        started = psutil.Popen(
            [sys.executable, str(SCRIPT), self.url, str(self.control), *setting],
            env={**os.environ, "PYTHONPATH": path},
            stderr=subprocess.PIPE,
            # A shell that starts the tests in the background has interrupts ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        self.commands.append(started)
        return started

    def finish(self) -> None:
        command = self.command()
        assert command.wait(SOON_S) == 0, command.stderr.read().decode()

    def engine(self) -> LocalEngine:
        return toy_engine(self.url, self.control)

    def tell(self, what: str) -> None:
        (self.control / what).touch()

    def untell(self, what: str) -> None:
        (self.control / what).unlink()

    def log(self, what: str) -> list[tuple[str, str, int]]:
        path = self.control / "log"
        lines = path.read_text().splitlines() if path.exists() else []
        parts = [line.split() for line in lines]
        return [(stage, name, int(pid)) for did, stage, name, pid in parts if did == what]

    def begun(self, stage: str) -> int:
        """Wait until a stage is under way; the process that is at it."""
        self.until(lambda: any(one == stage for one, _, _ in self.log("begin")))
        return next(pid for one, _, pid in reversed(self.log("begin")) if one == stage)

    def until(self, happens: Callable[[], bool]) -> None:
        late = time.monotonic() + SOON_S
        while not happens():
            assert time.monotonic() < late, (self.ledger.lines("one"), self.log("begin"))
            time.sleep(0.02)

    def gone(self, *pids: int) -> None:
        self.until(lambda: not any(_lives(pid) for pid in pids))

    def states(self) -> set[StageState]:
        return {line.state for line in self.ledger.lines("one")}


def _lives(pid: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    for command in made.commands:
        for process in [command, *_children(command)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        command.wait(SOON_S)
        command.stderr.close()


def _children(command: psutil.Popen) -> list[psutil.Process]:
    with contextlib.suppress(psutil.NoSuchProcess):
        return command.children(recursive=True)
    return []


def executed(bench: Bench) -> Counter[tuple[str, str]]:
    return Counter((stage, name) for stage, name, _ in bench.log("end"))


def assert_each_once(bench: Bench) -> None:
    assert bench.states() == {StageState.DONE}
    assert len(executed(bench)) == EXECUTIONS
    assert set(executed(bench).values()) == {1}


pytestmark = pytest.mark.slow


class TestWithoutAccidents:
    def test_every_stage_is_done_once_and_by_one_process(self, bench: Bench) -> None:
        changes: list[int] = []
        bench.engine().finish("one", lambda: changes.append(1))
        assert_each_once(bench)
        assert len({pid for _, _, pid in bench.log("end")}) == 1
        assert changes
        assert not psutil.Process().children()[1:]  # but for Python's own resource tracker

    def test_what_is_done_starts_no_process(self, bench: Bench) -> None:
        bench.finish()
        before = bench.ledger.lines("one")
        started = psutil.Process().children()
        begun = time.perf_counter()
        bench.engine().finish("one", lambda: None)
        assert time.perf_counter() - begun < 1
        assert psutil.Process().children() == started
        assert bench.ledger.lines("one") == before
        assert_each_once(bench)

    def test_two_commands_at_once_share_the_work(self, bench: Bench) -> None:
        commands = [bench.command(), bench.command()]
        assert [command.wait(SOON_S) for command in commands] == [0, 0]
        assert_each_once(bench)

    def test_other_settings_compute_their_own_results(self, bench: Bench) -> None:
        bench.finish()
        assert bench.command("other").wait(SOON_S) == 0
        assert bench.states() == {StageState.DONE}
        assert set(executed(bench).values()) == {2}
        bench.finish()  # and the first ones are still known
        assert set(executed(bench).values()) == {2}

    def test_two_commands_with_other_settings_do_not_mix_results(self, bench: Bench) -> None:
        commands = [bench.command("x"), bench.command("y")]
        assert [command.wait(SOON_S) for command in commands] == [0, 0]
        assert set(executed(bench).values()) == {2}


@pytest.mark.parametrize("stage", STAGES)
class TestKilledAtAnyStage:
    def test_a_worker_is_replaced(self, bench: Bench, stage: str) -> None:
        bench.tell(f"block-{stage}")
        command = bench.command()
        worker = bench.begun(stage)
        bench.untell(f"block-{stage}")
        psutil.Process(worker).kill()
        assert command.wait(SOON_S) == 0
        assert bench.states() == {StageState.DONE}
        assert set(executed(bench).values()) <= {1, 2}  # 2: killed after its end, before its commit
        assert sum(executed(bench).values()) <= EXECUTIONS + 1

    def test_a_worker_follows_its_parent_and_the_next_command_goes_on(
        self, bench: Bench, stage: str
    ) -> None:
        bench.tell(f"block-{stage}")
        command = bench.command()
        worker = bench.begun(stage)
        command.kill()
        bench.gone(command.pid, worker)
        done = bench.log("end")
        bench.untell(f"block-{stage}")
        bench.finish()
        assert bench.log("end")[: len(done)] == done
        assert_each_once(bench)
        assert all(line.attempts == 1 for line in bench.ledger.lines("one"))

    def test_a_power_cut_costs_the_stage_alone(self, bench: Bench, stage: str) -> None:
        bench.tell(f"block-{stage}")
        command = bench.command()
        worker = psutil.Process(bench.begun(stage))
        worker.suspend()  # so that it cannot put its things in order
        command.kill()
        worker.kill()
        bench.gone(command.pid, worker.pid)
        assert StageState.LEASED in bench.states()
        bench.untell(f"block-{stage}")
        bench.finish()
        assert_each_once(bench)
        again = [line.stage for line in bench.ledger.lines("one") if line.attempts == 2]
        assert again == [stage]


class TestStopping:
    @pytest.mark.parametrize(
        ("number", "status"),
        [(signal.SIGTERM, 128 + signal.SIGTERM), (signal.SIGINT, -signal.SIGINT)],
    )
    def test_a_signal_ends_the_command_and_its_worker_and_no_attempt_counts(
        self, bench: Bench, number: signal.Signals, status: int
    ) -> None:
        bench.tell("block-transcribe")
        command = bench.command()
        worker = bench.begun("transcribe")
        children = [child.pid for child in command.children(recursive=True)]
        assert worker in children
        command.send_signal(number)
        # An interrupt that nobody catches shows as status 1 or as the signal, by Python's choice.
        assert command.wait(SOON_S) in {status, 1}
        bench.gone(*children)
        line = next(one for one in bench.ledger.lines("one") if one.stage == "transcribe")
        assert (line.state, line.attempts) == (StageState.QUEUED, 0)


class TestPoison:
    @pytest.mark.parametrize(
        ("how", "error"), [("raise", "this stage cannot be done"), ("kill", "ended with signal 9")]
    )
    def test_it_fails_after_three_attempts_and_the_rest_is_done(
        self, bench: Bench, how: str, error: str
    ) -> None:
        bench.tell(f"{how}-transcribe")
        command = bench.command()
        bench.until(lambda: StageState.FAILED in bench.states())
        by_stage = {(one.stage, one.artifact): one for one in bench.ledger.lines("one")}
        failed = by_stage["transcribe", "video"]
        assert (failed.state, failed.attempts) == (StageState.FAILED, ATTEMPTS)
        assert error in (failed.error or "")
        bench.until(lambda: executed(bench) == {("read", "plan"): 1, ("embed", "plan"): 1})
        command.kill()
        bench.untell(f"{how}-transcribe")
        bench.finish()
        assert_each_once(bench)

    def test_a_worker_that_cannot_begin_is_said(self, bench: Bench) -> None:
        engine = LocalEngine(bench.ledger, bench.engine()._steps, _no_work)
        with pytest.raises(JobError, match="before it could begin"):
            engine.finish("one", lambda: None)


def _no_work() -> None:
    os._exit(3)


class TestInTheBackground:
    def test_what_is_unfinished_is_taken_up_and_what_comes_later_too(self, bench: Bench) -> None:
        engine = bench.engine()
        engine.start()
        try:
            time.sleep(0.3)  # it has gone to sleep, with nothing to do
            bench.ledger.plan("one", engine._steps("one"))
            engine.wake()
            bench.until(lambda: bench.states() == {StageState.DONE})
        finally:
            engine.stop()
        assert_each_once(bench)

    def test_a_restart_goes_on_where_it_was(self, bench: Bench) -> None:
        engine = bench.engine()
        bench.ledger.plan("one", engine._steps("one"))
        bench.tell("block-embed")
        engine.start()
        worker = bench.begun("embed")
        engine.stop()
        assert not _lives(worker)
        bench.untell("block-embed")
        engine.start()
        bench.until(lambda: bench.states() == {StageState.DONE})
        engine.stop()
        assert_each_once(bench)

    def test_an_idle_worker_burns_no_processor_time(self, bench: Bench) -> None:
        engine = bench.engine()
        bench.ledger.plan("one", engine._steps("one"))
        engine.start()
        try:
            bench.until(lambda: bench.states() == {StageState.DONE})
            time.sleep(0.5)
            worker = psutil.Process(bench.log("end")[-1][2])
            before = sum(worker.cpu_times()[:2]), psutil.Process().num_ctx_switches().voluntary
            time.sleep(2)
            assert sum(worker.cpu_times()[:2]) == before[0]
        finally:
            engine.stop()

    def test_a_worker_that_cannot_begin_is_said_on_the_stage(self, bench: Bench) -> None:
        engine = LocalEngine(bench.ledger, bench.engine()._steps, _no_work)
        bench.ledger.plan("one", bench.engine()._steps("one"))
        engine.start()
        try:
            bench.until(lambda: StageState.FAILED in bench.states())
        finally:
            engine.stop()
        assert "before it could begin" in (bench.ledger.lines("one")[0].error or "")


class TestIdentity:
    def test_this_process_is_not_dead(self) -> None:
        assert not is_dead(identity())

    def test_one_that_ended_is_even_as_a_zombie(self) -> None:
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        who = identity(child.pid)
        assert not is_dead(who)
        child.kill()
        deadline = time.monotonic() + SOON_S
        while not is_dead(who):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        child.communicate()
        assert is_dead(who)

    def test_a_later_process_with_the_same_number_is_another(self) -> None:
        *most, start = identity().split("/")
        assert is_dead("/".join([*most, str(int(start) - 1)]))

    def test_of_another_machine_nothing_is_known(self) -> None:
        assert not is_dead("elsewhere/4026531836/1/2")
