"""Compare a candidate's REST service with the one in service, then let it take over by steps."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...canary_section import Canary
from ...command_line import parser
from ...console import UserError, run
from ...params import read_params
from ...places import RECORDS
from ...serving.rest.limits import Limits
from ..check import Check, conclude
from ..judge import judged
from .proxy import proxied
from .service import NotServing, serving
from .stages import gradual
from .traffic import Answer, Request, replay, requests, understood


def arguments() -> argparse.Namespace:
    """Read the command line."""
    reader = parser(str(__package__), __doc__, "--candidate candidate --serving models")
    place = "a model's folder, or http://HOST:PORT of a service that runs"
    reader.add_argument("--candidate", metavar="PLACE", required=True, help=place)
    reader.add_argument("--serving", metavar="PLACE", default="models", help=place)
    code = "the src/ of the commit that serves, if features have changed since"
    reader.add_argument("--serving-code", metavar="FOLDER", type=Path, help=code)
    reader.add_argument("--replay", action="store_true", help="replay only, without nginx")
    return reader.parse_args()


def look(options: argparse.Namespace, asked: Sequence[Request], limits: Canary) -> list[Check]:
    """Ask everything, the harmless first; what follows a failure is not asked.

    Raises:
        UserError: the model in service cannot be served, or nginx is missing.
    """
    try:
        with serving(options.serving, options.serving_code) as old:
            return look_at(options.candidate, old, asked, limits, options.replay)
    except NotServing as failure:
        raise UserError(f"the model in service cannot be served: {failure}") from None


def look_at(
    candidate: str, old: str, asked: Sequence[Request], limits: Canary, replay_only: bool
) -> list[Check]:
    """Start the candidate, replay, and go on to real traffic if that went well."""
    try:
        with serving(candidate) as new:
            then, now = replayed(old, new, asked)
            compared = judged(understood(then, asked), understood(now, asked), limits)
            checks = [Check("it serves", "yes", "yes", True), *compared]
            if replay_only or not all(check.passed for check in checks):
                return checks
            with proxied(old, new) as proxy:
                return [*checks, *gradual(proxy, list(zip(asked, now, strict=True)), limits)]
    except NotServing as failure:
        return [Check("it serves", str(failure), "yes", False)]


def replayed(old: str, new: str, asked: Sequence[Request]) -> list[list[Answer]]:
    """Send the same requests to both, aside from all traffic."""
    replay([old, new], asked[:20])  # the first requests of a process are slow
    return replay([old, new], asked)


def main() -> None:
    """Give the verdict."""
    options, limits = arguments(), read_params().canary
    settings = Limits.read()
    examples = settings.model_dir / "examples.jsonl"
    records = settings.rest_record_dir or RECORDS
    asked, source = requests(Path(records), examples, limits.step_requests)
    about: dict[str, Any] = {
        "candidate": options.candidate, "serving": options.serving, "requests": source,
    }  # fmt: skip
    conclude("rest", about, look(options, asked, limits))


if __name__ == "__main__":
    run(main)
