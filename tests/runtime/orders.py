"""A small problem for tests: is an order kept or returned?"""

from datetime import datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import strategies as st
from modelyard.schema.columns import TIME_PATTERN, Category, Number, Text, Timestamp
from modelyard.schema.contract import (
    Classes,
    Quantity,
    Schema,
    Slice,
)

COLUMNS = (
    Text("order", "number of the order", max_length=8),
    Timestamp("placed", "when it was placed"),
    Category("payment", "how it is paid", values=("card", "cash")),
    Category("country", "where it goes", False, values=("FR", "IT"), others=True),
    Number("price", "what it costs", min=0, max=1000, unit="€"),
    Number("weight", "what it weighs", False, unit="kg"),
)
FATE = Classes("fate", "what became of it", values=("kept", "returned"))
ORDERS = Schema(
    COLUMNS,
    FATE,
    key="order",
    time="placed",
    slices=(Slice("payment", "payment"), Slice("region", "country", {"south": ("IT",)}, "north")),
)
UNTIMED = Schema(COLUMNS, FATE, key="order")
PROFITS = Schema(COLUMNS, Quantity("profit", "what it earned", unit="€"), key="order")

ORDER: dict[str, Any] = {
    "order": "A1",
    "placed": "2024-05-01T09:30:00",
    "payment": "card",
    "country": "FR",
    "price": 20.5,
    "weight": None,
}


def orders(count: int, **columns: list[Any]) -> pl.DataFrame:
    """Return valid orders, one a day; given columns replace the default ones."""
    first = datetime(2024, 5, 1, 9, 30)
    made: dict[str, list[Any]] = {
        "order": [f"A{number}" for number in range(count)],
        "placed": [first + timedelta(days=number) for number in range(count)],
        "payment": ["card", "cash"] * count,
        "country": ["FR", "IT", None, "DE"] * count,
        "price": [20.0, 30.5, 0.0, 1000.0] * count,
        "weight": [1.5, None] * count,
        "fate": ["kept", "returned"] * count,
        "profit": [3.5, -2.0, 0.0] * count,
    }
    shown = {name: values[:count] for name, values in (made | columns).items()}
    return pl.DataFrame(shown, strict=False)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(),
    st.text(max_size=12),
    st.from_regex(TIME_PATTERN, fullmatch=True),
    st.datetimes().map(lambda time: time.isoformat(timespec="seconds")),
)
"""Any value that a row may hold, allowed or not."""
