"""The engine with a cluster: real scheduler, real workers; the ledger is the truth.

Parts of it killed: test_cluster_kills.py.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from house_cluster import ToyCluster
from house_jobs import Bench
from toy_work import toy_engine

from reviewer.bench.cluster import free_port
from reviewer.errors import EngineError, SettingsError
from reviewer.jobs.cluster import AHEAD, Cluster, scheduler_address
from reviewer.jobs.cluster_worker import take
from reviewer.jobs.planning import settle
from reviewer.store.records import StageState


class TestAddress:
    @pytest.mark.parametrize(
        ("written", "asked"),
        [
            ("dask://10.0.0.5:8786", "tcp://10.0.0.5:8786"),
            ("dask+tls://jobs.example.org:8786", "tls://jobs.example.org:8786"),
            ("tcp://localhost:1", "tcp://localhost:1"),
            ("dask://[::1]:8786", "tcp://[::1]:8786"),
        ],
    )
    def test_it_is_read(self, written: str, asked: str) -> None:
        assert scheduler_address(written) == asked

    @pytest.mark.parametrize(
        "written",
        ["", "dask", "dask://", "dask://host", "http://host:1", "dask://host:no", "dask://h:99999",
         "dask://host:1/path", "dask://[::1:2"],
    )  # fmt: skip
    def test_another_one_is_refused_in_a_sentence(self, written: str) -> None:
        with pytest.raises(SettingsError, match="write dask://HOST:PORT"):
            scheduler_address(written)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    pytest.importorskip("distributed")
    made = Bench(tmp_path)
    yield made
    made.end()


@pytest.fixture
def cluster(bench: Bench) -> ToyCluster:
    return ToyCluster(bench)


@pytest.mark.slow
class TestWithoutAccidents:
    def test_every_stage_is_done_once_by_its_workers(
        self, bench: Bench, cluster: ToyCluster
    ) -> None:
        workers = {cluster.worker().pid, cluster.worker().pid}
        cluster.finish()
        bench.assert_each_once()
        assert {pid for _, _, pid in bench.log("end")} <= workers

    def test_a_command_with_a_process_of_its_own_goes_on_where_the_cluster_was(
        self, bench: Bench, cluster: ToyCluster
    ) -> None:
        bench.tell("block-embed")
        worker = cluster.worker()
        command = cluster.command()
        bench.begun("embed")
        command.kill()
        worker.kill()
        bench.gone(worker.pid)
        bench.untell("block-embed")
        bench.finish()
        bench.assert_each_once()

    def test_recognition_goes_to_the_worker_with_a_gpu_where_there_is_one(
        self, bench: Bench, cluster: ToyCluster
    ) -> None:
        with_gpu = cluster.worker("", "gpu").pid
        cluster.finish()
        for name in ("two", "three", "four"):
            bench.add(name)
        cluster.worker()
        engine = toy_engine(bench.url, bench.control, "", cluster.address)
        for name in ("two", "three", "four"):
            engine.finish(name, lambda: None)
        heard = [pid for stage, _, pid in bench.log("end") if stage == "transcribe"]
        assert len(heard) == 4
        assert set(heard) == {with_gpu}

    def test_no_more_is_offered_than_the_workers_can_soon_begin(
        self, bench: Bench, cluster: ToyCluster
    ) -> None:
        bench.tell("block-read")
        bench.tell("block-transcribe")
        names = [f"s{number}" for number in range(3 * AHEAD)]
        for name in names:
            bench.add(name)
            settle(bench.ledger, toy_engine(bench.url, bench.control)._steps, name)
        cluster.worker()
        crew = Cluster(cluster.address, bench.ledger, toy_engine(bench.url, bench.control)._steps)
        try:
            while crew.idle:
                crew.wake()
                crew.wait(0.1)
            for _ in range(3):
                crew.wake()
            hearing = sum(one.line.spoken for one in crew._tries.values())
            assert (hearing, len(crew._tries)) == (AHEAD, 2 * AHEAD)
        finally:
            crew.stop()


@pytest.mark.slow
<<<<<<< HEAD
=======
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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
>>>>>>> main
class TestNobodyThere:
    def test_without_a_scheduler_whoever_waits_is_told_and_nothing_fails(
        self, bench: Bench
    ) -> None:
        nobody = f"tcp://127.0.0.1:{free_port()}"
        engine = toy_engine(bench.url, bench.control, "", nobody)
        with pytest.raises(EngineError, match="No scheduler answers at"):
            engine.finish("one", lambda: None)
        assert bench.states() == {StageState.QUEUED}

    def test_without_workers_too(
        self, bench: Bench, cluster: ToyCluster, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("reviewer.jobs.cluster.WORKERLESS_S", 0.5)
        engine = toy_engine(bench.url, bench.control, "", cluster.address)
        with pytest.raises(EngineError, match="has no workers"):
            engine.finish("one", lambda: None)
        assert bench.states() == {StageState.QUEUED}


def test_a_process_that_is_no_worker_of_ours_begins_nothing() -> None:
    with pytest.raises(EngineError, match="not started by `reviewer worker`"):
        take(1)
