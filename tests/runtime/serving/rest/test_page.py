"""The page at `/docs`."""

import html
import json
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from flight_delays.schema import SCHEMA
from modelyard.schema.columns import Text
from modelyard.schema.contract import Quantity, Schema
from modelyard.serving.predictor import Predictor
from modelyard.serving.rest.routes import example_row, page

from tests.runtime.rest_client import running


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with running() as client:
        yield client


def test_the_page_shows_each_column_with_its_rule_and_the_model(
    client: TestClient, predictor: Predictor
) -> None:
    shown = html.unescape(client.get("/docs").text)
    assert [c.name for c in SCHEMA.columns if f"<td>{c.name}</td>" not in shown] == []
    assert [c.name for c in SCHEMA.columns if c.rule() not in shown] == []
    assert predictor.version in shown


def test_the_page_loads_nothing_from_other_servers(client: TestClient) -> None:
    assert re.findall(r"(?:src|href)=.(?:https?:)?//", client.get("/docs").text) == []


def test_the_example_row_of_the_page_is_predicted(client: TestClient) -> None:
    proposed = re.findall(r"<textarea[^>]*>(.*?)</textarea>", client.get("/docs").text, re.DOTALL)
    answer = client.post("/predict", json=json.loads(html.unescape(proposed[0])))
    assert answer.status_code == 200, answer.text


def test_an_example_row_made_from_the_schema_is_predicted(client: TestClient) -> None:
    row = example_row(SCHEMA, None)
    assert client.post("/predict", json={"rows": [row]}).status_code == 200


def test_the_page_works_without_a_model_and_escapes_markup() -> None:
    columns = (Text("key", "<b>bold</b> & more"),)
    shown = page(Schema(columns, Quantity("size", "how <large> it is"), key="key"), None)
    assert "Model is being loaded" in shown
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; more" in shown
    assert "<large>" not in shown


def test_the_page_shows_feedback_with_a_valid_body_and_sends_the_token(client: TestClient) -> None:
    shown = client.get("/docs").text
    proposed = re.findall(r"<textarea[^>]*>(.*?)</textarea>", shown, re.DOTALL)
    labels = json.loads(html.unescape(proposed[1]))
    labels["labels"][0]["request_id"] = "one"
    assert client.post("/feedback", json=labels).json()["answers"][0]["answer"] == "unknown"
    assert "<code>POST /feedback</code>" in shown
    assert '"Bearer " + at("token").value' in shown
