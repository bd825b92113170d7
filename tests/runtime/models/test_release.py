import json
import re
from pathlib import Path

import polars as pl
import pytest
from modelyard.models.model_info import version_of
from modelyard.models.release import card, metadata, write_examples
from modelyard.params import read_params

from tests.runtime.orders import ORDERS, orders

SPEC = {"rows": 1234, "schema_hash": "aaa", "code_hash": "bbb", "features": ["price"]}
TEST = {
    "candidate": {
        "overall": {"roc_auc": 0.75},
        "slices": {"region": {"north": {"rows": 900, "roc_auc": 0.7}, "south": {"rows": 3}}},
    },
    "baseline": {"overall": {"roc_auc": 0.5}, "slices": {}},
}


def examples(file: Path, rows: pl.DataFrame, most: int) -> list[dict[str, object]]:
    write_examples(file, rows, ORDERS, most)
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_an_example_is_a_row_as_a_client_sends_it(tmp_path: Path) -> None:
    assert examples(tmp_path / "x.jsonl", orders(1, country=[None]), 5) == [
        {
            "order": "A0",
            "placed": "2024-05-01T09:30:00",
            "payment": "card",
            "country": None,
            "price": 20.0,
            "weight": 1.5,
        }
    ]


@pytest.mark.parametrize(("count", "first"), [(10, ["A0", "A2", "A4", "A6"]), (3, ["A0", "A1"])])
def test_examples_are_drawn_evenly(count: int, first: list[str], tmp_path: Path) -> None:
    drawn = examples(tmp_path / "x.jsonl", orders(count), 5)
    assert [row["order"] for row in drawn][: len(first)] == first
    assert len(drawn) == min(count, 5)


def test_a_model_is_described_by_its_hash_its_code_and_its_rows() -> None:
    digest = "0123456789abcdef" * 4
    about = metadata(digest, SPEC, ORDERS, read_params())
    assert (about["version"], about["sha256"]) == (version_of(about), digest)
    assert (about["schema_hash"], about["code_hash"]) == ("aaa", "bbb")
    assert (about["training_rows"], about["features"]) == (1234, ["price"])
    assert about["threshold"] == read_params().decision.threshold


def test_the_card_shows_model_and_baseline_slices_and_checks() -> None:
    about = {"version": "0123456789ab", "training_rows": 1234, "trained_as_of": "2024-05-01"}
    text = card(about, TEST, "| ok | floors: roc_auc |", ORDERS)
    text = re.sub(" +", " ", text)
    assert "| roc_auc | 0.7500 | 0.5000 |" in text
    assert "| region | north | 900 | roc_auc 0.700 |" in text
    assert "| region | south | 3 | insufficient data |" in text
    assert "## Gate\n\n| ok | floors: roc_auc |\n" in text
    assert "| weight | what it weighs | a finite number kg, or missing |" in text
