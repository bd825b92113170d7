"""With REST_TOKEN set, requests without the token are rejected."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from flight_delays.schema import SCHEMA
from modelyard.console import UserError
from modelyard.serving.rest.limits import Limits

from tests.runtime.rest_client import body, running

TOKEN = "open-Sesame_7+/~.=="
GUARDED = ["/predict", "/feedback", "/schema", "/version", "/docs", "/openapi.json", "/redoc", "/x"]


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with running(Limits(rest_token=TOKEN)) as client:
        yield client


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", GUARDED)
def test_without_a_token_a_protected_path_responds_401(
    client: TestClient, path: str, method: str
) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert "Authorization: Bearer TOKEN" in answer.json()["error"]


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics"])
def test_the_paths_of_probes_are_public(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_with_the_token_all_paths_are_served(client: TestClient, scheme: str) -> None:
    header = {"authorization": f"{scheme} {TOKEN}"}
    assert client.post("/predict", json=body(), headers=header).status_code == 200
    assert client.get("/docs", headers=header).status_code == 200
    assert client.get("/version", headers=header).status_code == 200


@pytest.mark.parametrize(
    "header",
    [f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", TOKEN, "Bearer ", "Bearer é"],
)
def test_another_token_or_scheme_is_refused(client: TestClient, header: str) -> None:
    answer = client.post("/predict", json=body(), headers={b"authorization": header.encode()})
    assert answer.status_code == 401
    assert TOKEN not in answer.text


def test_the_token_is_in_no_log(client: TestClient, capfd: pytest.CaptureFixture[str]) -> None:
    client.get("/schema", headers={"authorization": f"Bearer {TOKEN}"})
    client.get("/schema", headers={"authorization": f"Bearer {TOKEN}x"})
    logged = "".join(capfd.readouterr())
    assert logged.count('"/schema"') == 2
    assert TOKEN not in logged + repr(Limits(rest_token=TOKEN))


def test_the_openapi_document_shows_which_paths_need_the_token(client: TestClient) -> None:
    document = client.get("/openapi.json", headers={"authorization": f"Bearer {TOKEN}"}).json()
    needing = {path for path, does in document["paths"].items() if "security" in str(does)}
    refusing = {path for path, does in document["paths"].items() if "'401'" in str(does)}
    assert needing == refusing == set(document["paths"]) - {"/health", "/ready", "/metrics"}
    (scheme,) = document["components"]["securitySchemes"].values()
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")


def test_without_rest_token_the_openapi_document_has_no_security() -> None:
    with running() as client:
        document = client.get("/openapi.json").text
    assert "401" not in document
    assert "security" not in document


@pytest.mark.parametrize("wrong", ["two words", "é", "a\tb", "=", "a=b"])
def test_a_token_that_is_invalid_in_a_header_is_refused_and_not_printed(wrong: str) -> None:
    with pytest.raises(UserError, match=r"^REST_TOKEN is not a token \(value not shown\), "):
        Limits.read({"REST_TOKEN": wrong})


def test_a_browser_that_opens_the_documentation_is_asked_for_the_token(client: TestClient) -> None:
    answer = client.get("/docs", headers={"accept": "text/html,application/xhtml+xml"})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.headers["content-type"].startswith("text/html")
    assert 'type="password"' in answer.text
    assert not [column.name for column in SCHEMA.columns if column.name in answer.text]
    assert client.get("/schema", headers={"accept": "text/html"}).json()["error"]
