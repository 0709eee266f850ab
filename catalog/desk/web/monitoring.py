"""What watches over a desk: whether it is alive, and its figures in Prometheus's words.

`/health` tells nothing but that, and is open to everybody who can reach the desk; `/metrics` is for who has the token.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from http import HTTPStatus
from importlib.metadata import version
from typing import TYPE_CHECKING

from aiohttp import web
from aiohttp.typedefs import Handler

from catalog.desk import Problem
from catalog.desk.services import Harvests, View
from catalog.desk.web.security import HEALTH
from catalog.errors import CatalogError
from catalog.reports import count_free_bytes

if TYPE_CHECKING:
    from prometheus_client import Metric

METRICS = "/metrics"

# Static files take 1 ms, a look-up 0.1 s, and many at once seconds.
BUCKETS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Monitoring:
    """Counts what is asked of a desk, and tells how it and its catalog are.

    Figures need `prometheus-client`, which comes with `photodesk[team]`; without it none are counted.
    """

    def __init__(self, view: View, harvests: Harvests) -> None:
        self._view = view
        self._harvests = harvests
        try:
            from prometheus_client import CollectorRegistry, Histogram
        except ImportError:
            self._registry = None
            return
        self._registry = CollectorRegistry()
        self._registry.register(self)
        self._seconds = Histogram(
            "photodesk_request_seconds",
            "Seconds until a request was answered, by its route and the class of its status.",
            ("method", "route", "status"),
            buckets=BUCKETS,
            registry=self._registry,
        )

    def add_to(self, application: web.Application) -> None:
        """Add the routes, and have requests counted: before any other middleware is."""
        application.router.add_get(HEALTH, self.tell_health)
        application.router.add_get(METRICS, self.tell_metrics)
        application.middlewares.insert(0, self.count)

    async def tell_health(self, _request: web.Request) -> web.Response:
        """Whether the desk can read its catalog now."""
        try:
            self._view.refresh()
        except (CatalogError, OSError) as error:
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "the catalog cannot be read") from error
        return web.json_response({"status": "ok"}, headers={"Cache-Control": "no-store"})

    async def tell_metrics(self, _request: web.Request) -> web.Response:
        """The figures, in the text format of Prometheus."""
        if self._registry is None:
            detail = "figures need prometheus-client: pip install 'photodesk[team]'"
            raise Problem(HTTPStatus.NOT_IMPLEMENTED, detail)
        from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

        self._view.refresh()
        headers = {"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"}
        return web.Response(body=generate_latest(self._registry), headers=headers)

    @web.middleware
    async def count(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Count a request, however it ends."""
        if self._registry is None:
            return await handler(request)
        status, started = HTTPStatus.INTERNAL_SERVER_ERROR.value, time.monotonic()
        try:
            response = await handler(request)
            status = response.status
        except web.HTTPException as error:
            status = error.status
            raise
        finally:
            resource = request.match_info.route.resource
            # What visitors make up is one route, or there would be no end of them.
            route = resource.canonical if resource is not None else "none"
            method = request.method if resource is not None else "any"
            self._seconds.labels(method, route, f"{status // 100}xx").observe(time.monotonic() - started)
        return response

    def collect(self) -> Iterator[Metric]:
        """The figures of the catalog as they are now (a collector of prometheus_client)."""
        from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily

        view = self._view
        told = InfoMetricFamily("photodesk", "The version of the desk.")
        told.add_metric((), {"version": version("photodesk")})
        yield told
        records = GaugeMetricFamily("photodesk_records", "Records of each kind.", labels=("kind",))
        for kind, count in view.records.counts().items():
            records.add_metric((kind,), count)
        yield records
        coverage = view.coverage
        pictures = GaugeMetricFamily(
            "photodesk_pictures_lacking",
            "Pictures of which an answer may not speak, by why.",
            labels=("why",),
        )
        pictures.add_metric(("unreadable",), coverage.unreadable)
        pictures.add_metric(("unstudied",), coverage.unstudied)
        pictures.add_metric(("uncompared",), coverage.uncompared)
        yield pictures
        is_running = self._harvests.current is not None
        yield GaugeMetricFamily("photodesk_harvest_running", "Whether the desk harvests.", value=is_running)
        free = count_free_bytes(view.catalog)
        yield GaugeMetricFamily("photodesk_free_bytes", "Room on the disk of what is derived.", value=free)
