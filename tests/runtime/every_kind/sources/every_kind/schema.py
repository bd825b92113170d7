"""Columns of every kind, with aliases, units and offsets; no time, a number as the key."""

from typing import Any

from modelyard.schema.columns import Boolean, Category, Date, Integer, Number, Text, Timestamp
from modelyard.schema.contract import Quantity, Schema, Slice

EMPTY: dict[str | float, Any] = {"": None, "n/a": None}

SCHEMA = Schema(
    columns=(
        Integer("visit", "number of the visit", min=0),
        Integer(
            "children", "number of children", False, min=0, max=30, aliases=EMPTY | {"none": 0}
        ),
        Boolean("smoker", "whether the person smokes", False, aliases={"yes": True, "no": False}),
        Category("city", "where", values=("New York", "Rome"), aliases={"NYC": "New York"}),
        Number("distance_km", "how far", min=0, unit="km", units={"mi": 1.609344, "km": 1}),
        Number("weight_kg", "how heavy", False, 1, 300, "kg", aliases={-999: None, "?": None}),
        Date("born", "birthday", False, aliases={"1900-01-01": None}),
        Timestamp("seen", "when, in UTC", False, utc=True),
        Text("note", "a remark", False, aliases=EMPTY),
    ),
    target=Quantity("cost", "what the visit costs", unit="EUR"),
    key="visit",
    slices=(Slice("city", "city"),),
)
