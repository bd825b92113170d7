"""Write `schema.py`."""

from .code import MARK, call, imports, layout, literal, short_number
from .plan import Field, Plan

HEAD = '''"""The schema of a row: columns, allowed values, and the target.

Yours. Drafted from {rows:,} rows: complete what is marked with "{mark}". Ranges are the observed
ones, widened by half their width on both sides; put in what is possible.
"""
'''
COLUMN = {
    **{"number": "Number", "integer": "Integer", "boolean": "Boolean", "category": "Category"},
    **{"text": "Text", "timestamp": "Timestamp", "date": "Date"},
}


def write_schema(plan: Plan) -> str:
    """Return the content of `schema.py`."""
    used = {COLUMN[one.kind] for one in plan.fields} | {"Text"}
    target = "Quantity" if plan.target.task == "regression" else "Classes"
    lines = [
        HEAD.format(rows=plan.rows, mark=MARK),
        imports("modelyard.schema.columns", used),
        imports("modelyard.schema.contract", {target, "Schema"}),
        "",
        *_values(plan),
        "SCHEMA = Schema(",
        "    columns=(",
        *_key(plan),
        *(line for one in plan.fields for line in _field(one)),
        "    ),",
        *_target(plan, target),
        f"    key={literal(plan.key_name)},",
        *([f"    time={literal(plan.time)},"] if plan.time else []),
        ")",
    ]
    return "\n".join(lines) + "\n"


def _values(plan: Plan) -> list[str]:
    found = {one.name: one.values for one in plan.fields if one.kind == "category"}
    return [*layout("VALUES = ", found), ""] if found else []


def _key(plan: Plan) -> list[str]:
    if plan.key is None:
        about = f"{MARK} number of the row in the source, unique"
        return call("Text", [literal(plan.key_name), literal(about), "max_length=100"], " " * 8)
    length = max(20, 2 * plan.key.longest)
    about = f"{MARK} {plan.key.source}, unique"
    return call("Text", [literal(plan.key.name), literal(about), f"max_length={length}"], " " * 8)


def _field(field: Field) -> list[str]:
    words = [literal(field.name), literal(f"{MARK} {field.column.source}")]
    words += [] if field.required else ["required=False"]
    if field.kind in ("number", "integer"):
        words += [f"min={short_number(field.low)}", f"max={short_number(field.high)}"]
    if field.utc:
        words += ["utc=True"]
    if field.kind == "category":
        words += [f"values=VALUES[{literal(field.name)}]"] + ["others=True"] * field.others
    if field.kind == "text":
        words += [f"max_length={field.max_length}"]
    return call(COLUMN[field.kind], words, " " * 8)


def _target(plan: Plan, kind: str) -> list[str]:
    column = plan.target.column
    words = [literal(column.name), literal(f"{MARK} {column.source}")]
    if plan.target.values:
        words.append(f"values={literal(plan.target.values)}")
    return call(f"target={kind}", words, " " * 4)
