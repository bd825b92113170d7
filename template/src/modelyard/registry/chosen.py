"""What keeps the registry: MLflow if it remembers the runs, else git's tags."""

from importlib import import_module

from ..choices import read_choices
from .backend import Backend


def open_backend(project: str, push: bool = False) -> Backend:
    """Open the registry of the project in the working folder.

    Args:
        project: the name of the project's package.
        push: whether what is noted is pushed at once.

    Raises:
        UserError: it cannot be opened.
    """
    name = "mlflow" if read_choices().tracker == "mlflow" else "tags"
    opened: Backend = import_module(f"{__package__}.{name}").open_backend(project, push)
    return opened
