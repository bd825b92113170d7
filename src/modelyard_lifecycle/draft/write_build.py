"""Write `features/build.py`."""

from .code import layout, literal
from .plan import Plan

HEAD = '''"""The features of a row, computed with NumPy from this row only.

Yours. The same code runs in training, REST, batch and edge, so it is stateless and reads neither
files nor the clock. A missing number stays NaN, which the model handles.
"""

'''
BUILD = '''

def build(rows: Rows) -> dict[str, np.ndarray]:
    """Compute the features.

    Args:
        rows: column name to array of n values, see `modelyard.schema.columns`.

    Returns:
        Feature name to array of n numbers, in the column order of the model's input.
    """
'''
CALENDAR = '''

def calendar(name: str, moment: np.ndarray) -> dict[str, np.ndarray]:
    """Return the hour of the day (0 to 24) and the day of the week (Monday is 0)."""
    seconds = moment.astype("datetime64[s]").view(np.int64)
    weekday = (seconds // DAY_S + 3) % 7  # 1970-01-01 was a Thursday
    return {f"{name}_hour": seconds % DAY_S / 3600, f"{name}_weekday": weekday}
'''
DAYS = '''

def days(moment: np.ndarray) -> np.ndarray:
    """Return the days since 1970, NaN if missing."""
    seconds = moment.astype("datetime64[s]").view(np.int64)
    return np.where(np.isnat(moment), np.nan, seconds / DAY_S)
'''
ONE_HOT = '''

def one_hot(name: str, values: np.ndarray, known: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Return a 0/1 feature for each known value; any other value is 0 in all of them."""
    return dict(zip(labels(name, known), values == as_column(known), strict=True))


@cache
def labels(name: str, known: tuple[str, ...]) -> list[str]:
    """Return the name of the feature of each known value."""
    return [f"{name}={value}" for value in known]


@cache
def as_column(texts: tuple[str, ...]) -> np.ndarray:
    """Return texts as an array of shape [texts, 1], which broadcasts against shape [n]."""
    return np.array(texts)[:, np.newaxis]
'''


def write_build(plan: Plan) -> str:
    """Return the content of `features/build.py`."""
    used = [one for one in plan.fields if one.feature]
    numbers = tuple(one.name for one in used if one.is_number)
    dates = tuple(one.name for one in used if one.is_time and one.name != plan.time)
    has_categories = any(one.kind == "category" for one in used)
    imports = ["from functools import cache", ""] * has_categories
    imports += ["import numpy as np", "from modelyard.schema.columns import Rows", ""]
    imports += ["from .. import schema", ""] * has_categories
    constants = layout("NUMBERS = ", numbers) if numbers else []
    constants += layout("DATES = ", dates) if dates else []
    constants += ["DAY_S = 86_400"] if plan.time or dates else []
    lines = [
        f"        **calendar({literal(plan.time)}, rows[{literal(plan.time)}]),",
        "        **{name: rows[name] for name in NUMBERS},",
        '        **{f"{name}_days": days(rows[name]) for name in DATES},',
    ]
    parts = [bool(plan.time), bool(numbers), bool(dates)]
    chosen = [line for line, wanted in zip(lines, parts, strict=True) if wanted]
    helpers = CALENDAR * bool(plan.time) + DAYS * bool(dates) + ONE_HOT * has_categories
    top = HEAD + "\n".join([*imports, *constants])
    return top.rstrip("\n") + "\n" + BUILD + "\n".join(_result(chosen, has_categories)) + helpers


def _result(lines: list[str], has_categories: bool) -> list[str]:
    if not has_categories:
        return ["    return {", *lines, "    }", ""]
    filled = ["    features = {", *lines, "    }"] if lines else [
        "    features: dict[str, np.ndarray] = {}"
    ]  # fmt: skip
    loop = [
        "    for name, known in schema.VALUES.items():",
        "        features |= one_hot(name, rows[name], known)",
    ]
    return [*filled, *loop, "    return features", ""]
