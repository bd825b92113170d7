"""Patch for skl2onnx 1.20 with protobuf >= 6, which rejects a boolean as an integer attribute."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from skl2onnx.common import tree_ensemble

FLAG = "nodes_missing_value_tracks_true"


@contextmanager
def integer_flags() -> Iterator[None]:
    """Make the converter of histogram gradient boosting write its missing-value flag as 0 or 1."""
    original = tree_ensemble.add_node

    def add_node(*args: Any, **kwargs: Any) -> None:
        if FLAG in kwargs:
            kwargs[FLAG] = int(kwargs[FLAG])
        original(*args, **kwargs)

    with patch.object(tree_ensemble, "add_node", add_node):
        yield
