"""Choose the rows of `tests/examples.py`."""

import polars as pl

from .plan import Plan

MOST_CLASSES = 5
LEAST = 3


def choose_rows(table: pl.DataFrame, plan: Plan) -> tuple[pl.DataFrame, bool]:
    """Return at least three rows, and whether any useful model predicts the first.

    The first one is a row of the most frequent class whose numbers are near the mean of its class
    and far from that of all rows, or one with the median of a numeric target. Rows with complete
    numbers are preferred.

    Args:
        table: the ingested rows.
        plan: the decisions.
    """
    target, key = plan.target.column.name, plan.key_name
    labelled = table.filter(pl.col(target).is_not_null()).unique(
        key, keep="none", maintain_order=True
    )
    numbers = [one.name for one in plan.fields if one.is_number]
    complete = labelled.drop_nulls(numbers)
    rows = complete if complete.height >= LEAST else labelled
    if not plan.target.values:
        ordered = rows.sort(target, key, maintain_order=True)
        return ordered[[ordered.height // 2, 0, ordered.height - 1]], True
    usual = next(iter(plan.target.column.counts))
    clear = _clearest(rows, numbers, target, usual)
    own = rows.filter(pl.col(target) == usual) if clear is None else clear
    first = own.head(1)
    one_each = rows.filter(pl.col(target) != usual).unique(target, maintain_order=True)
    found = pl.concat([first, one_each.head(MOST_CLASSES - 1)])
    more = rows.join(found, on=key, how="anti").head(max(0, LEAST - found.height))
    return pl.concat([found, more]), clear is not None


def _clearest(
    rows: pl.DataFrame, numbers: list[str], target: str, usual: str
) -> pl.DataFrame | None:
    """Return the row of the most frequent class that lies farthest on its side; None if none."""
    own = rows.filter(pl.col(target) == usual)
    if not numbers or not own.height:
        return None
    terms = []
    for name in numbers:
        mean, spread = rows[name].mean(), rows[name].std()
        inside = own[name].mean()
        if isinstance(mean, float) and isinstance(spread, float) and isinstance(inside, float):
            unit = spread or 1.0
            side = (inside - mean) / unit
            terms.append(side * ((pl.col(name) - mean) / unit).clip(-2, 2).fill_null(0))
    return own.sort(pl.sum_horizontal(terms), descending=True).head(1)
