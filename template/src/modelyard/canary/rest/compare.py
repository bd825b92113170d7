"""Replay the same requests to a candidate's REST service and to the one in service; compare."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from ...console import UserError
from ...params import read_params
from ...places import RECORDS
from ...project import Project
from ...serving.rest.limits import Limits
from ..check import Check, conclude, works
from ..judge import judged
from ..params import Canary
from .service import NotServing, serving
from .traffic import Request, as_answers, replay, requests

WARM_UP = 20  # requests; the first ones of a process are slow


class Pair(NamedTuple):
    """What is compared: models' folders, or `http://HOST:PORT` of services that run.

    Attributes:
        candidate: the newer one.
        serving: the one in service.
        code: the `src/` of the commit that serves, if features have changed since.
    """

    candidate: str
    serving: str = "models"
    code: Path | None = None


def check_pair(pair: Pair, sent: Sequence[Request], limits: Canary, package: str) -> list[Check]:
    """Start both services, send both the same requests, and judge the candidate's answers.

    Raises:
        UserError: the model in service cannot be served.
    """
    with ExitStack() as running:
        try:
            old = running.enter_context(serving(pair.serving, package, pair.code))
        except NotServing as failure:
            raise UserError(f"the model in service cannot be served: {failure}") from None
        try:
            new = running.enter_context(serving(pair.candidate, package))
        except NotServing as failure:
            return [works("it serves", str(failure))]
        replay([old, new], sent[:WARM_UP])
        before, after = replay([old, new], sent)
    return [works("it serves"), *judged(as_answers(before, sent), as_answers(after, sent), limits)]


def compare(project: Project, pair: Pair) -> None:
    """Compare, write the report, and end with the verdict's exit code."""
    limits, settings = read_params().section(Canary), Limits.read()
    examples, records = settings.model_dir / "examples.jsonl", settings.rest_record_dir or RECORDS
    sent, source = requests(Path(records), examples, limits.max_requests)
    about = {"candidate": pair.candidate, "serving": pair.serving, "requests": source}
    conclude("rest", about, check_pair(pair, sent, limits, project.package))
