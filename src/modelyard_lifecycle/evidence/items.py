"""Judge one item of evidence: whether it ran, passed, is current, fresh and was seen to fail."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from .ledger import GOOD, Entry, Ledger
from .project_now import ProjectNow
from .wiring import Wiring

TESTS = "tests"
NEW_TEST = "the test"
PARTS: dict[str, tuple[str, ...]] = {  # modules whose change outdates an entry
    TESTS: ("",),
    "ingest": ("schema.py", "data/"),
    "prepare": ("schema.py", "data/"),
    "train": ("schema.py", "data/", "features/", "models/"),
    "gate": ("schema.py", "data/", "features/", "models/"),
}
APART = timedelta(hours=20)  # between the first and the last of the runs that repeat a check


@dataclass(frozen=True)
class Item:
    """What is known of an item.

    Attributes:
        name: as in the rubric.
        why: why it earns nothing; empty if it earns half a point.
        alone: why it earns no full point; empty if a schedule runs it repeatedly.
        entry: the newest entry that counts.
    """

    name: str
    why: str = ""
    alone: str = ""
    entry: Entry | None = None


@dataclass(frozen=True)
class Judge:
    """Judges items of a project by its ledger at a time."""

    project: ProjectNow
    ledger: Ledger
    now: datetime
    wiring: Wiring

    @cached_property
    def is_example(self) -> bool:
        """Whether the project is still the example."""
        return self.project.is_example(self.project.code, self.project.data)

    @cached_property
    def entries(self) -> list[Entry]:
        """Entries of this repository's history and of the same kind of problem, until now."""
        return [
            one
            for one in self.ledger.entries
            if one.when <= self.now
            and one.commit in self.project.commits
            and self.project.is_example(one.code, one.data) == self.is_example
        ]

    def item(self, name: str, days: int) -> Item:
        """Judge an item; evidence may be `days` old."""
        check = TESTS if "::" in name else name.partition("/")[0]
        runs = [one for one in self.entries if one.check == check and not one.planted]
        runs = [one for one in runs if results(one, name)]
        if not runs:
            return Item(name, "has not run")
        current = [one for one in runs if not self.changed(one, name)]
        if not current:
            return Item(name, f"outdated: {self.changed(runs[-1], name)} changed since it ran")
        newest = current[-1]
        why = bad_results(newest, name) or self.too_old(newest, days) or self.unproven(name)
        if why:
            return Item(name, why, entry=newest)
        return Item(name, alone=self.alone(name, runs, days), entry=newest)

    def changed(self, entry: Entry, name: str) -> str:
        """Return what has changed since an entry; empty if it is current."""
        if entry.check == TESTS and entry.details[name][1] != self.project.test_sources.get(name):
            return NEW_TEST
        own, now, parts = entry.code, self.project.code, PARTS.get(entry.check, ())
        names = [one for one in sorted({*own, *now}) if parts and one.startswith(parts)]
        if found := next((one for one in names if own.get(one) != now.get(one)), ""):
            return found
        other = entry.check == "gate" and entry.passed and entry.model != self.project.model
        return "the model" if other else ""

    def too_old(self, entry: Entry, days: int) -> str:
        """Return that an entry is older than allowed."""
        age = (self.now - entry.when).days
        return f"{age} days old, allowed are {days}" if age > days else ""

    def unproven(self, name: str) -> str:
        """Return that a check was not seen to fail on a planted fault."""
        shipped = self.project.shipped
        if "::" not in name:
            return (
                ""
                if re.sub("^canary .*", "canary", name) in shipped.controls
                else "not seen to fail on a planted fault"
            )
        source = self.project.test_sources.get(name, "")
        planted = [one.details.get(name) for one in self.entries if one.planted]
        if any(found and found[0] == "failed" and found[1] == source for found in planted):
            return ""
        if source not in shipped.tests.get(name, []):
            return "the test was edited, and not seen to fail on a planted fault since"
        edited = self.project.edited_checks
        return f"{edited[0]} was edited, on which the test relies" if edited else ""

    def alone(self, name: str, runs: list[Entry], days: int) -> str:
        """Return why an item is not one that a schedule runs repeatedly; empty if it is."""
        if changed := self.changed_limit(name, runs):
            return changed
        since = self.now - timedelta(days=days)
        same = [one for one in runs if self.changed(one, name) != NEW_TEST]
        good = [one for one in same if not bad_results(one, name) and one.when >= since]
        own = [one for one in good if one.automatic]
        if not own:
            return "run by hand only"
        if not (clean := [one for one in own if one.clean]):
            return "run by CI on files that differ from the commit"
        if clean[-1].when - clean[0].when < APART:
            return "run by CI on one day only"
        return self.wiring.why_not(clean[-1], self.now, days)

    def changed_limit(self, name: str, runs: list[Entry]) -> str:
        """Return a limit of the gate that changed and that no decision page mentions."""
        if not name.startswith("gate/"):
            return ""
        now = results(runs[-1], name)
        for key, (_, limit) in now.items():
            past = {results(one, name)[key][1] for one in runs if key in results(one, name)}
            words = key.split(": ")[-2:]
            if len(past) > 1 and not self.project.decided(words):
                return f"the limit of {key} changed to {limit}; say why in docs/decisions"
        return ""


def results(entry: Entry, name: str) -> dict[str, Any]:
    """Return the results of an entry that an item asks for."""
    if "::" in name:
        return {name: entry.details[name]} if name in entry.details else {}
    text = name.partition("/")[2]
    if not text:
        return {name: "passed" if entry.passed else "failed"}
    return {key: value for key, value in entry.details.items() if text in key}


def bad_results(entry: Entry, name: str) -> str:
    """Return the first result that is not good, in a word; empty if all are good."""
    for key, value in results(entry, name).items():
        outcome = value[0] if isinstance(value, list) else value
        if outcome not in GOOD:
            return f"{str(outcome).upper()}: {key}" if key != name else str(outcome).upper()
    return ""
