"""Frozen rows are sampled once and excluded from training."""

from pathlib import Path

import polars as pl
import pytest
from modelyard.console import UserError
from modelyard.data.prepare import VERSIONS, changed_shares, freeze, without_frozen
from modelyard.files import sha256, write_json
from modelyard.params_sections import Split

from tests.runtime.orders import ORDERS, orders


def keys(rows: pl.DataFrame) -> list[str]:
    return rows["order"].to_list()


@pytest.mark.parametrize(("share", "count"), [(0.25, 10), (1.0, 40), (0.001, 1)])
def test_a_share_of_the_test_set_is_sampled_at_least_one_row(
    share: float, count: int, tmp_path: Path
) -> None:
    assert freeze(orders(40), ORDERS, share, tmp_path / "x.parquet").height == count


def test_the_sample_does_not_depend_on_the_order_of_the_rows(tmp_path: Path) -> None:
    drawn = freeze(orders(400), ORDERS, 0.5, tmp_path / "x.parquet")
    assert 60 < len([key for key in keys(drawn) if int(key[1:]) < 200]) < 140


def test_frozen_rows_stay_byte_identical_when_the_test_set_changes(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    first = freeze(orders(40), ORDERS, 0.25, path)
    written = path.read_bytes()
    later = orders(40, order=[f"B{number}" for number in range(40)])
    assert keys(freeze(later, ORDERS, 0.25, path)) == keys(first)
    assert path.read_bytes() == written


def test_frozen_rows_that_break_the_schema_are_sampled_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.parquet"
    orders(5, payment=["stamps"] * 5).write_parquet(path)
    assert len(freeze(orders(40), ORDERS, 0.25, path)) == 10
    assert "breaks the schema; sampling new frozen rows" in capsys.readouterr().out


def test_frozen_rows_with_other_columns_are_sampled_again(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pl.DataFrame({"flight": ["a"]}).write_parquet(path)
    assert len(freeze(orders(40), ORDERS, 0.25, path)) == 10


def test_frozen_rows_are_excluded_from_training_and_validation_but_not_from_the_test_set() -> None:
    parts = {name: orders(4) for name in ("train", "validation", "test")}
    left = without_frozen(parts, pl.Series(["A1", "A3"]), ORDERS)
    assert [keys(part) for part in left.values()] == [
        ["A0", "A2"],
        ["A0", "A2"],
        ["A0", "A1", "A2", "A3"],
    ]


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone without its frozen rows, of a project with a version measured on some."""
    monkeypatch.chdir(tmp_path)
    frozen = tmp_path / "x.parquet"
    freeze(orders(40), ORDERS, 0.25, frozen)
    entry = {"schema_hash": ORDERS.hash, "frozen": sha256(frozen)[:12]}
    write_json(VERSIONS, [{"schema_hash": "0", "frozen": "0"}, entry])
    frozen.unlink()
    return frozen


def test_missing_rows_are_sampled_again_if_the_same_result(clone: Path) -> None:
    assert freeze(orders(40), ORDERS, 0.25, clone).height == 10


def test_other_rows_than_those_of_earlier_versions_are_not_sampled(clone: Path) -> None:
    later = orders(40, order=[f"B{number}" for number in range(40)])
    with pytest.raises(UserError, match=r"x\.parquet is missing, .* uv run dvc pull --force"):
        freeze(later, ORDERS, 0.25, clone)
    assert not clone.exists()
    VERSIONS.unlink()
    assert freeze(later, ORDERS, 0.25, clone).height == 10


def test_after_a_change_of_the_schema_new_rows_are_sampled(clone: Path) -> None:
    write_json(VERSIONS, [{"schema_hash": "0", "frozen": "0"}])
    assert freeze(orders(40), ORDERS, 0.25, clone).height == 10


def test_shares_that_changed_since_the_last_run_are_returned(tmp_path: Path) -> None:
    split, lock = Split(validation=0.1, test=0.2, frozen=0.5), tmp_path / "dvc.lock"
    assert changed_shares(split, lock) == {}
    params = {"params.yaml": {"split": split.model_dump()}}
    write_json(lock, {"stages": {"prepare": {"params": params}}})
    assert changed_shares(split, lock) == {}
    other = Split(validation=0.1, test=0.3, frozen=0.4)
    assert changed_shares(other, lock) == {"test": 0.2, "frozen": 0.5}
