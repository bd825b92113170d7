"""`python -m modelyard`."""

from .cli import app

app(prog_name="modelyard")
