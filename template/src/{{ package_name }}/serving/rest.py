"""The REST service, an ordinary FastAPI application.

Yours: add routes, middleware and dependencies to `app`, for example

    @app.get("/hello")
    def hello() -> str:
        return "hello"
"""

from modelyard.serving.rest.app import create_app

app = create_app()
