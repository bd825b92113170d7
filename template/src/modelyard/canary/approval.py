"""Approval of a version for prod: by a person, or by the pipeline after a canary says go."""

import sys

from ..params import read_params
from ..params_operation import Canary
from ..registry.actions import find, refuse_unpromotable
from ..registry.backend import PROD, Backend, open_backend
from ..registry.state import quarantined, serving_versions

PERSON = 10  # exit code; 0 is the pipeline


def manual_approval_reason(backend: Backend, wanted: str, required: bool) -> str:
    """Return why a person must promote the version `wanted`; empty if the pipeline may."""
    version, events = find(backend, wanted), backend.events()
    if required:
        return "canary.prod_approval is required"
    refuse_unpromotable(version, quarantined(events))
    if PROD not in serving_versions(events):
        return f"no version serves {PROD}, so the canary has nothing to compare with"
    if any(event.stage == PROD and event.version == version.name for event in events):
        return f"it has already served {PROD}"
    return ""


def approve(project: str, wanted: str) -> None:
    """Print who promotes a version according to params and registry; exit with 10 if a person."""
    required = read_params().section(Canary).prod_approval == "required"
    if reason := manual_approval_reason(open_backend(project), wanted, required):
        print(f"approval: {reason}; a person must promote it: scripts/promote.sh {wanted}")
        sys.exit(PERSON)
    print(f"approval: canary.prod_approval is false; {wanted} is promoted if the canary says go")
