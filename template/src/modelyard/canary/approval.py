"""Who lets a version serve prod: a person, or the pipeline as soon as the canary says go.

Exit codes: 0 the pipeline, 10 a person, 20 a rule forbids it, 1 an error.
"""

import sys

from ..params import read_params
from ..registry.actions import find, refuse_unpromotable
from ..registry.backend import Backend, open_backend
from ..registry.events import Refused
from ..registry.state import in_service, quarantined
from .params import Canary

PIPELINE, PERSON, REFUSED = 0, 10, 20
STAGE = "prod"


def why_a_person(backend: Backend, wanted: str, required: bool) -> str:
    """Say why a person has to promote a version; empty if the pipeline may.

    Args:
        backend: the registry.
        wanted: the version.
        required: whether `params.yaml` asks for a person in any case.

    Raises:
        UserError: there is no such version.
        Refused: it may serve nowhere.
    """
    version, events = find(backend, wanted), backend.events()
    if required:
        return "canary.prod_approval is required"
    refuse_unpromotable(version, quarantined(events))
    if STAGE not in in_service(events):
        return f"nothing serves {STAGE} with which the canary could compare it"
    if any(event.stage == STAGE and event.version == version.name for event in events):
        return f"it has served {STAGE} already"
    return ""


def answer(backend: Backend, wanted: str, required: bool) -> int:
    """Say who promotes; give the exit code."""
    try:
        why = why_a_person(backend, wanted, required)
    except Refused as rule:
        print(f"refused: {rule}", file=sys.stderr)
        return REFUSED
    if why:
        print(f"approval: {why}; a person promotes it: scripts/promote.sh {wanted}")
        return PERSON
    print(f"approval: canary.prod_approval is false; {wanted} is promoted if the canary says go")
    return PIPELINE


def approve(project: str, wanted: str) -> None:
    """Ask the params and the registry who promotes a version, and end with the exit code."""
    required = read_params().section(Canary).prod_approval == "required"
    sys.exit(answer(open_backend(project), wanted, required))
