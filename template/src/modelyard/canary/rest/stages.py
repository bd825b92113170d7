"""Shadow, then a rising share of the requests; the first failure gives all of them back."""

from collections.abc import Sequence
from itertools import cycle
from typing import Any

import numpy as np

from ..check import Check
from ..judge import latency
from ..section import Canary
from .proxy import Proxy
from .traffic import Answer, Request, load, understood

LEAST = 20  # answers of a side below which its latency says nothing


def gradual(
    proxy: Proxy, replayed: Sequence[tuple[Request, Answer]], limits: Canary
) -> list[Check]:
    """Go through the stages with real requests; stop at the first that fails.

    Args:
        proxy: stands before both services.
        replayed: what users send, and what the candidate answered to it in the replay.
        limits: shares, and what a candidate may do.

    Returns:
        what was asked at each stage; the last one says whether users noticed anything.
    """
    asked = [request for request, _ in replayed]
    checks: list[Check] = []
    users: list[Answer] = []
    for step, share in [("shadow", 0.0), *((f"{one:.0%}", one) for one in limits.steps)]:
        proxy.turn(step, share, shadow=not share)
        answers = load(proxy.address, asked, limits.step_requests)
        users += answers
        checks += [*stage(step, proxy, limits), *same(step, proxy, replayed, answers)]
        if not all(check.passed for check in checks):
            proxy.turn("back", 0.0)
            users += load(proxy.address, asked, limits.step_requests)
            checks.append(given_back(proxy))
            break
    return [*checks, unnoticed(users)]


def stage(step: str, proxy: Proxy, limits: Canary) -> list[Check]:
    """Judge a stage by what nginx logged of it: failures and time of each side."""
    logged = [one for one in proxy.log() if one["step"] == step and one["uri"] != "/health"]
    new = [one for one in logged if first(one["to"]) == proxy.candidate]
    old = [one for one in logged if first(one["to"]) == proxy.serving]
    bad = sum(first(one["status"]) != "200" for one in new)
    share = bad / len(new) if new else 1.0
    allowed = f"at most {limits.max_failed_share:.2%}"
    found = f"{share:.2%} of {len(new):,}" if new else "no request came"
    checks = [Check(f"{step}: not answered", found, allowed, share <= limits.max_failed_share)]
    if min(len(old), len(new)) >= LEAST:
        slow = latency(seconds(old), seconds(new), limits)
        checks.append(slow._replace(name=f"{step}: {slow.name}"))
    return checks


def same(
    step: str,
    proxy: Proxy,
    replayed: Sequence[tuple[Request, Answer]],
    answers: Sequence[Answer],
) -> list[Check]:
    """Ask whether the candidate tells users what it told the replay; nothing if it told none."""
    pairs = zip(cycle(replayed), answers, strict=False)
    given = [(*known, answer) for known, answer in pairs if answer.by == proxy.candidate]
    if not given:
        return []
    asked, before, after = zip(*given, strict=True)
    then, now = understood(before, asked).scores, understood(after, asked).scores
    equal = int((then == now).all(axis=1).sum()) if then.shape == now.shape else 0
    name, found = f"{step}: scores as in the replay", f"{equal:,} of {len(then):,}"
    return [Check(name, found, "all", equal == len(then))]


def given_back(proxy: Proxy) -> Check:
    """Ask whether the model in service has all requests again."""
    left = [one for one in proxy.log() if one["step"] == "back" and one["to"] != proxy.serving]
    return Check("requests after the abort", f"{len(left):,} to it", "0", not left)


def unnoticed(users: Sequence[Answer]) -> Check:
    """Ask whether each user got an answer, whoever gave it."""
    failed = sum(answer.status != 200 for answer in users)
    return Check("users without an answer", f"{failed:,} of {len(users):,}", "0", not failed)


def first(listed: str) -> str:
    """Give the first of the upstreams, or of their statuses, that nginx tried for a request."""
    return listed.split(",")[0].strip()


def seconds(logged: Sequence[dict[str, Any]]) -> np.ndarray:
    """Give how long the first upstream took for each request."""
    return np.array([float(first(one["seconds"])) for one in logged])
