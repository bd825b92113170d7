"""Random bodies get a prediction or an error with a reason."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from flight_delays.schema import SCHEMA
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.runtime.rest_client import body, running

from examples import ROWS

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner)
)
CHANGES = st.dictionaries(st.sampled_from(SCHEMA.names), JSON, max_size=4)
BODIES = (
    JSON
    | st.fixed_dictionaries({"rows": JSON})
    | st.fixed_dictionaries({"rows": st.lists(JSON, max_size=3)})
    | CHANGES.map(lambda changes: body(ROWS[0] | changes, ROWS[1]))
)


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with running() as client:
        yield client


@settings(max_examples=150)
@given(BODIES)
def test_any_json_is_predicted_or_refused_with_a_reason(client: TestClient, sent: Any) -> None:
    answer = client.post("/predict", content=json.dumps(sent).encode())
    assert answer.status_code in (200, 400, 422), answer.text
    assert answer.json().get("error") or answer.json()["predictions"]


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_with_a_reason(client: TestClient, sent: bytes) -> None:
    answer = client.post("/predict", content=sent)
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["error"]
