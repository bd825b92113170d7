"""Write the table of docs/reference/models.md: which models a project can train and serve.

    python -m tools.working_models

Each model is fitted, stored, loaded and exported by the rehearsal of `modelyard doctor`, on made-up
rows with and without missing values.
"""

import re
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn import ensemble, linear_model, svm, tree
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.impute import SimpleImputer
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler, TargetEncoder
from xgboost import XGBClassifier, XGBRegressor

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "template" / "src")]

from modelyard.console import UserError  # noqa: E402
from modelyard.models import boosting  # noqa: E402
from modelyard.models.dataset import Dataset  # noqa: E402
from modelyard.schema.contract import Classes, Quantity  # noqa: E402

from modelyard_doctor.rehearsal import rehearse  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "models.md"
START, END = "<!-- written by tools.working_models -->\n\n", "\n<!-- end -->"
SEEDED = np.random.default_rng(0)
X = SEEDED.normal(size=(600, 4)).astype(np.float32)
X[:, 3] = SEEDED.integers(0, 5, 600)
NOISY = X.sum(axis=1) + SEEDED.normal(size=600)
MISSING = np.where(SEEDED.random(X.shape) < 0.05, np.nan, X).astype(np.float32)


class Model(NamedTuple):
    """A row of the table: its name, whether it predicts a number, and how it is made."""

    name: str
    regresses: bool
    make: Callable[[], Any]


def few_trees(kind: Any) -> Any:
    """Return a forest of ten trees."""
    return kind(n_estimators=10, random_state=0)


def scaled(model: Any) -> Any:
    """Return a model behind imputation and scaling, for values in any unit."""
    return make_pipeline(SimpleImputer(), StandardScaler(), model)


def encoded(model: Any) -> Any:
    """Return a model whose last feature is a category, encoded by the mean target."""
    encoder = TargetEncoder(random_state=0)
    columns = [("category", encoder, [3]), ("numbers", "passthrough", [0, 1, 2])]
    return make_pipeline(ColumnTransformer(columns), model)


LINEAR = linear_model.LogisticRegression()
GROWN = ensemble.GradientBoostingClassifier
LIGHT: dict[str, Any] = {"n_estimators": 20, "n_jobs": 1, "verbose": -1}
BOOSTED = ensemble.HistGradientBoostingClassifier
VOTERS = [("a", scaled(LINEAR)), ("b", BOOSTED(max_iter=5))]
MODELS = [
    Model("`HistGradientBoostingClassifier`", False, lambda: BOOSTED(max_iter=20)),
    Model(
        "`HistGradientBoostingRegressor`",
        True,
        lambda: ensemble.HistGradientBoostingRegressor(max_iter=20),
    ),
    Model(
        "`HistGradientBoostingClassifier` with `categorical_features`",
        False,
        lambda: BOOSTED(max_iter=20, categorical_features=[3]),
    ),
    Model("`GradientBoostingClassifier`", False, lambda: few_trees(GROWN)),
    Model("`RandomForestClassifier`", False, lambda: few_trees(ensemble.RandomForestClassifier)),
    Model("`RandomForestRegressor`", True, lambda: few_trees(ensemble.RandomForestRegressor)),
    Model("`ExtraTreesClassifier`", False, lambda: few_trees(ensemble.ExtraTreesClassifier)),
    Model("`DecisionTreeClassifier`", False, lambda: tree.DecisionTreeClassifier(random_state=0)),
    Model("`LogisticRegression`", False, lambda: scaled(LINEAR)),
    Model("`LinearRegression`", True, lambda: scaled(linear_model.LinearRegression())),
    Model("`Ridge`", True, lambda: scaled(linear_model.Ridge())),
    Model("`TweedieRegressor`", True, lambda: scaled(linear_model.TweedieRegressor(power=0))),
    Model(
        "`SGDClassifier` with log loss",
        False,
        lambda: scaled(linear_model.SGDClassifier(loss="log_loss", random_state=0)),
    ),
    Model("`MLPClassifier`", False, lambda: scaled(MLPClassifier((8,), random_state=0))),
    Model("`MLPRegressor`", True, lambda: scaled(MLPRegressor("squared_error", (8,)))),
    Model("`SVC` with `probability`", False, lambda: scaled(svm.SVC(probability=True))),
    Model("`SVR`", True, lambda: scaled(svm.SVR())),
    Model("`KNeighborsClassifier`", False, lambda: scaled(KNeighborsClassifier())),
    Model("`GaussianNB`", False, lambda: scaled(GaussianNB())),
    Model("`GaussianProcessRegressor`", True, lambda: scaled(GaussianProcessRegressor(alpha=1))),
    Model("`CalibratedClassifierCV`", False, lambda: CalibratedClassifierCV(scaled(LINEAR), cv=2)),
    Model(
        "`VotingClassifier`, soft",
        False,
        lambda: ensemble.VotingClassifier(
            VOTERS, voting="soft", flatten_transform=False
        ),
    ),
    Model(
        "`StackingClassifier`",
        False,
        lambda: ensemble.StackingClassifier([("a", scaled(LINEAR)), ("b", BOOSTED(max_iter=5))]),
    ),
    Model(
        "`TransformedTargetRegressor`, logarithm",
        True,
        lambda: TransformedTargetRegressor(
            scaled(linear_model.Ridge()), func=np.log1p, inverse_func=np.expm1
        ),
    ),
    Model("`TargetEncoder` in a `ColumnTransformer`", False, lambda: encoded(BOOSTED(max_iter=20))),
    Model("`DummyClassifier`", False, DummyClassifier),
    Model("`DummyRegressor`", True, DummyRegressor),
    Model(
        "LightGBM `LGBMClassifier`", False, lambda: LGBMClassifier(**LIGHT)
    ),
    Model(
        "LightGBM `LGBMRegressor`", True, lambda: LGBMRegressor(**LIGHT)
    ),
    Model("XGBoost `XGBClassifier`", False, lambda: XGBClassifier(n_estimators=20, n_jobs=1)),
    Model("XGBoost `XGBRegressor`", True, lambda: XGBRegressor(n_estimators=20, n_jobs=1)),
]  # fmt: skip


