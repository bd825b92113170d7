"""Cookiecutter's context after its questions, and the functions of the hook."""

from typing import Any

from cookiecutter.environment import StrictEnvironment
from cookiecutter.prompt import prompt_for_config

from tests.checkout import ROOT, settings
from tools import cookiecutter


def context_with(**answers: str) -> dict[str, Any]:
    """Return Cookiecutter's context after its questions with the given answers."""
    context = cookiecutter.context(settings())
    for name, answer in answers.items():
        listed = isinstance(context[name], list)
        context[name] = [answer] if listed else answer
    return dict(prompt_for_config({"cookiecutter": context}, no_input=True))


def hook(given: dict[str, Any]) -> dict[str, Any]:
    """Return the names that the hook defines after Cookiecutter rendered it."""
    text = (ROOT / "hooks" / "post_gen_project.py").read_text("utf-8")
    source = StrictEnvironment().from_string(text).render(cookiecutter=given)
    names: dict[str, Any] = {"__name__": "hook"}
    exec(compile(source, "hook", "exec"), names)
    return names
