"""Read and validate a policy file: the rules of an organisation for its repositories."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import UserError
from ..template import RELEASE
from ..yaml_file import read_yaml

LEVELS = (1, 2, 3)
BOUNDS = ("at_least", "at_most")


@dataclass(frozen=True)
class Policy:
    """The rules of an organisation; None or an empty value means no rule.

    Attributes:
        min_template_version: the oldest release of the template allowed.
        min_level: the lowest automation level allowed.
        gates: bounds (`at_least`, `at_most`) by setting below `gate` of params.yaml;
            without bounds the setting must only be on.
        licences: `project` and `packages`, each a list of SPDX names; `looked_at`, reviewed
            packages that are not checked.
        remotes: `origin`, `dvc` and `template`, each a list of patterns of URLs.
        regions: the cloud regions in which DVC may store data.
    """

    min_template_version: str | None = None
    min_level: int | None = None
    gates: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    licences: Mapping[str, list[str]] = field(default_factory=dict)
    remotes: Mapping[str, list[str]] = field(default_factory=dict)
    regions: list[str] | None = None


def read_policy(file: Path) -> Policy:
    """Read a policy file.

    Raises:
        UserError: the file is not YAML, has no rule, or has an unknown key or an invalid value.
    """
    rules = read_yaml(file)
    if not isinstance(rules, dict) or not rules:
        raise UserError(f"{file} contains no rules; allowed keys are {', '.join(KINDS)}")
    try:
        for key, value in rules.items():
            _check_key("", key, KINDS)
            KINDS[key](key, value)
    except UserError as error:
        raise UserError(f"{file}: {error}") from error
    return Policy(**rules)


def _release(key: str, value: Any) -> None:
    if not isinstance(value, str) or not RELEASE.fullmatch(value):
        raise UserError(f"{key} is {value!r}, must be a release such as v1.2.3")


def _level(key: str, value: Any) -> None:
    if type(value) is not int or value not in LEVELS:
        raise UserError(f"{key} is {value!r}, must be 1, 2 or 3")


def _texts(key: str, value: Any) -> None:
    texts = isinstance(value, list) and all(isinstance(one, str) and one for one in value)
    if not texts or not value:
        raise UserError(f"{key} is {value!r}, must be a non-empty list of texts")


def _lists(*names: str) -> Callable[[str, Any], None]:
    def kind(key: str, value: Any) -> None:
        for name, items in _mapping(key, value).items():
            _check_key(f"{key}.", name, names)
            _texts(f"{key}.{name}", items)

    return kind


def _gates(key: str, value: Any) -> None:
    for name, bounds in _mapping(key, value).items():
        if not isinstance(name, str):
            raise UserError(f"{key} has the key {name!r}, must be a text such as floors.roc_auc")
        if not isinstance(bounds, dict):
            raise UserError(f"{key}.{name} is {bounds!r}, must be {{}} or have at_least or at_most")
        for bound, number in bounds.items():
            _check_key(f"{key}.{name}.", bound, BOUNDS)
            if type(number) not in (int, float) or number != number:
                raise UserError(f"{key}.{name}.{bound} is {number!r}, must be a number")


def _mapping(key: str, value: Any) -> dict[Any, Any]:
    if not isinstance(value, dict) or not value:
        raise UserError(f"{key} is {value!r}, must be a non-empty mapping of the form name: value")
    return value


def _check_key(prefix: str, key: Any, names: Any) -> None:
    if key not in names:
        raise UserError(f"unknown key {prefix}{key}; allowed keys are {', '.join(names)}")


KINDS: dict[str, Callable[[str, Any], None]] = {
    "min_template_version": _release,
    "min_level": _level,
    "gates": _gates,
    "licences": _lists("project", "packages", "looked_at"),
    "remotes": _lists("origin", "dvc", "template"),
    "regions": _texts,
}
