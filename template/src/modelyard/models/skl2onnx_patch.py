"""Patches for trees in skl2onnx 1.20: the way of missing values, and thresholds in float32."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from skl2onnx.common import tree_ensemble
from skl2onnx.operator_converters import decision_tree, random_forest

FLAG, TREE = "nodes_missing_value_tracks_true", "add_tree_to_attribute_pairs"


@contextmanager
def exact_trees() -> Iterator[None]:
    """Make the converters of trees write what scikit-learn does with each float32 value.

    Histogram gradient boosting: the missing-value flag as 0 or 1 (protobuf >= 6 rejects a boolean),
    thresholds rounded down to float32. Other trees: the missing-value flag, which is left out.
    """
    add_node, add_tree = tree_ensemble.add_node, tree_ensemble.add_tree_to_attribute_pairs

    def add_exact_node(*args: Any, **kwargs: Any) -> None:
        if FLAG in kwargs:
            kwargs |= {FLAG: int(kwargs[FLAG]), "adjust_threshold_for_sklearn": True}
        add_node(*args, **kwargs)

    def add_exact_tree(pairs: Any, kind: bool, tree: Any, *args: Any, **kwargs: Any) -> None:
        add_tree(pairs, kind, tree, *args, **kwargs)
        left = tree.missing_go_to_left * (tree.children_left >= 0)
        pairs[FLAG][-tree.node_count :] = left.tolist()

    with (
        patch.object(tree_ensemble, "add_node", add_exact_node),
        patch.object(decision_tree, TREE, add_exact_tree),
        patch.object(random_forest, TREE, add_exact_tree),
    ):
        yield
