"""Write `data/ingest.py`."""

from .code import layout, literal
from .columns import Column
from .plan import Plan
from .source import Source
from .study import Study

HEAD = '''"""Ingest: fetch the rows.

Yours. Drafted for the table in `data/sample`; replace the body of `ingest` by a query or a download
as you like, and keep its return type.
"""

from datetime import date
from pathlib import Path

import polars as pl
'''
READ = "from modelyard.data.read import read_csv\n"
NUMBERED = '''

def read(path: Path) -> pl.DataFrame:
    """Read a file, with the number of each row as its key."""
    numbers = pl.int_range(1, pl.len() + 1)
    rows = {call}
    return rows.with_columns({key}={form})
'''
FUNCTION = '''

def ingest(as_of: date) -> pl.DataFrame:
    """Fetch all rows{before}, with the target if it is known.

    Args:
        as_of: the day; {meaning}

    Returns:
        The columns of `schema.py` and the target.
    """
'''
STRIP = "    rows = rows.with_columns(texts.str.strip_chars())"
EMPTY = "    rows = rows.with_columns(pl.when(~texts.is_in(MISSING)).then(texts))"
NAMES = {"number": "NUMBERS", "boolean": "BOOLEANS", "timestamp": "TIMES", "text": "CODES"}


def write_ingest(found: Study, source: Source, place: str) -> str:
    """Return the content of `data/ingest.py`.

    Args:
        found: the decisions.
        source: how the files are read.
        place: path of the file or folder in the project.
    """
    plan, groups = found.plan, _groups(found.plan)
    before, meaning = (
        (" before a day", "only rows before it are returned.")
        if plan.time
        else ("", "the rows have no date, so all of them are known on any day.")
    )
    return "".join(
        [
            HEAD + READ * source.strict + "\n",
            "\n".join(_constants(found, groups, place)) + "\n",
            _read_function(found.plan, source),
            FUNCTION.format(before=before, meaning=meaning),
            "\n".join(_body(found, source, groups)) + "\n",
        ]
    )


def _constants(found: Study, groups: dict[str, tuple[str, list[str]]], place: str) -> list[str]:
    plan = found.plan
    lines = [f"SOURCE = Path({literal(place)})"]
    lines += layout("MISSING = ", found.missing) if found.missing else []
    lines += layout("COLUMNS = ", {one.source: one.name for one in _kept(plan)})
    for name, (_, names) in groups.items():
        lines += layout(f"{name} = ", names)
    lines += [f"# left out, a leak: {_shown(one.source)}" for one in plan.leaks]
    return lines + [f"# left out, {reason}: {_shown(name)}" for name, reason in plan.unused]


def _shown(header: str) -> str:
    return literal(header)[:70]


def _kept(plan: Plan) -> list[Column]:
    fields = [one.column for one in plan.fields]
    return [*([plan.key] if plan.key else []), *fields, plan.target.column]


def _groups(plan: Plan) -> dict[str, tuple[str, list[str]]]:
    """Return the columns that are converted alike: constant to code and names."""
    by_code: dict[str, tuple[str, list[str]]] = {}
    for column in _kept(plan):
        if column.form.code:
            by_code.setdefault(column.form.code, (column.kind, []))[1].append(column.name)
    found: dict[str, tuple[str, list[str]]] = {}
    for code, (kind, names) in by_code.items():
        alike = sum(one.startswith(NAMES[kind]) for one in found)
        found[f"{NAMES[kind]}_{alike + 1}" if alike else NAMES[kind]] = (code, names)
    return found


def _call(source: Source, path: str) -> str:
    """Return the code that reads a file."""
    if not source.is_csv:
        return f"pl.read_parquet({path})"
    if source.strict:
        return f"read_csv({path}, infer_schema=False)"
    options = ", ".join(f"{name}={literal(value)}" for name, value in source.options().items())
    return f"pl.read_csv({path}, {options})"


def _read_function(plan: Plan, source: Source) -> str:
    if plan.key:
        return ""
    form = 'pl.format("{}-{}", pl.lit(path.stem), numbers)' if source.is_folder else (
        'pl.format("row-{}", numbers)'
    )  # fmt: skip
    return NUMBERED.format(call=_call(source, "path"), key=plan.key_name, form=form)


def _body(found: Study, source: Source, groups: dict[str, tuple[str, list[str]]]) -> list[str]:
    plan = found.plan
    numbered = plan.key is None
    path = "path" if source.is_folder else "SOURCE"
    call = f"read({path})" if numbered else _call(source, path)
    if source.is_folder:
        files = f"sorted(SOURCE.glob({literal('*' + source.suffix)}))"
        what = f'pl.concat([{call} for path in {files}], how="vertical_relaxed")'
    else:
        what = call
    key = f"{literal(plan.key_name)}, " if numbered else ""
    chosen = "pl.col(header).alias(name) for header, name in COLUMNS.items()"
    lines = _statement(f"    rows = {what}")
    lines.append(f"    rows = rows.select({key}*({chosen}))" if key else
                 f"    rows = rows.select({chosen})")  # fmt: skip
    if found.strip or found.missing:
        lines.append("    texts = pl.col(pl.String)")
    lines += [STRIP] * found.strip + [EMPTY] * bool(found.missing)
    if groups:
        inner = [f"pl.col({name}){code}" for name, (code, _) in groups.items()]
        flat = f"    rows = rows.with_columns({', '.join(inner)})"
        exploded = ["    rows = rows.with_columns(", *(f"        {one}," for one in inner), "    )"]
        lines += [flat] if len(flat) <= 100 else exploded
    time = f".filter(pl.col({literal(plan.time)}).dt.date() < as_of)" if plan.time else ""
    return [*lines, f"    return rows{time}"]


def _statement(line: str) -> list[str]:
    """Return an assignment of a call, split if it is too long."""
    if len(line) <= 100:
        return [line]
    head, inner = line[: line.index("(") + 1], line[line.index("(") + 1 : -1]
    first, last = inner.rsplit(", how", 1)
    return [head, f"        {first},", f"        how{last},", "    )"]
