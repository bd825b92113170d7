from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from flight_delays.models import estimator
from flight_delays.schema import SCHEMA
from modelyard.console import UserError
from modelyard.models import store
from modelyard.models.dataset import Dataset
from modelyard.models.loss import score
from modelyard.params import read_params
from sklearn.dummy import DummyRegressor
from sklearn.pipeline import make_pipeline


class Stranger(DummyRegressor):
    """An estimator of an unknown library."""


TRUSTING = SimpleNamespace(TRUSTED_TYPES=(f"{Stranger.__module__}.Stranger",))


def test_a_stored_candidate_scores_the_same_and_grows_the_same(
    few_rows: tuple[Dataset, Dataset],
) -> None:
    train, validation = few_rows
    settings = read_params().train
    model = estimator.candidate(settings.candidate, settings.seed)
    estimator.grow(model, 5, train.X, train.y)
    loaded = store.from_bytes(store.to_bytes(model), "candidate")
    for grown in (model, loaded):
        estimator.grow(grown, 10, train.X, train.y)
    scores = [score(grown, validation.X, SCHEMA.target.task) for grown in (model, loaded)]
    np.testing.assert_array_equal(scores[0], scores[1])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"x" * 1000])
def test_a_damaged_file_is_named(content: bytes) -> None:
    with pytest.raises(UserError, match=r"a\.skops is not an intact skops file .*; run: dvc repro"):
        store.from_bytes(content, "a.skops")


def test_a_file_cut_in_the_middle_is_named() -> None:
    content = store.to_bytes(DummyRegressor().fit([[0]], [1]))
    with pytest.raises(UserError, match=r"a\.skops is not an intact skops file"):
        store.from_bytes(content[: len(content) // 2], "a.skops")


def test_a_type_of_another_library_is_not_loaded_but_named() -> None:
    model = make_pipeline(Stranger()).fit([[0]], [1])
    content = store.to_bytes(model, TRUSTING)
    with pytest.raises(UserError, match=r"a\.skops has untrusted types: .*Stranger"):
        store.from_bytes(content, "a.skops")
    assert isinstance(store.from_bytes(content, "a.skops", TRUSTING)[0], Stranger)


def test_a_type_of_another_library_is_not_stored_and_the_remedy_is_named() -> None:
    message = r"with the types .*Stranger cannot be stored, .* save\(model, path\) and load\(path\)"
    with pytest.raises(UserError, match=message):
        store.to_bytes(Stranger().fit([[0]], [1]))


def test_own_storage_is_used_for_types_that_skops_does_not_know_and_no_others() -> None:
    own = SimpleNamespace(
        save=lambda model, path: path.write_text(str(model.constant_[0, 0])),
        load=lambda path: float(path.read_text()),
    )
    content = store.to_bytes(Stranger().fit([[0]], [2.5]), own)
    assert store.from_bytes(content, "a.skops", own) == 2.5
    known = DummyRegressor().fit([[0]], [2.5])
    assert store.to_bytes(known, own) == store.to_bytes(known)
    with pytest.raises(
        UserError, match=r"models/estimator\.py has no load\(path\), which a\.skops"
    ):
        store.from_bytes(content, "a.skops")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"a\.skops does not exist; run: dvc repro"):
        store.load(tmp_path / "a.skops")
