"""Bands of the State of DevOps report 2019 (DORA), which the source of the metrics cites."""

from collections.abc import Sequence

YEAR = "State of DevOps 2019"
HOUR, DAY = 3600.0, 86400.0
WEEK, MONTH = 7 * DAY, 30 * DAY
Limits = Sequence[tuple[float, str]]

# The first limit that a value does not exceed gives its band.
SECONDS_BETWEEN: Limits = ((DAY, "elite"), (WEEK, "high"), (MONTH, "medium"))
LEAD_TIME: Limits = ((DAY, "elite"), (WEEK, "high"), (MONTH, "medium"))
RESTORE: Limits = ((HOUR, "elite"), (DAY, "high"), (WEEK, "medium"))
# The report gives 0 to 15 % to elite, high and medium performers alike, and 46 to 60 % to low ones.
FAILURES: Limits = ((0.15, "elite to medium"), (0.45, "between medium and low"))


def band(value: float, limits: Limits) -> str:
    """Return the band of a value; `low` above the last limit."""
    return next((name for limit, name in limits if value <= limit), "low")
