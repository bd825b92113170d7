"""The tutorial on two weeks of operation: its commands, from clones of a bare repository."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Render
from tests.docs.blocks import blocks
from tests.docs.operation import Operation, s3_store
from tests.docs.pages import WEEKS
from tests.docs.walk import Walk
from tests.infra.remotes import S3
from tests.vulnerability_database import database

pytestmark = pytest.mark.slow
ANSWERS = S3 | {"automation_level": 3, "serving_targets": ["rest"]}
DELIVERED = ["v0.1.0", "v0.2.0", "v0.4.0", "v0.5.0", "v0.6.0"]


@pytest.fixture
def operation(
    render: Render, trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Operation]:
    """A project of level 3 whose results are in an S3 store."""
    with s3_store(tmp_path / "store") as store, database() as known:
        operation = Operation(tmp_path, store)
        operation.publish(render(ANSWERS), trained)
        for name, value in (operation.environment() | {"AUDIT_URL": known}).items():
            monkeypatch.setenv(name, value)
        yield operation


def test_two_weeks_of_operation(operation: Operation) -> None:
    with Walk(operation.desk, operation.desk) as operator:
        operator.run_page(blocks(WEEKS))
    assert operation.pushed == [
        f"registry.example.invalid/team/flight_delays-{target}:{version}"
        for version in DELIVERED
        for target in ("rest", "pipeline")
    ]
