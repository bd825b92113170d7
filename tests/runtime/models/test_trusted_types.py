"""A model file with a type that could run code is refused by name, and nothing of it runs."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from modelyard.console import UserError
from modelyard.models import store
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    VotingClassifier,
)
from sklearn.feature_selection import SelectKBest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, SGDClassifier, TweedieRegressor
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import KBinsDiscretizer, StandardScaler

Node = dict[str, Any]
X = np.random.default_rng(1).random((60, 3)).astype(np.float32)
Y = np.arange(60) % 2
FEW = RandomForestClassifier(3, random_state=0)
ESTIMATORS = [
    FEW,
    ExtraTreesClassifier(3),
    GradientBoostingClassifier(n_estimators=3),
    HistGradientBoostingClassifier(max_iter=3, early_stopping=True),
    *(
        HistGradientBoostingRegressor(loss=loss, max_iter=3)
        for loss in ("squared_error", "absolute_error", "poisson")
    ),
    *(CalibratedClassifierCV(FEW, method=name, cv=2) for name in ("sigmoid", "isotonic")),
    CalibratedClassifierCV(HistGradientBoostingClassifier(max_iter=3), cv=2),
    make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression()),
    make_pipeline(KBinsDiscretizer(3, quantile_method="averaged_inverted_cdf"), FEW),
    make_pipeline(SelectKBest(k=2), SGDClassifier(loss="log_loss")),
    VotingClassifier([("forest", FEW), ("line", LogisticRegression())], voting="soft"),
    MLPClassifier((3,), max_iter=400),
    KNeighborsClassifier(),
    TweedieRegressor(power=0),
]


@pytest.mark.parametrize("model", ESTIMATORS, ids=lambda model: type(model).__name__)
def test_the_estimators_of_scikit_learn_are_loaded(model: Any) -> None:
    fitted = model.fit(X, Y)
    loaded = store.from_bytes(store.to_bytes(fitted), "a.skops")
    np.testing.assert_array_equal(loaded.predict(X), fitted.predict(X))


def node(name: str, loader: str, **content: Any) -> Node:
    module, _, kind = name.rpartition(".")
    return {"__class__": kind, "__module__": module, "__loader__": loader, **content}


def text(value: Any) -> Node:
    return node("builtins.str", "JsonNode", content=json.dumps(value), is_json=True)


def arguments(*values: Any) -> Node:
    return node("builtins.tuple", "TupleNode", content=[text(value) for value in values])


def call(name: str, *values: Any) -> Node:
    """Return a node that calls a function when the file is loaded."""
    return node(name, "ConstructorFromReduceNode", content=arguments(*values))


def method_caller(*values: Any) -> Node:
    return node("operator.methodcaller", "OperatorFuncNode", attrs=arguments(*values))


def crafted(content: Node) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            "schema.json", json.dumps(content | {"_skops_version": "0", "protocol": 2})
        )
    return file.getvalue()


WRITE = "open('ran', 'w')"
CALLS = {
    "builtins.eval": call("builtins.eval", WRITE),
    "builtins.exec": call("builtins.exec", WRITE),
    "builtins.open": call("builtins.open", "ran", "w"),
    "builtins.__import__": call("builtins.__import__", "antigravity"),
    "builtins.getattr": call("builtins.getattr", "text", "upper"),
    "os.system": call("os.system", "touch ran"),
    "numpy.load": call("numpy.load", "ran.npy", None, True),
    "numpy.savetxt": call("numpy.savetxt", "ran", [1]),
    "numpy.lib.format.open_memmap": call("numpy.lib.format.open_memmap", "ran", "w+", "f4", [1]),
    "numpy.memmap": call("numpy.memmap", "ran", "f4", "w+", 0, [1]),
    "scipy.io.savemat": call("scipy.io.savemat", "ran", {"a": 1}),
    "scipy.LowLevelCallable": call("scipy.LowLevelCallable", "a"),
    "sklearn.utils._joblib.load": call("sklearn.utils._joblib.load", "ran"),
    "sklearn.datasets.fetch_file": call("sklearn.datasets.fetch_file", "http://x.invalid/ran"),
    "sklearn.utils.fixes.subprocess.run": call("sklearn.utils.fixes.subprocess.run", "touch ran"),
    "operator.methodcaller": method_caller("upper"),
}


@pytest.fixture
def loaded_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("nested", [False, True])
def test_a_file_that_calls_a_function_is_refused_by_name_and_runs_nothing(
    name: str, nested: bool, loaded_in: Path
) -> None:
    content = CALLS[name]
    if nested:
        content = node("builtins.list", "ListNode", content=[content])
    with pytest.raises(UserError, match=rf"a\.skops has untrusted types: .*{name}"):
        store.from_bytes(crafted(content), "a.skops")
    assert list(loaded_in.iterdir()) == []


def test_a_file_made_in_this_way_is_otherwise_loaded() -> None:
    assert store.from_bytes(crafted(arguments(1, "a")), "a.skops") == (1, "a")


def test_the_call_of_such_a_file_would_run(loaded_in: Path) -> None:
    content = crafted(CALLS["builtins.eval"])
    store.skops.io.loads(content, trusted=["builtins.eval"])
    assert (loaded_in / "ran").exists()
