"""The local engine, with real processes and real kills: nothing is lost, nothing is done twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from house_jobs import SOON_S, Bench, lives
from toy_work import EXECUTIONS, STAGES

from reviewer.errors import JobError
from reviewer.jobs.engine import Engine
from reviewer.jobs.processes import identity, is_dead
from reviewer.jobs.workers import Workers
from reviewer.store.ledger import ATTEMPTS
from reviewer.store.queue import Queue
from reviewer.store.records import StageState


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.end()


pytestmark = pytest.mark.slow


class TestWithoutAccidents:
    def test_every_stage_is_done_once_and_by_one_process(self, bench: Bench) -> None:
        changes: list[int] = []
        before = set(psutil.Process().children())
        bench.engine().finish("one", lambda: changes.append(1))
        bench.assert_each_once()
        assert len({pid for _, _, pid in bench.log("end")}) == 1
        assert changes
        left = set(psutil.Process().children()) - before
        assert not [one for one in left if "resource_tracker" not in " ".join(one.cmdline())]

    def test_what_is_done_starts_no_process(self, bench: Bench) -> None:
        bench.finish()
        before = bench.ledger.lines("one")
        started = psutil.Process().children()
        begun = time.perf_counter()
        bench.engine().finish("one", lambda: None)
        assert time.perf_counter() - begun < 1
        assert psutil.Process().children() == started
        assert bench.ledger.lines("one") == before
        bench.assert_each_once()

    def test_two_commands_at_once_share_the_work(self, bench: Bench) -> None:
        commands = [bench.command(), bench.command()]
        assert [command.wait(SOON_S) for command in commands] == [0, 0]
        bench.assert_each_once()

    def test_other_settings_compute_their_own_results(self, bench: Bench) -> None:
        bench.finish()
        assert bench.command("other").wait(SOON_S) == 0
        assert bench.states() == {StageState.DONE}
        assert set(bench.executed().values()) == {2}
        bench.finish()  # and the first ones are still known
        assert set(bench.executed().values()) == {2}

    def test_two_commands_with_other_settings_do_not_mix_results(self, bench: Bench) -> None:
        commands = [bench.command("x"), bench.command("y")]
        assert [command.wait(SOON_S) for command in commands] == [0, 0]
        assert set(bench.executed().values()) == {2}


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
        assert set(bench.executed().values()) <= {
            1,
            2,
        }  # 2: killed after its end, before its commit
        assert sum(bench.executed().values()) <= EXECUTIONS + 1

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
        bench.assert_each_once()
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
        bench.assert_each_once()
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
        bench.until(lambda: bench.executed() == {("read", "plan"): 1, ("embed", "plan"): 1})
        command.kill()
        bench.untell(f"{how}-transcribe")
        bench.finish()
        bench.assert_each_once()

    def test_a_worker_that_cannot_begin_is_said(self, bench: Bench) -> None:
        engine = _engine_without_workers(bench)
        with pytest.raises(JobError, match="before it could begin"):
            engine.finish("one", lambda: None)


def _no_work() -> None:
    os._exit(3)


def _engine_without_workers(bench: Bench) -> Engine:
    return Engine(
        bench.ledger, bench.engine()._steps, lambda only: Workers(_no_work, bench.ledger, 1, only)
    )


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
        bench.assert_each_once()

    def test_a_restart_goes_on_where_it_was(self, bench: Bench) -> None:
        engine = bench.engine()
        bench.ledger.plan("one", engine._steps("one"))
        bench.tell("block-embed")
        engine.start()
        worker = bench.begun("embed")
        engine.stop()
        assert not lives(worker)
        bench.untell("block-embed")
        engine.start()
        bench.until(lambda: bench.states() == {StageState.DONE})
        engine.stop()
        bench.assert_each_once()

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
        engine = _engine_without_workers(bench)
        bench.ledger.plan("one", bench.engine()._steps("one"))
        engine.start()
        try:
            bench.until(lambda: StageState.FAILED in bench.states())
        finally:
            engine.stop()
        assert "before it could begin" in (bench.ledger.lines("one")[0].error or "")


class TestHeld:
    def test_what_is_paused_is_not_begun_and_who_waits_is_told(self, bench: Bench) -> None:
        bench.ledger.plan("one", bench.engine()._steps("one"))
        Queue(bench.database).pause("one", "operator")
        with pytest.raises(JobError, match="paused: `reviewer jobs retry one`"):
            bench.engine().finish("one", lambda: None)
        assert not bench.log("begin")

    def test_what_was_canceled_is_taken_up_again_by_whoever_goes_on(self, bench: Bench) -> None:
        bench.ledger.plan("one", bench.engine()._steps("one"))
        queue = Queue(bench.database)
        queue.cancel("one", "operator")
        bench.finish()  # all of it has failed: there is nothing to wait for
        assert bench.states() == {StageState.FAILED}
        assert not bench.log("begin")
        queue.go_on("one", "operator")
        bench.finish()
        bench.assert_each_once()


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
