"""A policy file: what an organisation asks of its repositories, and what may stand in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import Fault
from ..template import RELEASE
from ..yaml_file import read_yaml

LEVELS = (1, 2, 3)
BOUNDS = ("at_least", "at_most")


@dataclass(frozen=True)
class Policy:
    """What is asked; what is None or empty is not.

    Attributes:
        min_template_version: the oldest release of the template.
        min_level: the least automation level.
        gates: setting below `gate` of params.yaml to its bounds, `at_least` and `at_most`;
            without bounds it must only be there.
        licences: `project` and `packages`, each a list of SPDX names; `looked_at`, packages
            that are not asked.
        remotes: `origin`, `dvc` and `template`, each a list of patterns of addresses.
        regions: those in which DVC may store.
    """

    min_template_version: str | None = None
    min_level: int | None = None
    gates: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    licences: Mapping[str, list[str]] = field(default_factory=dict)
    remotes: Mapping[str, list[str]] = field(default_factory=dict)
    regions: list[str] | None = None


def read_policy(file: Path) -> Policy:
    """Read a policy.

    Raises:
        Fault: it is no YAML, asks for nothing, or holds a key or a value that is not allowed.
    """
    found = read_yaml(file)
    if not isinstance(found, dict) or not found:
        raise Fault(f"{file} asks for nothing; allowed are {', '.join(KINDS)}")
    try:
        for key, value in found.items():
            _allowed("", key, KINDS)
            KINDS[key](key, value)
    except Fault as fault:
        raise Fault(f"{file}: {fault}") from fault
    return Policy(**found)


def _release(key: str, value: Any) -> None:
    if not isinstance(value, str) or not RELEASE.fullmatch(value):
        raise Fault(f"{key} is {value!r}, must be a release such as v1.2.3")


def _level(key: str, value: Any) -> None:
    if type(value) is not int or value not in LEVELS:
        raise Fault(f"{key} is {value!r}, must be 1, 2 or 3")


def _texts(key: str, value: Any) -> None:
    texts = isinstance(value, list) and all(isinstance(one, str) and one for one in value)
    if not texts or not value:
        raise Fault(f"{key} is {value!r}, must be a list of texts with at least one")


def _lists(*names: str) -> Callable[[str, Any], None]:
    def kind(key: str, value: Any) -> None:
        for name, held in _mapping(key, value).items():
            _allowed(f"{key}.", name, names)
            _texts(f"{key}.{name}", held)

    return kind


def _gates(key: str, value: Any) -> None:
    for name, bounds in _mapping(key, value).items():
        if not isinstance(name, str):
            raise Fault(f"{key}.{name} is no name of a gate, must be a text such as floors.roc_auc")
        if not isinstance(bounds, dict):
            raise Fault(f"{key}.{name} is {bounds!r}, must be {{}} or hold at_least or at_most")
        for bound, number in bounds.items():
            _allowed(f"{key}.{name}.", bound, BOUNDS)
            if type(number) not in (int, float) or number != number:
                raise Fault(f"{key}.{name}.{bound} is {number!r}, must be a number")


def _mapping(key: str, value: Any) -> dict[Any, Any]:
    if not isinstance(value, dict) or not value:
        raise Fault(f"{key} is {value!r}, must hold at least one line of the form name: value")
    return value


def _allowed(before: str, key: Any, names: Any) -> None:
    if key not in names:
        raise Fault(f"{before}{key} is no key of a policy; allowed are {', '.join(names)}")


KINDS: dict[str, Callable[[str, Any], None]] = {
    "min_template_version": _release,
    "min_level": _level,
    "gates": _gates,
    "licences": _lists("project", "packages", "looked_at"),
    "remotes": _lists("origin", "dvc", "template"),
    "regions": _texts,
}
