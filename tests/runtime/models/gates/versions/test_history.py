"""A decline in steps too small to be detected one by one is stopped."""

from pathlib import Path

import pytest
from modelyard.console import UserError
from modelyard.files import read_json
from modelyard.models.gates.versions.history import (
    Entry,
    append_version,
    comparable_versions,
    compare,
    make_entry,
    read_versions,
)
from modelyard.params_release import History

ASKED = History(last=5, tolerance=0.010, first_tolerance=0.012, min_rows=100)


def version(name: str, value: float, frozen: str = "rows", schema: str = "s") -> Entry:
    about = {"version": name, "trained_as_of": "2024-01-01", "schema_hash": schema}
    return make_entry(about, frozen, {"roc_auc": value, "log_loss": 1 - value})


def outcomes(past: list[Entry], value: float, metric: str = "roc_auc") -> list[str]:
    checks = compare(past, version("new", value), 100, metric, ASKED)
    return [check.outcome for check in checks]


def accepted(decline: float, versions: int, asked: History) -> int:
    """Return how many versions pass in a chain, each worse than the one before."""
    past = [version("0", 0.7)]
    for number in range(1, versions):
        new = version(str(number), 0.7 - number * decline)
        if any(check.refuses for check in compare(past, new, 100, "roc_auc", asked)):
            break
        past.append(new)
    return len(past)


def test_ten_versions_each_a_little_worse_are_stopped_by_the_fifth() -> None:
    assert accepted(0.003, 10, ASKED) == 4


def test_the_first_version_stops_a_decline_too_slow_for_the_recent_best() -> None:
    assert accepted(0.0016, 20, ASKED) == 8
    lenient = ASKED.model_copy(update={"first_tolerance": 1.0})
    assert accepted(0.0016, 20, lenient) == 20


def test_the_recent_best_stops_a_drop_to_the_level_of_the_first_version() -> None:
    past = [version("0", 0.7), version("1", 0.75)]
    assert outcomes(past, 0.73) == ["FAILED", "ok"]
    assert outcomes([*past, *[version(str(n), 0.73) for n in range(5)]], 0.73) == ["ok", "ok"]


def test_a_version_better_than_the_last_but_worse_than_the_best_is_stopped() -> None:
    past = [version("0", 0.7), version("1", 0.75), version("2", 0.73)]
    assert outcomes(past, 0.735) == ["FAILED", "ok"]


def test_equally_good_versions_always_pass() -> None:
    assert accepted(0.0, 50, ASKED) == 50


def test_of_an_error_less_is_better() -> None:
    assert outcomes([version("0", 0.7)], 0.6, "log_loss") == ["FAILED", "FAILED"]
    assert outcomes([version("0", 0.7)], 0.8, "log_loss") == ["ok", "ok"]


def test_the_first_version_has_nothing_to_be_compared_with() -> None:
    assert outcomes([], 0.7) == ["not comparable"]


def test_too_few_frozen_rows_are_refused() -> None:
    (check,) = compare([version("0", 0.7)], version("1", 0.7), 99, "roc_auc", ASKED)
    assert (check.outcome, check.passed, check.refuses) == ("insufficient data", False, True)


def test_the_same_candidate_again_is_compared_with_those_before_it() -> None:
    chain = [version("0", 0.7), version("1", 0.71)]
    assert comparable_versions(chain, version("1", 0.71)) == chain[:1]


def test_frozen_rows_that_were_altered_are_refused() -> None:
    with pytest.raises(UserError, match=r"frozen\.parquet was rows and is other; git checkout"):
        comparable_versions([version("0", 0.7)], version("1", 0.7, frozen="other"))


def test_another_schema_starts_a_new_history() -> None:
    assert (
        comparable_versions([version("0", 0.7)], version("1", 0.7, frozen="other", schema="t"))
        == []
    )


def test_an_accepted_version_is_recorded_once(tmp_path: Path) -> None:
    path = tmp_path / "reports" / "versions.json"
    for one in (version("0", 0.7), version("1", 0.7), version("1", 0.7)):
        append_version(one, path)
    assert [one["version"] for one in read_versions(path)] == ["0", "1"]
    assert read_json(path, "")[0]["metrics"] == {"roc_auc": 0.7, "log_loss": 0.3}
