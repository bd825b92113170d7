"""Findings of the monitor, with those on the model's age, the feed and the records."""

from collections import Counter
from datetime import date
from typing import Literal, NamedTuple

from ..console import UserError
from ..params_operation import Monitoring

Status = Literal["fine", "bad", "unknown"]
MAX_OTHER_SHARE = 0.5  # of the rows: a canary may send the candidate half of the requests


class Finding(NamedTuple):
    """Topic, status and explanation; one line of the report."""

    topic: str
    status: Status
    reason: str


def find_age(trained_as_of: date, as_of: date, limits: Monitoring) -> Finding:
    """Return the finding on the age of a model trained on the rows before `trained_as_of`."""
    days = (as_of - trained_as_of).days
    if days < 0:
        raise UserError(f"AS_OF is {as_of}, must be the model's day {trained_as_of} or later")
    status: Status = "bad" if days > limits.max_age_days else "fine"
    return Finding("age", status, f"{days:,} days (max_age_days is {limits.max_age_days:,})")


def find_silence(newest: date | None, as_of: date, limits: Monitoring, blind: str = "") -> Finding:
    """Return the finding on the feed; `newest` is the last day with a record."""
    if blind:
        return Finding("feed", "bad", blind)
    if newest is None:
        return Finding("feed", "unknown", "nothing recorded yet")
    silent = (as_of - newest).days
    text = f"last record on {newest}, {silent:,} days ago"
    if silent > limits.max_silent_days:
        return Finding("feed", "bad", f"{text} (max_silent_days is {limits.max_silent_days:,})")
    return Finding("feed", "fine", text)


def find_version(version: str, rows: Counter[str], later: Counter[str], since: date) -> Finding:
    """Return the finding on rows of other models; `later` counts those after the day `since`."""
    others = {name: count for name, count in rows.items() if name != version}
    count, wrong = sum(others.values()), later.total() - later[version]
    text = f"{count:,} of {rows.total():,} rows are of other models"
    text += f", most often {max(others, key=others.__getitem__)}" if others else ""
    if wrong > MAX_OTHER_SHARE * later.total():
        return Finding(
            "version", "bad", f"{text}; {wrong:,} of the {later.total():,} after {since}"
        )
    known = rows and count <= MAX_OTHER_SHARE * rows.total()
    return Finding("version", "fine" if known else "unknown", text)


def find_invalid(valid: int, broken: Counter[str], left_out: int, limits: Monitoring) -> Finding:
    """Return the finding on invalid records, by location, and the rows left out for a quota."""
    invalid = broken.total()
    text = f"{invalid:,} of {valid + invalid:,} recorded rows are invalid"
    if broken:
        text += f", most often in {broken.most_common(1)[0][0]}"
    if left_out:
        text += f"; {left_out:,} more rows were left out for the quota of a day"
    if valid + invalid < limits.min_rows:
        return Finding("records", "unknown", f"{text}; min_rows is {limits.min_rows:,}")
    share = invalid / (valid + invalid)
    return Finding("records", "bad" if share > limits.max_broken_share else "fine", text)
