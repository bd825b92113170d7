"""Commands for the stages of the pipeline; `dvc.yaml` calls them, `dvc repro` runs those due."""

from collections.abc import Callable
from importlib import import_module

import typer

from ..project import find
from .command import add

STAGES = {
    "ingest": ("data.snapshot", "Fetch the rows known on the day data.as_of."),
    "prepare": ("data.prepare", "Validate the rows against the schema, clean and split them."),
    "features": ("features.table", "Build the feature tables for training."),
    "train": ("models.train", "Fit the baseline, and search the candidate's hyperparameters."),
    "export": ("models.export", "Convert both models to ONNX, and check that scores are equal."),
    "evaluate": ("models.evaluate", "Evaluate both models on the validation set, with plots."),
    "gate": ("models.gate", "Evaluate the candidate on the test set; accept it if it passes."),
}


def make_command(name: str, module: str, about: str) -> Callable[[], None]:
    """Return the command of a stage, which imports the stage's module when it runs."""

    def command() -> None:
        import_module(f"...{module}", __name__).main(find())

    command.__name__, command.__doc__ = name, about
    return command


def add_to(app: typer.Typer) -> None:
    """Add the stages to `app` in their order."""
    for name, (module, about) in STAGES.items():
        add(app, "Pipeline", make_command(name, module, about), name)
