"""Canary of the REST target: replay the same requests to two services, and compare."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from ...console import UserError
from ...params import read_params
from ...params_sections import Canary
from ...places import RECORDS
from ...project import Project
from ...serving.rest.limits import Limits
from ..check import Check, report_and_exit, success_check
from ..judge import confirm_latency, judge
from .service import ServiceError, running_service
from .traffic import Request, read_outputs, replay, requests

WARM_UP = 20  # requests that are not measured, as a new process is slow


class Pair(NamedTuple):
    """Models to compare: folders, or `http://HOST:PORT` of running services.

    Attributes:
        candidate: the candidate.
        serving: the serving model.
        code: `src/` of the serving model's commit, if features have changed since.
    """

    candidate: str
    serving: str = "models"
    code: Path | None = None


def check_pair(pair: Pair, sent: Sequence[Request], limits: Canary, package: str) -> list[Check]:
    """Send the same requests to both services, and return the checks.

    Raises:
        UserError: the serving model's service cannot be started.
    """
    with ExitStack() as running:
        try:
            old = running.enter_context(running_service(pair.serving, package, pair.code))
        except ServiceError as error:
            raise UserError(f"the serving model's service does not start: {error}") from None
        try:
            new = running.enter_context(running_service(pair.candidate, package))
        except ServiceError as error:
            return [success_check("service starts", str(error))]
        replay([old, new], sent[:WARM_UP])

        def measure() -> list[Check]:
            before, after = (read_outputs(one, sent) for one in replay([old, new], sent))
            return judge(before, after, limits)

        return [success_check("service starts"), *confirm_latency(measure(), measure)]


def compare(project: Project, pair: Pair) -> None:
    """Compare, write the report, and exit with the verdict's code."""
    limits, settings = read_params().section(Canary), Limits.read()
    examples, records = settings.model_dir / "examples.jsonl", settings.rest_record_dir or RECORDS
    sent, source = requests(Path(records), examples, limits.max_requests)
    about = {"candidate": pair.candidate, "serving": pair.serving, "requests": source}
    report_and_exit("rest", about, check_pair(pair, sent, limits, project.package))
