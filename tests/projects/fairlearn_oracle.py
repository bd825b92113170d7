"""Compare the runtime's fairness measures with fairlearn's, and print how many agree."""

from importlib import import_module

import numpy as np
from modelyard.models.gates import fairness

oracle = import_module("fairlearn.metrics")  # not a dependency of this repository


def compare(seed: int) -> int:
    """Compare all measures on random predictions for two to five groups of unequal size."""
    random = np.random.default_rng(seed)
    groups = random.choice([f"g{number}" for number in range(2 + seed % 4)], size=300)
    actual = random.random(300) < 0.4
    predicted = random.random(300) < np.where(groups == "g0", 0.7, 0.3)
    rates = fairness.group_rates(groups, actual, predicted)
    for name, measure in fairness.MEASURES.items():
        expected = getattr(oracle, name)(actual, predicted, sensitive_features=groups)
        np.testing.assert_allclose(measure(rates), expected, atol=1e-12, err_msg=name)
    return len(fairness.MEASURES)


def compare_numbers(seed: int) -> int:
    """Compare the ratio of errors with that of fairlearn's MetricFrame."""
    random = np.random.default_rng(seed)
    groups, y = random.choice(["a", "b", "c"], size=90), random.normal(size=90)
    predicted = y + random.normal(size=90) * np.where(groups == "a", 2, 1)
    frame = oracle.MetricFrame(
        metrics=lambda truth, values: np.abs(truth - values).mean(),
        y_true=y, y_pred=predicted, sensitive_features=groups,
    )  # fmt: skip
    expected = 1 / frame.ratio(method="between_groups")
    np.testing.assert_allclose(fairness.error_ratio(groups, y, predicted), expected)
    return 1


if __name__ == "__main__":
    print(sum(compare(seed) + compare_numbers(seed) for seed in range(20)))
