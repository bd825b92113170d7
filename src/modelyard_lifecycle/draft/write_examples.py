"""Write `tests/examples.py`."""

from datetime import date
from typing import Any

from .code import MARK, layout
from .plan import Field, Plan

HEAD = '''"""Examples of this problem for the tests.

Yours. The tests name no columns: they import rows, invalid values and expected results from here.
Drafted: complete what is marked with "{mark}".
"""

from typing import Any

Row = dict[str, Any]

'''
BAD_COLUMNS = 6  # of which invalid values are drafted
CASES = 6  # features with an expected value


def write_examples(plan: Plan, rows: list[dict[str, Any]], clear: bool) -> str:
    """Return the content of `tests/examples.py`.

    Args:
        plan: the decisions.
        rows: three rows or more of the ingested table.
        clear: whether any useful model predicts the first row.
    """
    target = plan.target.column.name
    examples = [_request(row, target) for row in rows]
    targets = [row[target] for row in rows]
    lines = [
        *_block("ROWS: list[Row] = ", examples, "Real rows, as a client sends them."),
        *_block("TARGETS: list[Any] = ", targets, "The target of each of these rows."),
        *_row_cases(plan, examples[0]),
        *_model_cases(plan),
        *_clear_cases(clear, targets),
    ]
    return HEAD.format(mark=MARK) + "\n".join(lines)


def _row_cases(plan: Plan, row: dict[str, Any]) -> list[str]:
    """Return the invalid values, and the expected features of rows."""
    missing = [(one.name, one.name) for one in plan.fields if _may_miss(one)]
    return [
        *_block(
            "BAD_VALUES: list[tuple[str, Any]] = ",
            _bad_values(plan),
            "Columns with a value that violates the schema, in any row.",
        ),
        *_block(
            "FEATURE_CASES: list[tuple[Row, dict[str, float]]] = ",
            [({}, _feature_cases(plan, row))],
            "Changes of the first row, and the expected values of some features (to within 1e-6).",
        ),
        *_block(
            "MISSING_CASES: list[tuple[str, str]] = ",
            missing[:CASES],
            "Optional columns, and a feature that is missing if the column is. May be empty.",
        ),
    ]


def _model_cases(plan: Plan) -> list[str]:
    """Return the changes that must keep, and those that must raise the scores."""
    texts = ({one.name: "any other"} for one in _unused_texts(plan))
    same = [{plan.key_name: "any other"}, *texts]
    return [
        *_block("SAME: list[Row] = ", same, "Changes that must not change any score."),
        f'# {MARK} what do you expect? [({{"column": value}}, "class")]; a number: its name',
        *_block(
            "RAISES: list[tuple[Row, str]] = ",
            [],
            "Changes that must raise the mean score of a class (regression: name the target).",
        ),
    ]


def _block(name: str, value: Any, about: str) -> list[str]:
    return [*layout(name, value), f'"""{about}"""', ""]


def _clear_cases(clear: bool, targets: list[Any]) -> list[str]:
    value = [(_Name("ROWS[0]"), targets[0])] if clear else []
    about = "Rows that any useful model predicts (for a regression: within the target's spread)."
    return [
        f"# {MARK} rows of which you are sure",
        *layout("CLEAR_CASES: list[tuple[Row, Any]] = ", value),
        f'"""{about}"""',
        "",
    ]


class _Name:
    """A name in the code, written without quotes."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        """Return the name."""
        return self.text


def _request(row: dict[str, Any], target: str) -> dict[str, Any]:
    """Return a row as in a request: times are texts, numbers have a decimal point."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in row.items()
        if name != target
    }


def _may_miss(field: Field) -> bool:
    return field.is_number and not field.required and field.feature


def _unused_texts(plan: Plan) -> list[Field]:
    return [one for one in plan.fields if one.kind == "text" and not one.feature][:2]


def _feature_cases(plan: Plan, row: dict[str, Any]) -> dict[str, float]:
    """Return the expected values of some features of a row."""
    used = [one for one in plan.fields if one.feature and row[one.name] is not None]
    numbers = {one.name: float(row[one.name]) for one in used if one.is_number}
    known = {
        f"{one.name}={row[one.name]}": 1.0
        for one in used
        if one.kind == "category" and row[one.name] in one.values
    }
    return dict([*numbers.items()][:CASES]) | dict([*known.items()][:CASES])


def _bad_values(plan: Plan) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = [(plan.key_name, None), (plan.key_name, "")]
    for kind in ("number", "integer", "boolean", "category", "timestamp", "date"):
        for one in [one for one in plan.fields if one.kind == kind][:BAD_COLUMNS]:
            found += _bad_values_of(one)
    return found


def _bad_values_of(field: Field) -> list[tuple[str, Any]]:
    missing = [(field.name, None)] if field.required else []
    if field.kind in ("number", "integer"):
        outside = field.high + max(field.high - field.low, 1.0)
        return [(field.name, outside), (field.name, "a text"), *missing]
    if field.kind == "timestamp":
        return [(field.name, "yesterday"), (field.name, "2013-02-30T08:00:00"), *missing]
    if field.kind == "date":
        return [(field.name, "yesterday"), (field.name, "2013-02-30"), *missing]
    if field.kind == "boolean":
        return [(field.name, "a text"), (field.name, 7), *missing]
    unknown = [] if field.others else [(field.name, "no such value")]
    return [*unknown, (field.name, ""), (field.name, 7), *missing]
