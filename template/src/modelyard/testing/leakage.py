"""Check for target leakage: no single feature predicts the target."""

from sklearn.metrics import balanced_accuracy_score
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from ..console import listed
from ..models.dataset import Dataset
from ..schema.contract import Task

SUSPICIOUS = 0.98
TREE = {"max_depth": 5, "min_samples_leaf": 5, "random_state": 0}


def explained_share(train: Dataset, validation: Dataset, feature: int, task: Task) -> float:
    """Return how well a single feature predicts the target, at most 1.

    Returns:
        Balanced accuracy, or R², of a small decision tree on this feature in the validation set.
    """
    X, other = (rows.X[:, [feature]] for rows in (train, validation))
    if task == "regression":
        regressor = DecisionTreeRegressor(**TREE).fit(X, train.y)
        return float(regressor.score(other, validation.y))
    tree = DecisionTreeClassifier(**TREE, class_weight="balanced").fit(X, train.y)
    return float(balanced_accuracy_score(validation.y, tree.predict(other)))


def check_no_leak(
    train: Dataset, validation: Dataset, names: list[str], task: Task, greatest: float = SUSPICIOUS
) -> None:
    """Check that no single feature predicts more than the share `greatest` of the target."""
    shares = {n: explained_share(train, validation, i, task) for i, n in enumerate(names)}
    leaks = [f"{name} ({share:.3f})" for name, share in shares.items() if share > greatest]
    assert not leaks, (
        f"features/build.py or data/ingest.py: {listed(leaks)} predicts the target nearly "
        "perfectly, so it may be known only after the fact"
    )
