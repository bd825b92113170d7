"""The tracker that remembers the training runs: the one that `pyproject.toml` names."""

from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any

from ..choices import read_choices
from .tracker import Tracker, recording


def start_run(name: str, params: dict[str, Any]) -> AbstractContextManager[Tracker]:
    """Record a run, its settings first, as long as the block lasts.

    Args:
        name: what the tracker calls the project.
        params: the settings, nested as in `params.yaml`.

    Raises:
        UserError: the tracker cannot record it.
    """
    chosen = read_choices().tracker
    backend = import_module(f"{__package__}.{chosen}")
    return recording(chosen, lambda: backend.Run(name, params), backend.remedy())
