"""What trains is not what trained the model: code or params that a stage of `dvc.yaml` names."""

from collections.abc import Collection

from .reason import Reason

SHOWN = 3


def find(changed: Collection[str], key: str) -> Reason:
    """Say whether training code or params changed; code that only serves is no such reason.

    Args:
        changed: what changed since the pipeline ran.
        key: hash of all training code and params.
    """
    if not changed:
        return Reason("code", False, "as it was")
    more = f" and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
    return Reason("code", True, f"{', '.join([*changed][:SHOWN])}{more} changed", f"code:{key}")
