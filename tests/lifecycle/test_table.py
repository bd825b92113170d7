"""The tables of a fleet never cut a name or a state, however narrow the terminal is."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from modelyard_lifecycle.fleet.display import COLUMNS, print_report
from modelyard_lifecycle.fleet.project_row import Row
from modelyard_lifecycle.fleet.update_result import UpdateRow, print_updates
from tests.lifecycle.conftest import Modelyard

LONG = "recommendations-for-the-customers-of-the-northern-region"
LOST = Row(LONG, "t", "v1.0.0", "v2.0.0", 1, "2", "rest, batch, edge", losses=["a.txt (dropped)"])
ROWS = [LOST, Row("b", "t", "v2.0.0", "v2.0.0", 0, rules=[]), Row("c", fault="no answers file")]


def printed(width: int, rows: list[Row]) -> str:
    out = StringIO()
    print_report(rows, Console(file=out, width=width, highlight=False))
    return out.getvalue()


@pytest.mark.parametrize("width", [40, 80, 100, 400])
def test_names_and_states_are_whole(width: int) -> None:
    output = printed(width, ROWS)
    assert max(map(len, output.splitlines())) <= width
    assert "…" not in output
    assert "would lose edits" in output.splitlines()[1]
    assert "".join(line.split("  ")[0].strip() for line in output.splitlines()[1:5]).startswith(
        LONG
    )


def test_all_columns_are_shown_where_there_is_room() -> None:
    head = printed(400, ROWS).splitlines()[0]
    assert all(name in head for name in (*COLUMNS, "policy"))
    assert "No room for" not in printed(400, ROWS)


def test_the_columns_that_have_no_room_are_named() -> None:
    head, *lines = printed(80, ROWS).splitlines()
    left = " ".join(" ".join(lines).split()).split("No room for: ")[1].split(";")[0]
    assert "targets" in left
    assert all((name in head) != (name in left) for name in (*COLUMNS, "policy"))


def test_the_table_of_an_update_is_whole_too() -> None:
    row = UpdateRow(LONG, "/x", "v1.0.0", "v2.0.0", "prepared", "modelyard-v2.0.0", "abcdef0")
    for width in (40, 80, 200):
        out = StringIO()
        print_updates([row], Console(file=out, width=width, highlight=False))
        lines = out.getvalue().splitlines()
        assert "prepared" in lines[1]
        assert max(map(len, lines)) <= width
        assert "…" not in out.getvalue()


def test_the_command_respects_the_width_of_the_terminal(
    modelyard: Modelyard, child: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = child.rename(child.with_name(LONG))
    for columns, narrow in (("80", True), ("", False)):
        monkeypatch.setenv("COLUMNS", columns)
        lines = modelyard("fleet", "report", long).stdout.splitlines()
        assert lines[1].startswith(f"{LONG}  behind ")
        assert (max(map(len, lines)) <= 80) == narrow
