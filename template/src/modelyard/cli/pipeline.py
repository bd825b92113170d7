"""The steps of the pipeline, as `dvc.yaml` calls them; `dvc repro` runs those that are due."""

import typer

from ..project import find
from .adding import add


def ingest() -> None:
    """Fetch the rows that are known on the day of data.as_of."""
    from ..data import snapshot

    snapshot.main(find())


def prepare() -> None:
    """Check the rows against the schema, clean and split them."""
    from ..data import prepare as step

    step.main(find())


def features() -> None:
    """Make the tables of features that models are trained on."""
    from ..features import table

    table.main(find())


def train() -> None:
    """Fit the baseline, and search the candidate's settings."""
    from ..models import train as step

    step.main(find())


def export() -> None:
    """Convert both models to ONNX, and compare their scores with the training library's."""
    from ..models import export as step

    step.main(find())


def evaluate() -> None:
    """Measure both models on the validation rows, and draw plots."""
    from ..models import evaluate as step

    step.main(find())


def gate() -> None:
    """Judge the candidate on the test rows, and release it if it passes."""
    from ..models import gate as step

    step.main(find())


def add_to(app: typer.Typer) -> None:
    """Add the steps in their order."""
    for step in (ingest, prepare, features, train, export, evaluate, gate):
        add(app, "Pipeline", step, step.__name__)
