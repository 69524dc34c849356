"""The engine with a cluster of which parts are killed, or whose work is poison: nothing is lost.

Without accidents: test_cluster.py. They are two files so that two processes take them.
"""

import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from house_cluster import ToyCluster
from house_jobs import SOON_S, Bench
from toy_work import STAGES, toy_engine

from reviewer.jobs.planning import settle
from reviewer.store.ledger import ATTEMPTS
from reviewer.store.records import StageState

pytestmark = pytest.mark.slow


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    pytest.importorskip("distributed")
    made = Bench(tmp_path)
    yield made
    made.end()


@pytest.fixture
def cluster(bench: Bench) -> ToyCluster:
    return ToyCluster(bench)


@pytest.mark.parametrize("stage", STAGES)
class TestKilledAtAnyStage:
    def test_another_worker_takes_over(self, bench: Bench, cluster: ToyCluster, stage: str) -> None:
        bench.tell(f"block-{stage}")
        workers = {worker.pid: worker for worker in (cluster.worker(), cluster.worker())}
        command = cluster.command()
        worker = bench.begun(stage)
        workers[worker].kill()
        bench.gone(worker)
        bench.untell(f"block-{stage}")
        assert command.wait(SOON_S) == 0, command.stderr.read().decode()
        bench.assert_each_once()

    def test_a_scheduler_that_comes_back_finds_the_work_where_it_was(
        self, bench: Bench, cluster: ToyCluster, stage: str
    ) -> None:
        bench.tell(f"block-{stage}")
        cluster.worker()
        engine = toy_engine(bench.url, bench.control, "", cluster.address)
        settle(bench.ledger, engine._steps, "one")
        engine.start()
        try:
            bench.begun(stage)
            cluster.scheduler.kill()
            cluster.scheduler.wait(SOON_S)
            bench.untell(f"block-{stage}")  # it goes on though nobody schedules
            cluster.start_scheduler()
            bench.until(lambda: bench.states() == {StageState.DONE})
        finally:
            engine.stop()
        bench.assert_each_once()

    def test_a_server_that_comes_back_does_too(
        self, bench: Bench, cluster: ToyCluster, stage: str
    ) -> None:
        bench.tell(f"block-{stage}")
        cluster.worker()
        server = cluster.command()
        bench.begun(stage)
        server.kill()
        server.wait(SOON_S)
        bench.untell(f"block-{stage}")
        cluster.finish()
        bench.assert_each_once()


class TestStopping:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_a_signal_ends_a_worker_and_no_attempt_counts(
        self, bench: Bench, cluster: ToyCluster, number: signal.Signals
    ) -> None:
        bench.tell("block-transcribe")
        worker = cluster.worker()
        cluster.command()
        bench.begun("transcribe")
        worker.send_signal(number)
        assert worker.wait(SOON_S) == 128 + number
        line = next(one for one in bench.ledger.lines("one") if one.stage == "transcribe")
        assert (line.state, line.attempts) == (StageState.QUEUED, 0)


class TestPoison:
    @pytest.mark.parametrize(
        ("how", "error"),
        [("raise", "this stage cannot be done"), ("kill", "ended without a word")],
    )
    def test_it_fails_after_three_attempts_and_the_rest_is_done(
        self, bench: Bench, cluster: ToyCluster, how: str, error: str
    ) -> None:
        bench.tell(f"{how}-transcribe")
        over = threading.Event()
        keeper = threading.Thread(target=_keep_one_worker, args=(cluster, over))
        keeper.start()
        try:
            cluster.command()
            bench.until(lambda: StageState.FAILED in bench.states())
            bench.until(lambda: len(bench.executed()) == 2)
        finally:
            over.set()
            keeper.join()
        lines = {(one.stage, one.artifact): one for one in bench.ledger.lines("one")}
        failed = lines["transcribe", "video"]
        assert (failed.state, failed.attempts) == (StageState.FAILED, ATTEMPTS)
        assert error in (failed.error or "")
        assert bench.executed() == {("read", "plan"): 1, ("embed", "plan"): 1}

    def test_a_worker_with_other_settings_is_told_on_the_stage(
        self, bench: Bench, cluster: ToyCluster
    ) -> None:
        cluster.worker("other")
        engine = toy_engine(bench.url, bench.control, "", cluster.address)
        settle(bench.ledger, engine._steps, "one")
        engine.start()
        try:
            bench.until(lambda: StageState.FAILED in bench.states())
        finally:
            engine.stop()
        told = [one.error for one in bench.ledger.lines("one") if one.state is StageState.FAILED]
        assert all("other settings than the server" in (error or "") for error in told)
        assert told
        assert not bench.log("begin")

    def test_what_was_planned_by_older_settings_is_planned_anew(
        self, bench: Bench, cluster: ToyCluster
    ) -> None:
        settle(bench.ledger, toy_engine(bench.url, bench.control, "older")._steps, "one")
        cluster.worker()
        engine = toy_engine(bench.url, bench.control, "", cluster.address)
        engine.start()
        try:
            bench.until(lambda: bench.states() == {StageState.DONE})
        finally:
            engine.stop()
        bench.assert_each_once()


def _keep_one_worker(cluster: ToyCluster, over: threading.Event) -> None:
    """What a service manager does: start it again whenever it ends."""
    worker = cluster.worker()
    while not over.wait(0.2):
        if worker.poll() is not None:
            worker = cluster.worker()
