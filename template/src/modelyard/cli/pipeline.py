"""Commands of every project: the stages, which `dvc.yaml` calls, and an example of a request."""

import json
from importlib import import_module
from typing import Annotated

import typer

from ..project import find
from .command import command

app = typer.Typer()
STAGES = {
    "ingest": ("data.snapshot", "Fetch the rows known on the day data.as_of."),
    "prepare": ("data.prepare", "Validate the rows against the schema, clean and split them."),
    "features": ("features.table", "Build the feature tables for training."),
    "train": ("models.train", "Fit the baseline, and search the candidate's hyperparameters."),
    "export": ("models.export", "Convert both models to ONNX, and check that scores are equal."),
    "evaluate": ("models.evaluate", "Evaluate both models on the validation set, with plots."),
    "gate": ("models.gate", "Evaluate the candidate on the test set; accept it if it passes."),
}


def add_stage(name: str, module: str, about: str) -> None:
    """Add the command of a stage, which imports the stage's module when it runs."""

    def stage() -> None:
        import_module(f"...{module}", __name__).main(find())

    stage.__name__, stage.__doc__ = name, about
    command(app, "Pipeline", name, check=name)(stage)


for stage_name, (stage_module, stage_about) in STAGES.items():
    add_stage(stage_name, stage_module, stage_about)


@command(app, "Serve", "example 3")
def example(
    count: Annotated[int, typer.Argument(metavar="N", help="Number of rows.")] = 1,
) -> None:
    """Print the JSON body of a request with rows of the validation set."""
    from ..serving.predictor import Predictor
    from ..settings import Settings

    project, folder = find(), Settings.read().model_dir
    predictor = Predictor(folder, project.schema, project.build)
    print(json.dumps({"rows": predictor.examples(count)}))
