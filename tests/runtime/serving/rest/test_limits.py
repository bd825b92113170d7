"""Limits of a request, each with its own status."""

import asyncio
import json
from typing import Any

import pytest
from modelyard.console import UserError
from modelyard.serving.rest.body import receive_body
from modelyard.serving.rest.limits import Limits
from modelyard.serving.rest.responses import RequestError
from modelyard.settings import Settings

from tests.checkout import ROOT
from tests.runtime.rest_client import body, running

from examples import ROWS

NARROW = Limits(rest_max_body_bytes=100, rest_body_timeout_s=0.05)


def receive(*messages: dict[str, Any], headers: dict[str, str] | None = None) -> bytes:
    """Receive a body in parts from a client that sends nothing after the last one."""
    waiting = [{"type": "http.request", "more_body": True} | message for message in messages]
    named = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]

    async def next_message() -> dict[str, Any]:
        if not waiting:
            await asyncio.sleep(60)
        return waiting.pop(0)

    return asyncio.run(receive_body({"headers": named}, next_message, NARROW))


def test_a_body_in_parts_is_joined() -> None:
    assert receive({"body": b"ab"}, {}, {"body": b"c", "more_body": False}) == b"abc"


def test_a_body_as_large_as_allowed_is_received() -> None:
    assert len(receive({"body": b"x" * 100, "more_body": False})) == 100


def test_a_body_announced_as_too_large_is_refused_before_it_is_received() -> None:
    with pytest.raises(RequestError, match=r"101 bytes, REST_MAX_BODY_BYTES allows 100") as refused:
        receive(headers={"content-length": "101"})
    assert refused.value.status == 413


def test_a_body_that_grows_too_large_is_refused_while_it_arrives() -> None:
    with pytest.raises(RequestError, match="more than 100 bytes, REST_MAX_BODY_BYTES") as refused:
        receive({"body": b"x" * 60}, {"body": b"x" * 60})
    assert refused.value.status == 413


def test_a_body_that_does_not_arrive_is_refused_after_the_timeout() -> None:
    with pytest.raises(RequestError, match=r"after 0.05 s.*REST_BODY_TIMEOUT_S") as refused:
        receive({"body": b"x"})
    assert refused.value.status == 408
    assert refused.value.response().headers["connection"] == "close"


def test_a_client_that_disconnects_is_not_a_server_error() -> None:
    with pytest.raises(RequestError, match="disconnected") as refused:
        receive({"body": b"x"}, {"type": "http.disconnect"})
    assert refused.value.status == 400


def test_more_rows_than_allowed_are_refused_and_as_many_as_allowed_are_not() -> None:
    with running(Limits(rest_max_rows=3)) as client:
        assert client.post("/predict", json=body(*ROWS[:3])).status_code == 200
        answer = client.post("/predict", json=body(*ROWS[:3], ROWS[0]))
    assert answer.status_code == 413
    assert "REST_MAX_ROWS allows 3" in answer.json()["error"]


def test_a_large_body_is_refused_with_the_limits_name() -> None:
    with running(Limits(rest_max_body_bytes=1000)) as client:
        answer = client.post("/predict", content=b" " * 1001)
    assert answer.status_code == 413
    assert answer.json() == {"error": "the body has 1,001 bytes, REST_MAX_BODY_BYTES allows 1,000"}


def test_a_limit_is_read_from_the_environment_and_may_have_a_fraction() -> None:
    found = {"REST_MAX_ROWS": "5", "REST_BODY_TIMEOUT_S": "0.5"}
    assert Limits.read(found) == Limits(rest_max_rows=5, rest_body_timeout_s=0.5)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("REST_PORT", "70000", "a whole number from 0 to 65,535"),
        ("REST_MAX_ROWS", "0", "a whole number from 1 to 1,000,000"),
        ("REST_MAX_ROWS", "2.5", "a whole number from 1 to 1,000,000"),
        ("REST_MAX_BODY_BYTES", "1 MB", "a whole number from 1 to 1,073,741,824"),
        ("REST_BODY_TIMEOUT_S", "nan", "a number from 0.01 to 3,600"),
        ("REST_STOP_TIMEOUT_S", "-1", "a number from 0 to 3,600"),
    ],
)
def test_an_invalid_setting_is_refused_with_the_variables_name(
    name: str, value: str, allowed: str
) -> None:
    with pytest.raises(UserError, match=f"^{name} is '{value}', allowed is {allowed}$"):
        Limits.read({name: value})


def test_the_example_file_lists_every_setting_with_its_default() -> None:
    lines = (ROOT / "includes/sections/env/rest.env").read_text("utf-8").splitlines()
    shown = dict(line.split("=", 1) for line in lines if line.startswith("REST_"))
    own = Limits.__dataclass_fields__.keys() - Settings.__dataclass_fields__.keys()
    assert set(shown) == {name.upper() for name in own}
    assert Limits.read(shown) == Limits()


@pytest.mark.parametrize("path", ["/predict", "/feedback"])
@pytest.mark.parametrize(
    "header",
    [
        "content-encoding: gzip",
        "content-encoding: br",
        "content-type: text/csv",
        "content-type: text/plain",
        "content-type: application/x-www-form-urlencoded",
        "content-type: multipart/form-data; boundary=x",
        "content-type: application/jsonlines",
        "content-type: application/json, text/csv",
        "content-type: application/json; charset=latin-1",
        'content-type: application/json; a=b; charset="utf-16"',
    ],
)
def test_a_body_that_is_compressed_or_not_json_is_refused(header: str, path: str) -> None:
    name, value = header.split(": ")
    with running() as client:
        answer = client.post(path, content=b"{", headers={name: value})
    assert (answer.status_code, value in answer.json()["error"]) == (415, True)
    assert answer.headers["accept"] == "application/json"


@pytest.mark.parametrize(
    "header",
    [
        None,
        "content-encoding: identity",
        "content-type: application/json",
        "content-type: Application/JSON; Charset=UTF-8",
        'content-type: application/json; a="b" ; charset="utf-8"',
        "content-type: application/vnd.acme.v1+json",
    ],
)
def test_a_body_that_is_json_is_accepted(header: str | None) -> None:
    headers = [header.split(": ")] if header else []
    with running() as client:
        answer = client.post("/predict", content=json.dumps(body()), headers=dict(headers))
    assert answer.status_code == 200
