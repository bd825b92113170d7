from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import polars as pl
import pytest
from modelyard.console import UserError
from modelyard.data import snapshot
from modelyard.data.read import read_table
from modelyard.params import read_params
from modelyard.project import Ingest, Project

from tests.runtime.orders import orders


def ingesting(ingest: Ingest) -> Project:
    """Create a project with another `ingest`."""
    return cast(Project, SimpleNamespace(ingest=ingest))


def test_the_snapshot_contains_the_rows_of_ingest_for_the_day_of_params_yaml(
    workspace: Path,
) -> None:
    asked: list[date] = []

    def ingest(day: date) -> pl.DataFrame:
        asked.append(day)
        return orders(3)

    snapshot.main(ingesting(ingest))
    assert asked == [read_params().data.as_of]
    assert read_table(workspace / snapshot.RAW).equals(orders(3))


def test_a_polars_error_in_ingest_is_reported_with_file_and_cause(
    workspace: Path,
) -> None:
    before = (workspace / snapshot.RAW).read_bytes()
    project = ingesting(lambda day: orders(3).select("colour"))
    with pytest.raises(UserError, match=r"^data/ingest\.py: .*\"colour\"[^\n]*$"):
        snapshot.main(project)
    assert (workspace / snapshot.RAW).read_bytes() == before


def test_no_rows_stop_the_pipeline_and_leave_the_last_snapshot(workspace: Path) -> None:
    before = (workspace / snapshot.RAW).read_bytes()
    project = ingesting(lambda day: orders(3).clear())
    with pytest.raises(UserError, match=r"data/ingest\.py returned no rows before .*data\.as_of"):
        snapshot.main(project)
    assert (workspace / snapshot.RAW).read_bytes() == before
