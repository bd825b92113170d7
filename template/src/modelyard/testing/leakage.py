"""The check that no feature is the answer in disguise."""

from sklearn.metrics import balanced_accuracy_score
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from ..models.dataset import Dataset
from ..schema.contract import Task
from .assertions import listed, require

SUSPICIOUS = 0.98
TREE = {"max_depth": 5, "min_samples_leaf": 5, "random_state": 0}


def told(train: Dataset, validation: Dataset, feature: int, task: Task) -> float:
    """Give how much of the target a feature tells: 1 is all.

    Returns:
        Share of the classes' rows (classes of equal weight), or of the variance, that a small tree
        on this feature alone gets right in the validation rows.
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
    """Check that no feature alone tells the target.

    Args:
        train: features and targets of the training rows.
        validation: the same of the validation rows.
        names: of the features, in order.
        task: the kind of target.
        greatest: how much a feature may tell.
    """
    shares = {name: told(train, validation, place, task) for place, name in enumerate(names)}
    leaks = [f"{name} ({share:.3f})" for name, share in shares.items() if share > greatest]
    require(
        not leaks,
        f"features/build.py or data/ingest.py: {listed(leaks)} tells nearly all of the target, so "
        "it may be known only afterwards",
    )
