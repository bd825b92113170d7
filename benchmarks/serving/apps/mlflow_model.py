"""The model that `rest_mlflow.py` saves, as a Python model."""

import mlflow
import pandas as pd
from mlflow.pyfunc import PythonModel

import scoring


class Served(PythonModel):
    """Scores tables."""

    def load_context(self, context: object) -> None:
        """Load the model."""
        self.scores = scoring.by_onnx()

    def predict(self, context: object, model_input: pd.DataFrame) -> list[float]:
        """Score a table in which missing values are None."""
        known = model_input.astype(object).where(model_input.notna(), None)
        return self.scores(known.to_dict("records"))


mlflow.models.set_model(Served())
