"""Groups of rows for which metrics are reported separately."""

from dataclasses import dataclass, field

import numpy as np

from .columns import Rows


@dataclass(frozen=True)
class Slice:
    """A partition of the rows into groups, for which metrics are reported separately.

    Args:
        name: name of the slice in reports.
        column: the text or category column by which rows are grouped.
        groups: group name to the values of the column; empty: each value is a group.
        rest: group of the values that are in no other group.
        protected: whether the gate checks fairness between the groups (`gate.fairness`).
    """

    name: str
    column: str
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rest: str = "other"
    protected: bool = False

    def assign_groups(self, rows: Rows) -> np.ndarray:
        """Return the group of each row."""
        if not self.groups:
            return rows[self.column]
        known = {value: group for group, values in self.groups.items() for value in values}
        return np.array([known.get(str(value), self.rest) for value in rows[self.column]], np.str_)
