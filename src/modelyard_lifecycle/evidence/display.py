"""Print a score in the terminal."""

from rich.console import Console
from rich.table import Table

from .rubric import SECTIONS
from .score import Score

SHORT = {1.0: "1", 0.5: "½", 0.0: "0"}


def print_score(score: Score, console: Console) -> None:
    """Print sections, tests with what they lack, the score, and the level."""
    for fault in score.faults:
        console.print(f"[red]the ledger was altered, and nothing in it counts[/]: {fault}")
    for section in SECTIONS:
        console.print(section_table(score, section))
    console.print(summary(score))


def section_table(score: Score, section: str) -> Table:
    """Return the tests of a section as a table."""
    points, own = score.sections[section], score.automated[section]
    table = Table(title=f"{section}: {points:g} of 7, {own} automated", title_justify="left")
    for name in ("test", "points", "asks", "why not more", "to do"):
        table.add_column(name, overflow="fold")
    for one in score.of(section):
        todo = one.test.todo if one.points < one.test.most else ""
        table.add_row(one.test.id, SHORT[one.points], one.test.asks, one.why, todo)
    return table


def summary(score: Score) -> str:
    """Return score, interpretation and levels as text."""
    levels, lacks = score.levels, score.levels.lacks
    automated = min(score.automated.values())
    problem = "the example" if score.is_example else "your own problem"
    lines = [
        f"ML Test Score: {score.final:g} (the least of the sections), on {problem}",
        f"{score.meaning}",
        f"of it automated: {automated} (the least number of tests that run by themselves)",
        f"automation level: {levels.claimed} claimed, {levels.computed} computed from what ran"
        + (f" ({lacks})" if lacks else ""),
    ]
    if not score.is_example:
        lines.append("Evidence about the example does not count for your own problem.")
    return "\n".join(lines)
