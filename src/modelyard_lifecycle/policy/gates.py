"""The gates of a project's params.yaml beside those that a policy asks for."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from .finding import Finding, finding

SIGNS = {"at_least": ">=", "at_most": "<="}
OFF: tuple[Any, ...] = (None, False, {}, [], "")


def gates(folder: Path, asked: Mapping[str, Mapping[str, float]]) -> Iterator[Finding]:
    """Yield a finding for each gate that is asked for."""
    held, fault = _read(folder / "params.yaml")
    for name, bounds in asked.items():
        allowed = " and ".join(f"{SIGNS[bound]} {number}" for bound, number in bounds.items())
        value = _at(held, name)
        found = fault or ("off" if _off(value) else _text(value))
        kept = None if fault else _kept(value, bounds)
        yield finding(f"gates.{name}", found, allowed or "on", kept)


def _read(file: Path) -> tuple[Any, str]:
    try:
        held = yaml.safe_load(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return None, "params.yaml cannot be read"
    except yaml.YAMLError:
        return None, "params.yaml is not YAML"
    return (held.get("gate") if isinstance(held, dict) else None), ""


def _at(held: Any, name: str) -> Any:
    for word in name.split("."):
        held = held.get(word) if isinstance(held, dict) else None
    return held


def _off(value: Any) -> bool:
    return any(value is off or (value == off and not _is_number(value)) for off in OFF)


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, dict | list) else str(value)


def _is_number(value: Any) -> bool:
    return type(value) in (int, float)


def _kept(value: Any, bounds: Mapping[str, float]) -> bool:
    if not bounds:
        return not _off(value)
    if not _is_number(value):
        return False
    low, high = bounds.get("at_least"), bounds.get("at_most")
    return (low is None or value >= low) and (high is None or value <= high)
