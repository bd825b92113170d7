"""Each use of the test set is recorded, up to a limit."""

import json
import shutil
from pathlib import Path

import pytest
from modelyard.console import UserError
from modelyard.models.gates.holdout_ledger import LEDGER, record_use

from tests.runtime import example
from tests.runtime.one_stage_project import commit, git


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "reports" / "test_rows.jsonl"


def test_an_entry_records_user_candidate_time_and_test_set(ledger: Path) -> None:
    assert record_use("rows" * 16, "model" * 16, 5, ledger) == 1
    line = json.loads(ledger.read_text("utf-8"))
    assert line.keys() == {"when", "who", "commit", "rows", "candidate"}
    assert (line["rows"], line["candidate"]) == ("rowsrowsrows", "modelmodelmo")
    assert line["when"].endswith("+00:00")


def test_the_same_candidate_on_the_same_rows_counts_once(ledger: Path) -> None:
    record_use("a", "1", 5, ledger)
    written = ledger.read_bytes()
    assert record_use("a", "1", 5, ledger) == 1
    assert ledger.read_bytes() == written


def test_one_candidate_too_many_is_refused_and_not_recorded(ledger: Path) -> None:
    assert [record_use("a", name, 2, ledger) for name in ("1", "2")] == [1, 2]
    written = ledger.read_bytes()
    with pytest.raises(UserError, match=r"2 candidates were evaluated on this test set, allowed"):
        record_use("a", "3", 2, ledger)
    assert ledger.read_bytes() == written


def test_an_evaluated_candidate_may_be_evaluated_again(ledger: Path) -> None:
    for name in ("1", "2", "1"):
        record_use("a", name, 2, ledger)
    assert len(ledger.read_text("utf-8").splitlines()) == 2


def test_another_test_set_starts_a_new_count(ledger: Path) -> None:
    record_use("a", "1", 1, ledger)
    assert record_use("b", "2", 1, ledger) == 1


def test_a_damaged_ledger_is_named(ledger: Path) -> None:
    ledger.parent.mkdir()
    ledger.write_text("{", "utf-8")
    with pytest.raises(UserError, match=r"test_rows\.jsonl is damaged; git checkout"):
        record_use("a", "1", 1, ledger)


@pytest.fixture(params=["first", "later"])
def branches(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A repository whose two branches have both used the test set, perhaps for the first time."""
    monkeypatch.chdir(tmp_path)
    git("init", "--quiet", "--initial-branch=main")
    shutil.copy(example.TEMPLATE / ".gitattributes", ".")
    if request.param == "later":
        record_use("rows", "base", 9)
    commit()
    for name in ("one", "two"):
        git("checkout", "--quiet", "-b", name, "main")
        record_use("rows", f"{name} a", 9)
        commit()
        record_use("rows", f"{name} b", 9)
        Path("conflict").write_text(name, "utf-8")
        commit()


def count() -> int:
    """Return how many candidates have been judged on the test set, with a new one."""
    return record_use("rows", "new", 99)


@pytest.mark.usefixtures("branches")
@pytest.mark.parametrize(("ours", "theirs"), [("one", "two"), ("two", "one")])
@pytest.mark.parametrize(
    "strategy", ["--strategy-option=ours", "--strategy-option=theirs", "--strategy=ours"]
)
def test_a_merge_forgets_no_use(strategy: str, ours: str, theirs: str) -> None:
    git("checkout", "--quiet", ours)
    before = count()
    git("checkout", "--quiet", "--", ".")
    git("merge", "--quiet", "--no-edit", strategy, theirs)
    assert count() == before + 2
    assert len(LEDGER.read_text("utf-8").splitlines()) == before + 2  # the file has them again


@pytest.mark.usefixtures("branches")
def test_a_conflict_solved_by_one_side_forgets_no_use() -> None:
    Path(".gitattributes").unlink()  # as a host that merges without it
    git("checkout", "--quiet", "two")
    before = count()
    git("checkout", "--quiet", "--", ".")
    git("merge", "--no-commit", "--strategy=ours", "one")
    git("checkout", "one", "--", LEDGER.as_posix())
    commit()
    assert count() == before + 2


@pytest.mark.usefixtures("branches")
def test_a_ledger_edited_by_hand_forgets_no_use() -> None:
    before = count()
    LEDGER.write_text("", "utf-8")
    assert count() == before
