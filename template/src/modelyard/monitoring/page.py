"""The report as one page: no script, no network, light and dark."""

from collections.abc import Iterable
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

from .svg import bars, curve

MARKS = {"fine": "fine", "retrain": "bad", "incident": "bad"}


def page(told: dict[str, Any]) -> str:
    """Show what `compare` gives, with the window's first day as `from`."""
    model, days = told["model"], f"{told['from']} to {told['as_of']}"
    about = (
        f"Model {model['version']}, trained as of {model['trained_as_of']}. "
        f"{told['rows']:,} rows and {told['labels']:,} labels from {days}."
    )
    return Template(files(__package__).joinpath("page.html").read_text("utf-8")).substitute(
        title=f"Monitoring on {told['as_of']}",
        about=escape(about),
        mark=MARKS[told["outcome"]],
        outcome=told["outcome"],
        code=told["exit_code"],
        reasons=joined(f"<li>{escape(reason)}</li>" for reason in told["reasons"]),
        findings=joined(map(finding, told["findings"])),
        bars=drift(told) or nothing("No row was recorded."),
        curves=joined(curves(told)) or nothing("No label has come."),
    )


def finding(one: dict[str, str]) -> str:
    """Show a finding as a line of the table."""
    mark = f'<span class="mark {one["status"]}">{one["status"]}</span>'
    return f"<tr><td>{one['topic']}</td><td>{mark}</td><td>{escape(one['reason'])}</td></tr>"


def drift(told: dict[str, Any]) -> str:
    """Draw how far each column and score has moved; "" if nothing was recorded."""
    values = {name: shift["psi"] for name, shift in told["shifts"].items()}
    return bars(values, told["limits"]["max_psi"], told["drifted"])


def curves(told: dict[str, Any]) -> Iterable[str]:
    """Draw each metric that may not fall, if there are points."""
    for name, most in told["limits"]["max_fall"].items():
        points = [
            (point["to"], point["metrics"][name])
            for point in told["timeline"]
            if name in point["metrics"]
        ]
        if points:
            yield curve(name, points, told["test"][name], most)


def nothing(text: str) -> str:
    """Say that there is nothing to draw."""
    return f"<p>{text}</p>"


def joined(parts: Iterable[str]) -> str:
    """Put pieces of HTML one below the other."""
    return "\n".join(parts)
