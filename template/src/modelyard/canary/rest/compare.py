"""Canary of the REST target: replay the same requests to two services, and compare."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from ...console import UserError
from ...params import read_params
from ...params_sections import Canary
from ...places import RECORDS
from ...project import Project
from ...serving.rest.limits import Limits
from ..check import Check, report_and_exit, success_check
from ..judge import confirm_latency, judge
from .service import running_service
from .traffic import Request, read_outputs, replay, requests

WARM_UP = 20  # requests that are not measured, as a new process is slow


def check_services(
    old: AbstractContextManager[str],
    new: AbstractContextManager[str],
    sent: Sequence[Request],
    limits: Canary,
) -> list[Check]:
    """Start both services, send them the same requests, and return the checks.

    Raises:
        UserError: the serving model's service, `old`, does not start.
    """
    with ExitStack() as running:
        services = [running.enter_context(old)]
        try:
            services.append(running.enter_context(new))
        except UserError as error:
            return [success_check("service starts", str(error))]
        replay(services, sent[:WARM_UP])

        def measure() -> list[Check]:
            before, after = (read_outputs(one, sent) for one in replay(services, sent))
            return judge(before, after, limits)

        return [success_check("service starts"), *confirm_latency(measure(), measure)]


def compare(project: Project, candidate: str, serving: str, code: Path | None) -> None:
    """Compare two models, write the report, and exit with the verdict's code.

    Both are folders, or `http://HOST:PORT` of running services. `code` is `src/` of the serving
    model's commit, if features have changed since.
    """
    limits, settings = read_params().section(Canary), Limits.read()
    examples, records = settings.model_dir / "examples.jsonl", settings.rest_record_dir or RECORDS
    sent, source = requests(Path(records), examples, limits.max_requests)
    about = {"candidate": candidate, "serving": serving, "requests": source}
    old = running_service(serving, project.package, code)
    new = running_service(candidate, project.package)
    report_and_exit("rest", about, check_services(old, new, sent, limits))
