"""The REST service as a FastAPI application."""

from functools import partial

from fastapi import FastAPI, Request, Response
from fastapi.exception_handlers import http_exception_handler
from starlette.exceptions import HTTPException

from ...project import Project, find
from .application import Application
from .authentication import DOCUMENTED, Access
from .errors import Refusal, json_response, refused, unexpected
from .feedback import Feedback
from .lifespan import lifespan
from .limits import Limits
from .predict import Predict, Shortcut
from .responses import ERRORS, LABEL_ERRORS, Answers, answer_model, errors
from .routes import add_facts, add_post, open_routes
from .service import Service

UNROUTED = {(404, "Not Found"), (405, "Method Not Allowed")}


def create_app(project: Project | None = None, limits: Limits | None = None) -> FastAPI:
    """Make the application; it loads the model when it starts.

    It is an ordinary FastAPI application: routes, middleware and dependencies are added as usual.

    Args:
        project: the project's own part; None looks up the one of this environment.
        limits: what a request may cost; None reads the environment.

    Raises:
        UserError: there is no project, or a variable of the environment is wrong.
    """
    service = Service(project or find(), limits or Limits.read())
    token, target = service.limits.rest_token, service.schema.target
    app = Application(
        service,
        title=f"Predictions of {target.name}",
        description=target.description,
        lifespan=partial(lifespan, service),
        routes=open_routes(service),
        exception_handlers={Refusal: refused, HTTPException: not_found, Exception: unexpected},
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        **(DOCUMENTED if token else {}),
    )
    add_facts(app, service)
    add_posts(app, service)
    if token:
        app.add_middleware(Access, token=token)
    return app


def add_posts(app: FastAPI, service: Service) -> None:
    """Add the routes that take bodies; predictions go past all other routes."""
    feedback = Feedback(service)
    add_post(
        app,
        "/feedback",
        feedback.reader.model,
        feedback,
        summary="Tell what became of predictions",
        response_model=Answers,
        responses=errors(LABEL_ERRORS),
    )
    predict = add_post(
        app,
        "/predict",
        service.reader.model,
        Predict(service),
        summary="Predict for rows",
        response_model=answer_model(service.schema.target),
        responses=errors(ERRORS),
    )
    app.add_middleware(Shortcut, predict=predict)


async def not_found(request: Request, failure: HTTPException) -> Response:
    """Answer a request for a path or method that there is not; all else as FastAPI does."""
    path = request.url.path
    if (failure.status_code, failure.detail) not in UNROUTED:
        return await http_exception_handler(request, failure)
    error = f"there is no {path}, see /docs"
    if failure.status_code == 405:
        allowed = (failure.headers or {}).get("Allow")
        error = f"{path} has no {request.method}, allowed is {allowed}"
    return json_response(failure.status_code, {"error": error}, failure.headers)
