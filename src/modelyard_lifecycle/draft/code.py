"""Write Python literals as `ruff format` does, in lines of at most 100 characters."""

from typing import Any

WIDTH = 100
STEP = "    "
MARK = "DRAFT:"  # what a person has to complete; `grep -rn DRAFT: .` finds all of it
BRACKETS: dict[type, tuple[str, str]] = {tuple: ("(", ")"), list: ("[", "]"), dict: ("{", "}")}
NOQA = "  # noqa: E501"


def literal(value: Any) -> str:
    """Return a value on one line: text with double quotes, tuples, lists, dicts, numbers."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(k)}: {literal(v)}' for k, v in value.items())}}}"
    if isinstance(value, tuple):
        end = "," if len(value) == 1 else ""
        return f"({', '.join(map(literal, value))}{end})"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    return repr(value)


def short_number(value: float) -> str:
    """Return a number without the decimals of a whole one."""
    return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _text(value: str) -> str:
    """Return a text in double quotes, or in those that need fewer escapes."""
    if value.count('"') > value.count("'"):
        return repr(value)
    parts = [repr(part)[1:-1] for part in value.replace("'", '"').split('"')]
    quotes = [one for one in value if one in "'\""]
    marked = [{"'": "'", '"': '\\"'}[one] for one in quotes] + [""]
    return '"' + "".join(part + mark for part, mark in zip(parts, marked, strict=True)) + '"'


def layout(prefix: str, value: Any, suffix: str = "", indent: str = "") -> list[str]:
    """Return the lines of a value; one that is too long has each element on its own line."""
    line = f"{indent}{prefix}{literal(value)}{suffix}"
    if len(line) <= WIDTH or not isinstance(value, tuple | list | dict) or not value:
        return [line if len(line) <= WIDTH else line + NOQA]
    start, end = BRACKETS[type(value)]
    deeper = indent + STEP
    if isinstance(value, dict):
        inner = [layout(f"{literal(k)}: ", v, ",", deeper) for k, v in value.items()]
    else:
        inner = [layout("", one, ",", deeper) for one in value]
    lines = [line for part in inner for line in part]
    return [f"{indent}{prefix}{start}", *lines, f"{indent}{end}{suffix}"]


def call(name: str, arguments: list[str], indent: str, suffix: str = ",") -> list[str]:
    """Return the lines of a call with arguments that are code."""
    line = f"{indent}{name}({', '.join(arguments)}){suffix}"
    if len(line) <= WIDTH:
        return [line]
    inner = [f"{indent}{STEP}{argument}," for argument in arguments]
    long = [one if len(one) <= WIDTH else one + NOQA for one in inner]
    return [f"{indent}{name}(", *long, f"{indent}){suffix}"]


def imports(module: str, names: set[str]) -> str:
    """Return a `from` import of names, in order."""
    return f"from {module} import {', '.join(sorted(names))}"
