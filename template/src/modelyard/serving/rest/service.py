"""State of a REST server: serving model, reader of bodies, metrics and recorder."""

import secrets
from collections.abc import Mapping
from functools import partial
from typing import Any

from pydantic_core import to_json

from ...project import Project
from ..predictor import Predictor, to_rows
from .limits import Limits
from .readers import CheckedRows, row_reader
from .recorder import Recorder
from .responses import RequestError
from .telemetry import Metrics, age_s


class Service:
    """Loads the model and predicts rows."""

    def __init__(self, project: Project, limits: Limits) -> None:
        self.project, self.limits = project, limits
        self.schema = project.schema
        self.reader = row_reader(self.schema, limits.rest_max_rows)
        self.metrics = Metrics(self.schema)
        self.recorder = Recorder(limits, self.metrics, secrets.token_hex(4))
        self.predictor: Predictor | None = None
        self.stopping = False  # whether the server has received a signal to stop

    def load(self) -> None:
        """Load the model from its folder and serve it."""
        self.switch(self.load_predictor())

    def load_predictor(self) -> Predictor:
        """Load and verify the model of the folder."""
        return Predictor(self.limits.model_dir, self.schema, self.project.build)

    def switch(self, predictor: Predictor) -> None:
        """Serve this model from the next request on; requests in progress keep theirs."""
        age = partial(age_s, predictor.trained_as_of, self.limits.as_of)
        self.metrics.set_model(predictor.version, age)
        self.predictor = predictor

    def require_predictor(self) -> Predictor:
        """Return the serving model; a request before it is loaded is answered with 503."""
        if self.predictor is None:
            raise RequestError(503, "the model is not loaded yet")
        return self.predictor

    def read(self, body: bytes) -> CheckedRows:
        """Parse and validate a body."""
        try:
            rows = self.reader.read(body)
        except RequestError as error:
            for violation in error.violations:
                self.metrics.rejected_values.labels(violation.column).inc()
            raise
        ignored = {name for row in rows for name in row.__pydantic_extra__}
        return CheckedRows([row.__dict__ for row in rows], sorted(ignored))

    def predict(self, predictor: Predictor, rows: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Predict valid rows with a loaded model."""
        return predictor.predict(to_rows(rows, self.schema)).records()

    def response(
        self, request_id: bytes, predictor: Predictor, checked: CheckedRows, predictions: list[Any]
    ) -> bytes:
        """Record and count the predictions of a request; return the body of its response."""
        if self.limits.rest_record_share:
            self.recorder.record(request_id.decode(), predictor.version, checked.rows, predictions)
        self.metrics.count_predictions(checked)
        body = {"model_version": predictor.version, "predictions": predictions}
        ignored = {"ignored_columns": checked.ignored} if checked.ignored else {}
        return to_json(body | ignored)
