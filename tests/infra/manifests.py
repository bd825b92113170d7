"""Values in Kubernetes manifests, and the rules of the pods that use records."""

from functools import reduce
from typing import Any

Thing = dict[str, Any]


def at(thing: Any, path: str) -> Any:
    """Return the value at a path such as `spec.ports.0.name`; None if there is none."""

    def step(inside: Any, word: str) -> Any:
        if isinstance(inside, list):
            return inside[int(word)] if int(word) < len(inside) else None
        return inside.get(word) if isinstance(inside, dict) else None

    return reduce(step, path.split("."), thing)


def differing(thing: Thing, wanted: Thing) -> list[str]:
    """Return the values that differ from the required ones."""
    found = {path: at(thing, path) for path in wanted}
    return [f"{path} is {found[path]}" for path in wanted if found[path] != wanted[path]]


def records(pod: Thing, writable: bool) -> list[str]:
    """Return whether a pod lacks the shared records or their settings."""
    mount = {"name": "records", "mountPath": "/records"} | ({} if writable else {"readOnly": True})
    claim = {"name": "records", "persistentVolumeClaim": {"claimName": "records"}}
    container = pod["containers"][0]
    settings = {"configMapRef": {"name": "records"}}
    return [
        *([] if mount in container["volumeMounts"] and claim in pod["volumes"] else ["no records"]),
        *([] if settings in container.get("envFrom", []) else ["no settings of records"]),
        *([] if at(pod, "securityContext.fsGroup") == 10001 else ["the records are not writable"]),
    ]
