"""The verdict on a table: which rows keep the schema, and what is wrong with the others."""

from dataclasses import dataclass

import polars as pl

from ..console import UserError
from ..schema.contract import Schema
from .polars_schema import table_faults, target_faults
from .tables import with_types
from .violations import Fault, broken_rows, summary


@dataclass(frozen=True)
class Verdict:
    """A table's rows that keep the schema, those that break it, and each fault."""

    good: pl.DataFrame
    rejected: pl.DataFrame
    faults: list[Fault]


def judge(
    table: pl.DataFrame, schema: Schema, *, parse_texts: bool = False, labelled: bool = True
) -> Verdict:
    """Part a table into rows that keep the schema and rows that break it.

    Args:
        table: as read from a file.
        schema: the rules.
        parse_texts: whether a number may stand as text, as in a CSV.
        labelled: whether the target must be there too.

    Raises:
        UserError: columns are missing.
    """
    typed, faults = with_types(table, schema, parse_texts=parse_texts)
    known = {(fault.row, fault.column) for fault in faults}
    faults += [f for f in table_faults(typed, schema) if (f.row, f.column) not in known]
    if labelled:
        faults += target_faults(typed, schema.target)
    if not faults:
        return Verdict(typed, table.clear(), [])
    broken = pl.int_range(table.height, eager=True).is_in(broken_rows(faults))
    return Verdict(typed.filter(~broken), table.filter(broken), sorted(faults, key=lambda f: f.row))


def within_limit(verdict: Verdict, greatest_share: float) -> None:
    """Stop when too many rows are broken; the text counts them column by column."""
    total = verdict.good.height + verdict.rejected.height
    share = verdict.rejected.height / total
    if share > greatest_share:
        raise UserError(
            f"{verdict.rejected.height} of {total} rows ({share:.1%}) break the schema, "
            f"allowed are {greatest_share:.1%} (params.yaml: data.max_rejected_share)\n"
            + summary(verdict.faults)
        )
