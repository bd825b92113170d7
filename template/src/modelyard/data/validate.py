"""Validate a table: separate valid rows from rows that violate the schema."""

from dataclasses import dataclass

import polars as pl

from ..console import UserError
from ..schema.contract import Schema
from .polars_schema import table_violations, target_violations
from .tables import cast_columns
from .violations import Violation, broken_rows, summarize


@dataclass(frozen=True)
class Verdict:
    """The valid rows of a table, the rejected rows, and all violations."""

    good: pl.DataFrame
    rejected: pl.DataFrame
    faults: list[Violation]


def judge(
    table: pl.DataFrame, schema: Schema, *, parse_texts: bool = False, labelled: bool = True
) -> Verdict:
    """Separate the rows of a table that are valid from those that violate the schema.

    Args:
        table: as read from a file.
        schema: the schema to validate against.
        parse_texts: whether numbers may be given as text, as in CSV files.
        labelled: whether the target column is required and validated too.
    """
    typed, violations = cast_columns(table, schema, parse_texts=parse_texts)
    known = {(v.row, v.column) for v in violations}
    violations += [v for v in table_violations(typed, schema) if (v.row, v.column) not in known]
    if labelled:
        violations += target_violations(typed, schema.target)
    if not violations:
        return Verdict(typed, table.clear(), [])
    bad = pl.int_range(table.height, eager=True).is_in(broken_rows(violations))
    return Verdict(typed.filter(~bad), table.filter(bad), sorted(violations, key=lambda v: v.row))


def check_rejected_share(verdict: Verdict, max_share: float) -> None:
    """Refuse a table with too many rejected rows; the message counts them by column."""
    total = verdict.good.height + verdict.rejected.height
    share = verdict.rejected.height / total
    if share > max_share:
        raise UserError(
            f"{verdict.rejected.height} of {total} rows ({share:.1%}) break the schema, "
            f"allowed are {max_share:.1%} (params.yaml: data.max_rejected_share)\n"
            + summarize(verdict.faults)
        )
