"""Patches for trees in skl2onnx 1.20: the way of missing values, and thresholds in float32."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from skl2onnx.common import tree_ensemble
from skl2onnx.operator_converters import decision_tree, gradient_boosting, random_forest

FLAG = "nodes_missing_value_tracks_true"


@contextmanager
def exact_trees() -> Iterator[None]:
    """Make the converters of trees write what scikit-learn does with each float32 value.

    Histogram gradient boosting: its missing-value flag as 0 or 1 (protobuf >= 6 rejects a boolean),
    and the threshold rounded down to float32, so that no value changes sides. Other trees: the
    missing-value flag, which the converter leaves out.
    """
    add_node, add_tree = tree_ensemble.add_node, tree_ensemble.add_tree_to_attribute_pairs

    def add_exact_node(*args: Any, **kwargs: Any) -> None:
        if FLAG in kwargs:
            kwargs |= {FLAG: int(kwargs[FLAG]), "adjust_threshold_for_sklearn": True}
        add_node(*args, **kwargs)

    def add_exact_tree(
        pairs: Any, is_classifier: bool, tree: Any, *args: Any, **kwargs: Any
    ) -> None:
        add_tree(pairs, is_classifier, tree, *args, **kwargs)
        left = tree.missing_go_to_left * (tree.children_left >= 0)
        pairs[FLAG][-tree.node_count :] = left.tolist()

    with ExitStack() as patches:
        patches.enter_context(patch.object(tree_ensemble, "add_node", add_exact_node))
        for module in (decision_tree, gradient_boosting, random_forest):
            name = "add_tree_to_attribute_pairs"
            patches.enter_context(patch.object(module, name, add_exact_tree))
        yield
