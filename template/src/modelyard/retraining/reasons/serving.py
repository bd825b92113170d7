"""Code that trains nothing changed: it is built and deployed anew, with the model as it is."""

from .reason import Reason


def find(known: str | None, now: str) -> Reason:
    """Say whether there is anything to deploy; it never asks for a retraining.

    Args:
        known: hash of this code at the last run; None if there was no run.
        now: the same as it is now.
    """
    if known in (None, now):
        return Reason("serving", False, "as it was" if known else "no run to compare with")
    return Reason("serving", False, "changed since the last run: deploy, train nothing", now)
