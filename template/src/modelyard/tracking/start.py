"""Start of a run in the experiment tracker that `pyproject.toml` selects."""

from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any

from ..choices import read_choices
from .tracker import Tracker, recording


def start_run(name: str, params: dict[str, Any]) -> AbstractContextManager[Tracker]:
    """Return a context manager that records a run, including its settings."""
    tracker = read_choices().tracker
    backend = import_module(f"{__package__}.{tracker}")
    return recording(tracker, lambda: backend.Run(name, params), backend.remedy())
