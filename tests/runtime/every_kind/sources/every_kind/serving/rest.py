"""The REST service."""

from modelyard.project import load
from modelyard.serving.rest.app import create_app

app = create_app(load("every_kind"))
