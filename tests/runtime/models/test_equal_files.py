"""Equal models are equal files: skops files without what differs from run to run."""

import json
import os
import pickle
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io
from modelyard.models import store
from modelyard.models.store import SCHEMA
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.neighbors import KNeighborsClassifier

from tests.runtime import example

X = np.random.default_rng(1).normal(size=(80, 3)).astype(np.float32)
Y = (X[:, 0] > 0).astype(int)
FIT = """
import pickle
import sys
from tests.runtime.models.test_equal_files import MODELS, WRITERS, fit
files = {}
for name in MODELS:
    model = fit(name)
    model.names_ = {"delta", "alpha", "beta", ("gamma", 1.5)}
    files |= {(writer, name): write(model) for writer, write in WRITERS.items()}
sys.stdout.buffer.write(pickle.dumps(files))
"""
Files = dict[tuple[str, str], bytes]
MODELS: dict[str, Any] = {
    "boosting": HistGradientBoostingClassifier(max_iter=3, random_state=3),
    "forest": RandomForestClassifier(3, random_state=3),
    "neighbours": KNeighborsClassifier(algorithm="kd_tree"),
}
WRITERS = {"store": store.to_bytes, "skops": skops.io.dumps}


def fit(name: str) -> Any:
    """Fit an estimator on the rows of this module."""
    return MODELS[name].fit(X, Y)


def write(place: int) -> Files:
    """Fit and write all models in another process, each place with its own environment."""
    own = {"PYTHONHASHSEED": str(place), "MALLOC_PERTURB_": str(place * 50)}
    environment = example.environment(**own, OMP_NUM_THREADS=str(place), TZ=f"UTC{place}")
    environment["PYTHONPATH"] += os.pathsep + str(Path(__file__).parents[3])
    command = [sys.executable, "-c", FIT]
    done = subprocess.run(command, env=environment, check=True, capture_output=True)
    return dict(pickle.loads(done.stdout))


@pytest.fixture(scope="module")
def written() -> tuple[Files, Files]:
    """The files of two processes, by writer and model."""
    return write(1), write(2)


@pytest.mark.parametrize("name", MODELS)
def test_equal_models_are_equal_files_in_any_process(
    name: str, written: tuple[Files, Files]
) -> None:
    first, second = written
    assert first["store", name] == second["store", name]


def test_without_the_store_the_files_differ(written: tuple[Files, Files]) -> None:
    first, second = written
    assert first["skops", "forest"] != second["skops", "forest"]


@pytest.mark.parametrize("name", MODELS)
def test_skops_itself_loads_the_file_and_the_model_scores_the_same(name: str) -> None:
    model = fit(name)
    model.names_ = {"b", "a"}
    content = store.to_bytes(model)
    loaded = skops.io.loads(content, trusted=skops.io.get_untrusted_types(data=content))
    np.testing.assert_array_equal(loaded.predict_proba(X), model.predict_proba(X))
    assert loaded.names_ == model.names_


def test_a_model_written_loaded_and_written_again_is_the_same_file() -> None:
    content = store.to_bytes(fit("boosting"))
    assert store.to_bytes(store.from_bytes(content, "a")) == content


def test_different_models_are_different_files() -> None:
    assert store.to_bytes(fit("boosting")) != store.to_bytes(fit("forest"))


def test_equal_arrays_remain_two_objects_and_one_array_remains_one() -> None:
    model = fit("boosting")
    one, other = np.zeros(3), np.zeros(3)
    model.arrays_ = [one, other, one]
    loaded = store.from_bytes(store.to_bytes(model), "a").arrays_
    assert loaded[0] is loaded[2]
    assert loaded[0] is not loaded[1]


def test_the_file_holds_no_time_no_number_of_threads_and_no_addresses() -> None:
    with zipfile.ZipFile(BytesIO(store.to_bytes(fit("boosting")))) as archive:
        assert {one.date_time[0] for one in archive.infolist()} == {1980}
        schema = json.loads(archive.read(SCHEMA))
    binning = schema["content"]["content"]["_bin_mapper"]["content"]["content"]
    assert binning["n_threads"]["content"] == "1"
    assert schema["__id__"] < 1000
