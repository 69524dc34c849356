"""What an operator's monitoring asks: the metrics of this server, in Prometheus' text form.

Invariant: numbers only, no name and no word of anybody's work.
"""

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Depends
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector
from starlette.responses import Response

from reviewer import __version__
from reviewer.errors import NotPermitted
from reviewer.review.permission import Act, Person, may
from reviewer.web.program import Program
from reviewer.web.signing import person_of

Me = Annotated[Person, Depends(person_of)]


def operations_router(program: Program) -> APIRouter:
    """``/metrics``."""
    router = APIRouter(tags=["operations"])
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(_Store(program))

    @router.get("/metrics")
    def metrics(me: Me) -> Response:
        """Stages by state, and this process: for an administrator's token alone."""
        if not may(me, Act.OPERATE):
            raise NotPermitted("Your part here does not include operating the server.")
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return router


class _Store(Collector):
    """The store, counted when it is asked."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering must not ask the store."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """The metrics of this moment."""
        version = GaugeMetricFamily("reviewer_info", "The version that runs.", labels=["version"])
        version.add_metric([__version__], 1)
        yield version
        stages = GaugeMetricFamily(
            "reviewer_stages",
            "Stages of first passes, by where they stand.",
            labels=["stage", "state"],
        )
        for (stage, state), count in sorted(self._program.stage_counts().items()):
            stages.add_metric([stage, state], count)
        yield stages
