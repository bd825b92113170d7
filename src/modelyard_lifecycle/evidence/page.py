"""The score as a self-contained HTML page."""

from html import escape
from importlib.resources import files

from .rubric import SECTIONS
from .score import Result, Score

POINTS = {1.0: ("1", "full"), 0.5: ("½", "half"), 0.0: ("0", "none")}


def page(score: Score) -> str:
    """Return the page, without scripts and without external resources."""
    levels = score.levels
    lacks = f" ({escape(levels.lacks)})" if levels.lacks else ""
    values = {
        "SCORE": f"{score.final:g}",
        "MEANING": escape(score.meaning),
        "PROBLEM": "the example" if score.is_example else "your own problem",
        "AT": score.at.strftime("%Y-%m-%d %H:%M UTC"),
        "AUTOMATED": str(min(score.automated.values())),
        "LEVELS": f"{levels.claimed} claimed, {levels.computed} computed from what ran{lacks}",
        "FAULTS": "".join(f'<p class="fault">{escape(one)}</p>' for one in score.faults),
        "BARS": "".join(bar(score, name) for name in SECTIONS),
        "SECTIONS": "".join(section(score, name) for name in SECTIONS),
    }
    text = (files(__package__) / "page.html").read_text("utf-8")
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def bar(score: Score, name: str) -> str:
    """Return the bar of a section: the points of each test."""
    cells = "".join(f'<span class="{POINTS[one.points][1]}"></span>' for one in score.of(name))
    points = f"{score.sections[name]:g} of 7"
    return f'<li><a href="#{name}">{name}</a><span class="bar">{cells}</span>{points}</li>'


def section(score: Score, name: str) -> str:
    """Return a section: a block for each of its tests."""
    tests = "".join(test_block(one) for one in score.of(name))
    return f'<section><h2 id="{name}">{name}: {score.sections[name]:g} of 7</h2>{tests}</section>'


def test_block(result: Result) -> str:
    """Return what a test asks, its points, its evidence and what to do."""
    test, (points, style) = result.test, POINTS[result.points]
    rows = "".join(
        f"<li><code>{escape(one.name)}</code> {escape(one.why or one.alone or 'repeated by CI')}"
        + (f", {one.entry.when:%Y-%m-%d} by {escape(one.entry.ran_by)}" if one.entry else "")
        + "</li>"
        for one in result.items
    )
    why = f"<p>Why not more: {escape(result.why)}</p>" if result.why else ""
    todo = f"<p>To do: {escape(test.todo)}</p>" if result.points < test.most else ""
    evidence = f"<details><summary>Evidence</summary><ul>{rows}</ul></details>" if rows else ""
    head = f'<h3><span class="points {style}">{points}</span> {test.id}: {escape(test.asks)}</h3>'
    return f"<article>{head}{why}{todo}{evidence}</article>"
