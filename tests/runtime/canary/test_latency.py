"""Latency in a canary: slow candidates are found, and a busy machine is none."""

import numpy as np
import pytest
from modelyard.canary import judge
from modelyard.canary.check import Check
from modelyard.canary.judge import confirm_latency, latency
from modelyard.canary.rest import traffic
from modelyard.canary.rest.traffic import Response, replay, request
from modelyard.params_release import Canary

from tests.runtime import example

LIMITS = Canary(**example.params()["canary"])
RUNS, REQUESTS = 200, LIMITS.max_requests
SLOW, QUICK = Check("p95 latency", "2", "1", False), Check("p95 latency", "1", "1", True)
OTHER = Check("failed rows", "1", "0", False)


@pytest.fixture(autouse=True)
def _fewer_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw fewer bootstrap samples, as hundreds of canaries are simulated."""
    monkeypatch.setattr(judge, "RESAMPLES", 300)


def measured(
    draw: np.random.Generator, factor: float = 1.0, delay_s: float = 0.06
) -> tuple[np.ndarray, np.ndarray]:
    """Return latencies of two services on a machine that is busy at times, for 1 to 30 requests."""
    busy, left = np.zeros(REQUESTS), 0
    for place in range(REQUESTS):
        left = left - 1 if left > 0 else int(draw.integers(1, 31) * (draw.random() < 0.01))
        busy[place] = left > 0
    each = draw.lognormal(np.log(0.01), 0.3, (2, REQUESTS)) * [[1.0], [factor]]
    then, now = each + busy * draw.exponential(delay_s, (2, REQUESTS))
    return then, now


def refused(draw: np.random.Generator, factor: float, delay_s: float) -> bool:
    """Return whether a canary with these latencies says no go."""

    def measure() -> list[Check]:
        return [latency(*measured(draw, factor, delay_s), LIMITS)]

    return not all(check.passed for check in confirm_latency(measure(), measure))


def test_equal_services_on_a_busy_machine_are_never_no_go() -> None:
    draw = np.random.default_rng(1)
    assert sum(refused(draw, 1.0, 0.06) for _ in range(RUNS)) == 0


def test_the_same_machine_makes_one_comparison_of_p95_fail_often() -> None:
    draw, wrong = np.random.default_rng(1), 0
    for _ in range(RUNS):
        before, after = (np.percentile(side, 95) * 1000 for side in measured(draw))
        wrong += after > max(before * LIMITS.max_latency_ratio, before + LIMITS.latency_floor_ms)
    assert wrong > 0.05 * RUNS


def test_a_slow_candidate_on_a_busy_machine_is_no_go() -> None:
    draw = np.random.default_rng(2)
    assert sum(refused(draw, 6.0, 0.03) for _ in range(RUNS // 4)) >= 0.95 * RUNS // 4


def test_a_candidate_slightly_above_the_limit_is_found_on_an_idle_machine() -> None:
    then = np.random.default_rng(3).lognormal(np.log(0.05), 0.05, REQUESTS)
    assert latency(then, then * (LIMITS.max_latency_ratio - 0.02), LIMITS).passed
    assert not latency(then, then * (LIMITS.max_latency_ratio + 0.02), LIMITS).passed


def test_only_a_failed_latency_is_measured_again_and_the_second_decides() -> None:
    assert confirm_latency([OTHER, QUICK], lambda: [SLOW]) == [OTHER, QUICK]
    assert confirm_latency([OTHER, SLOW], lambda: [SLOW]) == [OTHER, SLOW]
    passed = OTHER._replace(passed=True)
    assert confirm_latency([OTHER, SLOW], lambda: [passed, QUICK]) == [OTHER, QUICK]


def test_each_service_is_first_for_every_second_request(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []

    def post(connection: object, sent: object) -> Response:
        order.append(connection.host)  # type: ignore[attr-defined]
        return Response(200, order[-1].encode(), 0.0)

    monkeypatch.setattr(traffic, "post", post)
    before, after = replay(["a:1", "b:1"], [request([{}])] * 4)
    assert "".join(order) == "abbaabba"
    assert {one.body for one in before} == {b"a"}
    assert {one.body for one in after} == {b"b"}