def verdict(model: Model, rows: np.ndarray) -> str:
    """Return `works`, a note of the rehearsal, or the words with which it refuses."""
    target: Any = Quantity("q", "") if model.regresses else Classes("c", "", values=("no", "yes"))
    y = np.exp(NOISY / 4) if model.regresses else (NOISY > 1).astype(int)
    section = SimpleNamespace
    schema: Any = section(target=target)
    params: Any = section(
        train=section(seed=0, rounds=1, candidate={}),
        search=section(space={}, trials=1),
        decision=section(threshold=0.5),
        gate=section(max_parity_gap=1e-5),
    )
    estimator = section(
        baseline=lambda seed: scaled(linear_model.Ridge() if model.regresses else LINEAR),
        candidate=lambda settings, seed: model.make(),
        TRUSTED_TYPES=boosting.TRUSTED_TYPES,
        to_onnx=boosting.to_onnx,
    )
    try:
        notes = rehearse(estimator, Dataset(rows, y), schema, params)
    except (UserError, ValueError) as failure:
        return shortened(str(failure))
    return "; ".join(["works", *notes])


def shortened(text: str) -> str:
    """Return the first sentence of a refusal, without figures that depend on the machine."""
    text = re.sub(r"by [\d.e+-]+ in row \d+ and in \d+ decisions of \d+", "by … in row …", text)
    text = re.sub(r"\n.*|, allowed are.*|\. (See|This|Please|It) .*", "", text, flags=re.DOTALL)
    return "refused: " + text.strip().replace("|", "\\|")[:160]


def table() -> str:
    """Return the table in Markdown."""
    lines = [
        "| model | rows without missing values | rows with missing values |",
        "| --- | --- | --- |",
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for model in MODELS:
            lines.append(f"| {model.name} | {verdict(model, X)} | {verdict(model, MISSING)} |")
    return "\n".join(lines) + "\n"


def page() -> str:
    """Return the page with a new table."""
    before, _, rest = PAGE.read_text("utf-8").partition(START)
    return before + START + table() + END + rest.partition(END)[2]


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
