"""The features of a visit."""

import numpy as np
from modelyard.schema.columns import Rows


def build(rows: Rows) -> dict[str, np.ndarray]:
    """Return the columns as numbers."""
    days, seconds = rows["born"].view(np.int64), rows["seen"].view(np.int64)
    return {
        **{name: rows[name] for name in ("children", "smoker", "distance_km", "weight_kg")},
        "in_rome": rows["city"] == "Rome",
        "born_days": np.where(np.isnat(rows["born"]), np.nan, days),
        "seen_hour": np.where(np.isnat(rows["seen"]), np.nan, seconds % 86_400 / 3600),
        "noted": rows["note"] != "",
    }
