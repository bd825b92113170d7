"""Compare a candidate's REST service with the one in service, then let it take over by steps."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ...console import UserError
from ...params import read_params
from ...places import RECORDS
from ...project import Project
from ...serving.rest.limits import Limits
from ..check import Check, conclude
from ..judge import judged
from ..section import Canary
from .proxy import proxied
from .service import NotServing, serving
from .stages import gradual
from .traffic import Answer, Request, replay, requests, understood


class Pair(NamedTuple):
    """What is compared: models' folders, or `http://HOST:PORT` of services that run.

    Attributes:
        candidate: the newer one.
        serving: the one in service.
        code: the `src/` of the commit that serves, if features have changed since.
        replay_only: whether to leave out real traffic, which needs nginx.
    """

    candidate: str
    serving: str = "models"
    code: Path | None = None
    replay_only: bool = False


def look(pair: Pair, asked: Sequence[Request], limits: Canary, package: str) -> list[Check]:
    """Ask everything, the harmless first; what follows a failure is not asked.

    Args:
        pair: what is compared.
        asked: requests that were recorded, or examples.
        limits: the section of `params.yaml`.
        package: the name of the project's package.

    Raises:
        UserError: the model in service cannot be served, or nginx is missing.
    """
    try:
        with serving(pair.serving, package, pair.code) as old:
            return look_at(pair, old, asked, limits, package)
    except NotServing as failure:
        raise UserError(f"the model in service cannot be served: {failure}") from None


def look_at(
    pair: Pair, old: str, asked: Sequence[Request], limits: Canary, package: str
) -> list[Check]:
    """Start the candidate, replay, and go on to real traffic if that went well."""
    try:
        with serving(pair.candidate, package) as new:
            then, now = replayed(old, new, asked)
            compared = judged(understood(then, asked), understood(now, asked), limits)
            checks = [Check("it serves", "yes", "yes", True), *compared]
            if pair.replay_only or not all(check.passed for check in checks):
                return checks
            with proxied(old, new) as proxy:
                return [*checks, *gradual(proxy, list(zip(asked, now, strict=True)), limits)]
    except NotServing as failure:
        return [Check("it serves", str(failure), "yes", False)]


def replayed(old: str, new: str, asked: Sequence[Request]) -> list[list[Answer]]:
    """Send the same requests to both, aside from all traffic."""
    replay([old, new], asked[:20])  # the first requests of a process are slow
    return replay([old, new], asked)


def compare(project: Project, pair: Pair) -> None:
    """Compare, write the report, and end with the verdict's exit code."""
    limits, settings = read_params().section(Canary), Limits.read()
    examples = settings.model_dir / "examples.jsonl"
    records = settings.rest_record_dir or RECORDS
    asked, source = requests(Path(records), examples, limits.step_requests)
    about: dict[str, Any] = {
        "candidate": pair.candidate, "serving": pair.serving, "requests": source,
    }  # fmt: skip
    conclude("rest", about, look(pair, asked, limits, project.package))
