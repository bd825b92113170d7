"""Adapter of the REST service for the contract of all targets: the app of `serving/rest.py`."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from ..console import UserError
from ..project import Project
from ..serving.predictor import Predictor, Row


@contextmanager
def running(app: FastAPI) -> Iterator[TestClient]:
    """Serve the accepted model in this process; yield a client once the model is loaded."""
    service = getattr(app.state, "service", None)
    assert service is not None, "serving/rest.py: app was not made by create_app()"
    token = service.limits.rest_token
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with TestClient(app, raise_server_exceptions=False, headers=headers) as client:
            yield client
    except UserError as failure:
        raise AssertionError(f"the model is not served: {failure}") from None


class Rest:
    """The FastAPI application of a project."""

    name = "rest"

    def __init__(self, project: Project, folder: Path) -> None:
        self.project = project
        self.app: FastAPI = import_module(f"{project.package}.serving.rest").app

    def predictions(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """Return the prediction of each row, with the version of the model."""
        found: list[dict[str, Any]] = []
        with running(self.app) as client:
            most = self.app.state.service.limits.rest_max_rows
            for start in range(0, len(rows), most):
                answer = posted(client, rows[start : start + most])
                version = {"model_version": answer["model_version"]}
                found += [prediction | version for prediction in answer["predictions"]]
        return found

    def faulty_columns(self, rows: Sequence[Row]) -> list[set[str]]:
        """Return the columns for which each row is refused; each row is a separate request."""
        bodies = [json.dumps({"rows": [row]}) for row in rows]
        with running(self.app) as client:
            sent = [client.post("/predict", content=body) for body in bodies]
        return [{v["column"] for v in one.json().get("faults", [])} for one in sent]

    def check_own(self, predictor: Predictor, rows: Sequence[Row]) -> None:
        """Check the order of responses, a refusal, the service's own documents and added routes."""
        with running(self.app) as client:
            check_order(client, rows[:20])
            check_refusal(client, rows[0], self.project)
            check_info_routes(client, self.project, predictor)
            check_routes(client, self.app, self.project.package)


def posted(client: TestClient, rows: Sequence[Row]) -> dict[str, Any]:
    """Request predictions."""
    sent = client.post("/predict", json={"rows": list(rows)})
    assert sent.status_code == 200, f"POST /predict answers {sent.status_code}: {sent.text}"
    return dict(sent.json())


def check_order(client: TestClient, rows: Sequence[Row]) -> None:
    """Check that predictions are in the order of the rows and independent of other rows."""
    together = posted(client, rows)["predictions"]
    backwards = posted(client, rows[::-1])["predictions"]
    alone = posted(client, rows[:1])["predictions"]
    assert together == backwards[::-1], "POST /predict answers depend on the order of the rows"
    assert alone == together[:1], f"POST /predict: {alone} alone, {together[:1]} among others"


def check_refusal(client: TestClient, row: Row, project: Project) -> None:
    """Check that each of two invalid rows is refused with its number, column and rule."""
    schema, bad = project.schema, dict(row)
    del bad[schema.key]
    sent = client.post("/predict", json={"rows": [row, bad, bad]})
    rule = {"column": schema.key, "found": None, "allowed": schema.column(schema.key).allowed()}
    wanted = [{"row": place} | rule for place in (1, 2)]
    refused = sent.status_code == 422 and sent.json().get("faults") == wanted
    assert refused, (
        f"POST /predict answers rows without {schema.key} by {sent.status_code}: {sent.text}"
    )


def check_info_routes(client: TestClient, project: Project, predictor: Predictor) -> None:
    """Check the schema, the version, the OpenAPI document and the routes for operation."""
    found = client.get("/schema").json()
    assert found == project.schema.describe(), f"GET /schema answers {found}"
    version = client.get("/version").json().get("model_version")
    assert version == predictor.version, f"GET /version: {version}, not {predictor.version}"
    paths = client.get("/openapi.json").json()["paths"]
    assert "/predict" in paths, f"/openapi.json documents {', '.join(paths)}, not /predict"
    for path in ("/health", "/metrics", "/docs"):
        status = client.get(path).status_code
        assert status == 200, f"GET {path} answers {status}"


def check_routes(client: TestClient, app: FastAPI, package: str) -> None:
    """Check that the project's own GET routes without parameters are served."""
    for route in app.routes:
        if not isinstance(route, APIRoute) or "{" in route.path:
            continue
        if route.endpoint.__module__.startswith(package) and "GET" in (route.methods or ()):
            status = client.get(route.path).status_code
            served = status != 404 and status < 500
            assert served, f"serving/rest.py: GET {route.path}: {status}"
