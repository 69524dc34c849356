"""The engine with a cluster: real scheduler, real workers; the ledger is the truth.

Parts of it killed: test_cluster_kills.py.
"""

from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest
from house_cluster import ToyCluster
from house_jobs import SOON_S, Bench
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

    def test_a_worker_notes_nowhere_what_it_was_at_however_long_it_works(
        self, bench: Bench, cluster: ToyCluster
    ) -> None:
        from distributed import Client

        bench.tell("block-draft")
        cluster.worker()
        command = cluster.command()
        bench.begun("draft")
        with Client(cluster.address, set_as_default=False) as client:
            sleep(0.5)  # dask would have looked fifty times at what the worker is at
            assert client.profile()["count"] == 0
        bench.untell("block-draft")
        assert command.wait(SOON_S) == 0

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
