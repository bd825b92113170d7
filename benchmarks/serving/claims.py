"""Claims about the results, and whether they hold."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Results = dict[str, Any]
THROUGHPUT, P50 = "ours_throughput", "ours_p50"


@dataclass(frozen=True)
class Claim:
    """A bound on a result; `find` reads it from the results of one part."""

    part: str
    text: str
    kind: str
    bound: float
    find: Callable[[Results], float]
    form: str = ".2f"

    def found(self, results: Results) -> float | None:
        """Return the result; None if it was not measured."""
        try:
            return self.find(results[self.part])
        except KeyError:
            return None

    def holds(self, value: float) -> bool:
        """Return whether a result is within the bound."""
        return value >= self.bound if self.kind == "≥" else value <= self.bound


def of_rest(name: str, key: str, *, worst: Callable[..., float]) -> Callable[[Results], float]:
    """Return a function for the worst median of a ratio over all numbers of connections."""

    def find(rest: Results) -> float:
        loads = {k: v for k, v in rest["sides"][name].items() if k.isdigit()}
        return worst(load[key]["median"] for load in loads.values())

    return find


def with_8(name: str) -> Callable[[Results], float]:
    """Return a function for the median ratio to a server with eight connections."""
    return lambda rest: float(rest["sides"][name]["8"][THROUGHPUT]["median"])


def of_batch(name: str) -> Callable[[Results], float]:
    """Return a function for the median ratio to a side of the batch."""
    return lambda batch: float(batch["sides"][name][THROUGHPUT]["median"])


def relative_wait(rest: Results) -> float:
    """Return p99 under overload divided by the time to answer a full waiting room."""
    ours = rest["overload"]["sides"]["ours"]
    full_ms = rest["overload"]["waiting"] / ours["capacity_per_s"] * 1000
    return float(ours["p99_ms"] / full_ms)


CLAIMS = (
    Claim("rest", "requests/s, times the bare endpoint's, at the connections where it is least",
          "≥", 0.8, of_rest("bare", THROUGHPUT, worst=min)),
    Claim("rest", "p50, times the bare endpoint's, at the connections where it is most",
          "≤", 1.3, of_rest("bare", P50, worst=max)),
    Claim("rest", "requests/s, times LitServe's, with 8 connections",
          "≥", 4, with_8("litserve"), ".1f"),
    Claim("rest", "requests/s, times BentoML's, with 8 connections",
          "≥", 8, with_8("bentoml"), ".1f"),
    Claim("rest", "requests/s, times MLflow's, with 8 connections",
          "≥", 8, with_8("mlflow"), ".1f"),
    Claim("rest", "memory of a worker in MB",
          "≤", 150, lambda rest: float(rest["sides"]["ours"]["memory_mb"]), ".0f"),
    Claim("rest", "p99 of those answered at twice the load that it can take, times what a full"
          " waiting room takes", "≤", 3, relative_wait),
    Claim("batch", "rows/s of the whole command, times InferenceSession.run's alone",
          "≥", 0.8, of_batch("raw")),
    Claim("batch", "rows/s, times those of pandas + scikit-learn",
          "≥", 4, of_batch("pandas"), ".1f"),
    Claim("batch", "peak of memory in MB",
          "≤", 600, lambda batch: float(batch["sides"]["ours"]["peak_mb"]["high"]), ".0f"),
    Claim("edge", "time of a row among 100, times InferenceSession.run's of one row",
          "≤", 1.5, lambda edge: float(edge["sides"]["a row of 100"]["ours_slower"])),
    Claim("edge", "cold start, times `import onnxruntime`",
          "≤", 1.3, lambda edge: float(edge["start"]["ratio"]["median"])),
    Claim("edge", "size of a bundle in kB", "≤", 1000, lambda edge: edge["bytes"] / 1000, ".0f"),
)  # fmt: skip


def missed(results: Results) -> list[str]:
    """Return a message for each measured claim that does not hold."""
    measured = [(claim, claim.found(results)) for claim in CLAIMS]
    return [
        f"{claim.part}: {claim.text}: {value:{claim.form}}, claimed is {claim.kind} {claim.bound:g}"
        for claim, value in measured
        if value is not None and not claim.holds(value)
    ]
