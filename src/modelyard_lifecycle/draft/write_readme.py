"""Write `models/README.md` and `data/README.md`."""

from .code import MARK
from .plan import Plan

MODEL = """# Model: intended use and limitations

Yours: describe the intended use of the model here. Its metrics are in `card.md`, which each run
regenerates.

- **Predicts** {target}, from {columns} columns of a row.
- **Intended use:** {mark} who decides what by the predictions?
- **Out of scope:** {mark} for what must nobody use them?
- **Training data:** {rows:,} rows of `{place}`{period}.
- **Lower quality:** {mark} for which rows is the model worse, or not tested?
"""
DATA = """# Data

Yours: describe your rows, their source and their licence here.

| | |
| --- | --- |
| Row | {mark} what is a row? |
| Source | `{place}`: {rows:,} rows; {mark} where are they from? |
| Licence | {mark} |
| Target | {target} |
| Known at prediction time | {mark} are all columns of `schema.py` known when the model is asked? |
| Excluded | {excluded} |
| Missing values | {missing} |
| Personal data | {mark} which columns describe persons? |

| folder | content | written by |
| --- | --- | --- |
| `sample/` | the source of the rows | `modelyard draft` |
| `raw/` | ingested rows, unchanged | `ingest` |
| `processed/` | valid rows in three splits, and rejected rows | `prepare` |
"""


def write_readmes(plan: Plan, place: str) -> dict[str, str]:
    """Return the content of both pages by path.

    Args:
        plan: the decisions.
        place: where the project keeps the source.
    """
    common = {"mark": MARK, "place": place, "rows": plan.rows, "target": _target(plan)}
    period = f", split by `{plan.time}`: the newest are the test set" if plan.time else ""
    left_out = [f"`{one.name}` (tells the target)" for one in plan.leaks]
    left_out += [f"`{name}` ({why})" for name, why in plan.unused]
    missing = [
        f"`{one.name}` {one.column.missing / plan.rows:.1%}"
        for one in plan.fields
        if one.column.missing
    ]
    model = MODEL.format(**common, columns=len(plan.fields), period=period)
    listed = {"excluded": _listed(left_out), "missing": _listed(missing)}
    return {"models/README.md": model, "data/README.md": DATA.format(**common, **listed)}


def _target(plan: Plan) -> str:
    classes = f": {', '.join(plan.target.values)}" if plan.target.values else ""
    kind = "a number" if plan.target.task == "regression" else "a class"
    return _cell(f"`{plan.target.column.name}`, {kind}{classes}")


def _listed(texts: list[str]) -> str:
    return _cell(", ".join(texts) or "none")


def _cell(text: str) -> str:
    """Return a text that fits into a cell of a table."""
    return " ".join(text.replace("|", "\\|").split())
