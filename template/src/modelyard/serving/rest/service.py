"""The state of a REST server: its model, once that is loaded, and what it counts."""

import secrets
from collections.abc import Mapping
from functools import partial
from typing import Any

from pydantic_core import to_json

from ...project import Project
from ..predictor import Predictor, to_rows
from .errors import Refusal
from .limits import Limits
from .metrics import Metrics, age_s
from .recorder import Recorder
from .row_reader import Checked, RowReader


class Service:
    """Loads the model and predicts for bodies.

    Args:
        project: the project's own part.
        limits: what a request may cost, and the model's folder.

    Attributes:
        stopping: the server was told to stop.
    """

    def __init__(self, project: Project, limits: Limits) -> None:
        self.project, self.limits = project, limits
        self.schema = project.schema
        self.reader = RowReader(self.schema, limits.rest_max_rows)
        self.metrics = Metrics(self.schema)
        self.recorder = Recorder(limits, self.metrics, secrets.token_hex(4))
        self.predictor: Predictor | None = None
        self.stopping = False

    def load(self) -> None:
        """Serve the model of the folder.

        Raises:
            UserError: it is missing or altered, or does not fit the project.
        """
        self.switch(self.loaded())

    def loaded(self) -> Predictor:
        """Load and verify the model of the folder.

        Raises:
            UserError: it is missing or altered, or does not fit the project.
        """
        return Predictor(self.limits.model_dir, self.schema, self.project.build)

    def switch(self, predictor: Predictor) -> None:
        """Answer with this model from the next request on; those under way keep theirs."""
        age = partial(age_s, predictor.trained_as_of, self.limits.as_of)
        self.metrics.serves(predictor.version, age)
        self.predictor = predictor

    def ready(self) -> Predictor:
        """Give the model.

        Raises:
            Refusal: 503 as long as it is not loaded.
        """
        if self.predictor is None:
            raise Refusal(503, "the model is not loaded yet")
        return self.predictor

    def read(self, body: bytes) -> Checked:
        """Turn a body into checked rows.

        Raises:
            Refusal: the body breaks a rule.
        """
        try:
            return self.reader.read(body)
        except Refusal as refusal:
            self.metrics.rejected(refusal.faults)
            raise

    def predict(self, predictor: Predictor, rows: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Predict for checked rows by a model that was ready."""
        return predictor.predict(to_rows(rows, self.schema)).records()

    def answer(
        self, name: bytes, predictor: Predictor, checked: Checked, predictions: list[dict[str, Any]]
    ) -> bytes:
        """Make the answer to a request with this id, for whose rows a model has predicted."""
        if self.limits.rest_record_share:
            self.recorder.keep(name.decode(), predictor.version, checked.rows, predictions)
        self.metrics.predicted(checked)
        answer = {"model_version": predictor.version, "predictions": predictions}
        ignored = {"ignored_columns": checked.ignored} if checked.ignored else {}
        return to_json(answer | ignored)
