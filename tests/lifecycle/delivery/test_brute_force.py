"""The metrics of generated histories equal those of a reading hour by hour."""

from datetime import timedelta
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from modelyard_lifecycle.delivery.history import Deployment, History
from modelyard_lifecycle.delivery.measure import measure
from tests.lifecycle.delivery.histories import START, at, deployment, history

HOURS = 24 * 30
LIABLE = 24 * 7
Stories = st.lists(
    st.tuples(
        st.sampled_from(["promote", "promote", "rollback", "quarantine", "incident", "fine"]),
        st.lists(st.integers(0, HOURS), max_size=3),
    ),
    max_size=25,
)


def tell(steps: list[tuple[str, list[int]]]) -> History:
    """Return the history in which a step happens each 20 hours, from hour 20 on."""
    deployed: list[Deployment] = []
    others: list[tuple[str, int, float]] = []
    verdicts: list[tuple[str, int, float]] = []
    stack: list[int] = []
    for place, (what, commits) in enumerate(steps, 1):
        hour = 20.0 * place
        if what == "promote":
            number = len(deployed) + 1
            deployed.append(deployment(number, hour, commits=sorted(commits)))
            stack.append(number)
        elif what == "rollback" and len(stack) > 1:
            stack.pop()
            others.append(("rollback", stack[-1], hour))
        elif what == "quarantine" and deployed:
            others.append(("quarantine", len(deployed), hour))
        elif what in ("incident", "fine"):
            verdicts.append(("monitor", 20 if what == "incident" else 0, hour))
    return history(deployed, others, verdicts)


def lead_times(found: History) -> list[float]:
    """Return the hours that each commit waited, counted one by one."""
    waited: list[float] = []
    for one in found.deployments:
        for commit in one.commits:
            hours = sum(commit.when <= at(hour) < one.served for hour in range(HOURS))
            waited += [hours] if commit.when <= one.served else []
    return waited


def failed(found: History) -> int:
    """Count the deployments that a walk through the hours after each finds at fault."""
    count = 0
    events = {one.when: one for one in found.events}
    verdicts = {one.when: one.code for one in found.verdicts}
    for one in found.deployments:
        serves, fault, opened = True, False, is_open_at(found, one.promoted)
        for hour in range(HOURS * 2):
            now = at(hour)
            if now <= one.promoted:
                continue
            event, code = events.get(now), verdicts.get(now)
            if event and event.action == "quarantine" and event.version == one.version.name:
                fault = True
            if event and event.action != "quarantine" and serves:
                fault, serves = fault or event.action == "rollback", False
            if event and event.action == "rollback":
                opened = True
            soon = now - one.served < timedelta(hours=LIABLE)
            fault = fault or (code == 20 and not opened and serves and soon)
            opened = opened if code is None else code == 20
        count += fault
    return count


def is_open_at(found: History, when: object) -> bool:
    """Return whether an incident is open at a time, by reading all before it."""
    moments = [(one.when, one.code == 20) for one in found.verdicts]
    moments += [(one.when, True) for one in found.events if one.action == "rollback"]
    before = [bad for time, bad in sorted(moments) if time <= when]  # type: ignore[operator]
    return bool(before) and before[-1]


def restored(found: History) -> list[float]:
    """Return the length of each closed incident, counted in hours."""
    lengths: list[float] = []
    length, is_open = 0, False
    events = {one.when for one in found.events if one.action == "rollback"}
    verdicts = {one.when: one.code for one in found.verdicts}
    for hour in range(HOURS * 2):
        now = at(hour)
        length += is_open
        if now in events or verdicts.get(now) == 20:
            is_open = True
        elif now in verdicts and is_open:
            lengths.append(length)
            length, is_open = 0, False
    return lengths


@given(Stories)
def test_all_four_metrics_are_those_of_a_reading_hour_by_hour(
    steps: list[tuple[str, list[int]]],
) -> None:
    found = tell(steps)
    frequency, lead, restore, rate = measure(found, START, START + timedelta(days=60)).metrics
    count = len(found.deployments)
    assert frequency.value == (count / 60 if count >= 5 else None)
    waited, lengths = lead_times(found), restored(found)
    assert lead.value == (median(waited) * 3600 if len(waited) >= 5 else None)
    assert restore.value == (median(lengths) * 3600 if len(lengths) >= 5 else None)
    assert rate.value == (failed(found) / count if count >= 5 else None)
