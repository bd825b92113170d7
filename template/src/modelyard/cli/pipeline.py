"""The steps of the pipeline, as `dvc.yaml` calls them; `dvc repro` runs those that are due."""

from collections.abc import Callable
from importlib import import_module

import typer

from ..project import find
from .command import add

STEPS = {
    "ingest": ("data.snapshot", "Fetch the rows that are known on the day of data.as_of."),
    "prepare": ("data.prepare", "Check the rows against the schema, clean and split them."),
    "features": ("features.table", "Make the tables of features that models are trained on."),
    "train": ("models.train", "Fit the baseline, and search the candidate's settings."),
    "export": ("models.export", "Convert both models to ONNX, and compare their scores."),
    "evaluate": ("models.evaluate", "Measure both models on the validation rows, and draw plots."),
    "gate": ("models.gate", "Judge the candidate on the test rows, and release it if it passes."),
}


def step(name: str, module: str, about: str) -> Callable[[], None]:
    """Make the command of a step, whose module is imported when the command runs."""

    def command() -> None:
        import_module(f"...{module}", __name__).main(find())

    command.__name__, command.__doc__ = name, about
    return command


def add_to(app: typer.Typer) -> None:
    """Add the steps in their order."""
    for name, (module, about) in STEPS.items():
        add(app, "Pipeline", step(name, module, about), name)
