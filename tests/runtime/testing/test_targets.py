"""The checks of the contract detect targets that break it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Response
from modelyard.project import Project
from modelyard.serving.predictor import Predictor
from modelyard.serving.rest.app import create_app
from modelyard.testing import rest, targets
from modelyard.testing.rest import Rest
from modelyard.testing.targets import Target

from examples import BAD_VALUES, ROWS

Answers = list[dict[str, Any]]


@pytest.fixture(params=["rest", "batch", "edge"])
def target(request: pytest.FixtureRequest, project: Project, tmp_path: Path) -> Target:
    return targets.open_target(request.param, project, tmp_path)


def test_the_examples_targets_pass(
    target: Target, project: Project, predictor: Predictor, real_rows: list[Any]
) -> None:
    targets.check_scores(target, predictor, targets.many_rows(predictor, 3000))
    targets.check_kept(target, predictor, ROWS[0])
    targets.check_refused(target, project.schema, ROWS[1], BAD_VALUES)
    target.check_own(predictor, real_rows)


class Spoilt:
    """A target whose answers are changed."""

    name = "rest"

    def __init__(self, own: Target, change: Callable[[Answers], Answers]) -> None:
        self.own, self.change = own, change

    def predictions(self, rows: Sequence[Mapping[str, Any]]) -> Answers:
        return self.change(self.own.predictions(rows))

    def faulty_columns(self, rows: Sequence[Mapping[str, Any]]) -> list[set[str]]:
        return [columns - {"seats"} for columns in self.own.faulty_columns(rows)]

    def check_own(self, predictor: Predictor, rows: Sequence[Mapping[str, Any]]) -> None:
        raise NotImplementedError


def nudged(answers: Answers) -> Answers:
    return [answers[0] | {"score": answers[0]["score"] + 1e-9}, *answers[1:]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda answers: answers[1:], r"^rest answers 2 of 3 rows$"),
        (lambda answers: answers[::-1], r"^rest answers row 0, \{.*\}, by \{.*\}; the model: \{"),
        (nudged, r"^rest answers row 0"),
        (lambda answers: [one | {"model_version": "b"} for one in answers], r"'model_version': 'b"),
    ],
)
def test_other_answers_than_the_models_are_named(
    change: Callable[[Answers], Answers],
    message: str,
    project: Project,
    predictor: Predictor,
) -> None:
    spoilt = Spoilt(Rest(project, Path()), change)
    with pytest.raises(AssertionError, match=message):
        targets.check_scores(spoilt, predictor, ROWS)


def test_a_rule_that_a_target_does_not_keep_is_named(project: Project) -> None:
    spoilt = Spoilt(Rest(project, Path()), list)
    message = r"^schema\.py: rest should refuse seats = nan for seats, it does for nothing$"
    with pytest.raises(AssertionError, match=message):
        targets.check_refused(spoilt, project.schema, ROWS[1], [])


@contextmanager
def served(project: Project, change: Callable[[FastAPI], object]) -> Iterator[Rest]:
    """Return the target of an application with an added route."""
    target = Rest(project, Path())
    target.app = create_app(project)
    change(target.app)
    yield target


def failing_route(app: FastAPI) -> None:
    def hello() -> float:
        return 1 / 0

    hello.__module__ = "flight_delays.serving.rest"
    app.add_api_route("/hello", hello)


def working_routes(app: FastAPI) -> None:
    def hello() -> str:
        return "hello"

    def of(name: str) -> float:
        return 1 / 0

    for path, function in (("/hello", hello), ("/hello/{name}", of)):
        function.__module__ = "flight_delays.serving.rest"
        app.add_api_route(path, function)


def closing(app: FastAPI) -> None:
    @app.middleware("http")
    async def close(request: Any, call_next: Any) -> Response:
        return Response("closed", 403)


def test_own_routes_are_asked(project: Project, predictor: Predictor, real_rows: list[Any]) -> None:
    with served(project, working_routes) as target:
        target.check_own(predictor, real_rows)
    message = r"^serving/rest\.py: GET /hello: 500$"
    with (
        served(project, failing_route) as target,
        pytest.raises(AssertionError, match=message),
    ):
        target.check_own(predictor, real_rows)


def test_a_middleware_that_keeps_the_answers_is_named(project: Project) -> None:
    with (
        served(project, closing) as target,
        pytest.raises(AssertionError, match=r"^POST /predict answers 403: closed$"),
    ):
        target.predictions(ROWS)


def test_another_application_is_named(project: Project) -> None:
    target = Rest(project, Path())
    target.app = FastAPI()
    with pytest.raises(AssertionError, match=r"^serving/rest\.py: app was not made by create_app"):
        target.predictions(ROWS)


def test_a_model_that_cannot_be_loaded_is_named(
    workspace: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workspace / "models" / "model.onnx").write_bytes(b"altered")
    app = create_app(project)
    with (
        pytest.raises(AssertionError, match=r"^the model is not served: .*model\.onnx was altered"),
        rest.running(app),
    ):
        pass


def test_a_token_that_the_service_asks_for_is_sent(
    project: Project, predictor: Predictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REST_TOKEN", "a-token-of-a-test")
    with served(project, lambda app: None) as target:
        targets.check_scores(target, predictor, ROWS)
