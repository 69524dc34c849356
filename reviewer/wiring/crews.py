"""Who performs first passes: a process of this machine, or the workers of a cluster.

Invariant: both perform the same stages, planned by the same engine on the same ledger.
"""

from collections.abc import Callable
from functools import partial

from reviewer.jobs.cluster import Cluster, scheduler_address
from reviewer.jobs.cluster_worker import need_dask, serve_cluster
from reviewer.jobs.engine import OpenCrew
from reviewer.jobs.work import FirstPassWork
from reviewer.jobs.workers import Workers
from reviewer.scoring.fitted.shelf import Shelved
from reviewer.settings import Settings
from reviewer.wiring.fitted import shelf_of
from reviewer.wiring.opening import open_work


def crew_of(settings: Settings, work: FirstPassWork, shelf: tuple[Shelved, ...]) -> OpenCrew:
    """The crew that REVIEWER_ENGINE names.

    Raises `SettingsError` for a wrong address, `EngineError` where dask is not installed.
    """
    if settings.engine:
        need_dask()
        return partial(Cluster, scheduler_address(settings.engine), work.ledger, work.steps)
    open_ours = partial(open_work, settings, shelf)
    return lambda only: Workers(open_ours, work.ledger, 1, only)


def work_for_cluster(settings: Settings, scheduler: str, on_ready: Callable[[], None]) -> int:
    """Be a worker of the scheduler until a signal; its number. The caller ends the process.

    Raises `SettingsError` for a wrong address, `EngineError` where dask is not installed,
    `StoreError`, `FittedFolderError`.
    """
    from reviewer.intake.speech.devices import has_gpu

    need_dask()
    address = scheduler_address(scheduler)
    work = open_work(settings, shelf_of(settings))
    return serve_cluster(address, work, has_gpu(), on_ready)
