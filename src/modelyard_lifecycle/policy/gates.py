"""Check the gates of a project's params.yaml against a policy."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from .finding import Finding, finding

SIGNS = {"at_least": ">=", "at_most": "<="}
OFF: tuple[Any, ...] = (None, False, {}, [], "")


def gates(folder: Path, required: Mapping[str, Mapping[str, float]]) -> Iterator[Finding]:
    """Yield a finding for each gate that the policy requires."""
    section, error = _read_gate_section(folder / "params.yaml")
    for name, bounds in required.items():
        allowed = " and ".join(f"{SIGNS[bound]} {number}" for bound, number in bounds.items())
        value = _lookup(section, name)
        found = error or ("off" if _is_off(value) else _text(value))
        kept = None if error else _within_bounds(value, bounds)
        yield finding(f"gates.{name}", found, allowed or "on", kept)


def _read_gate_section(file: Path) -> tuple[Any, str]:
    try:
        params = yaml.safe_load(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return None, "params.yaml cannot be read"
    except yaml.YAMLError:
        return None, "params.yaml is not YAML"
    return (params.get("gate") if isinstance(params, dict) else None), ""


def _lookup(value: Any, dotted_name: str) -> Any:
    for key in dotted_name.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _is_off(value: Any) -> bool:
    return any(value is off or (value == off and not _is_number(value)) for off in OFF)


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, dict | list) else str(value)


def _is_number(value: Any) -> bool:
    return type(value) in (int, float)


def _within_bounds(value: Any, bounds: Mapping[str, float]) -> bool:
    if not bounds:
        return not _is_off(value)
    if not _is_number(value):
        return False
    low, high = bounds.get("at_least"), bounds.get("at_most")
    return (low is None or value >= low) and (high is None or value <= high)
