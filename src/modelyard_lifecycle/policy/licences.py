"""Check the licences of a project and of its installed packages against a policy."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path

from ..project import Project
from .finding import Finding, any_of, finding

PLACES = ("lib/python*/site-packages", "Lib/site-packages")
# SPDX names of classifiers that mean one licence; other classifiers are compared literally.
SPDX = {
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}


def licences(project: Project, allowed: Mapping[str, list[str]]) -> Iterator[Finding]:
    """Yield a finding for the project's licence and one for those of its packages."""
    if "project" in allowed:
        answer = str(project.answers.get("license", ""))
        kept = answer in allowed["project"]
        yield finding("licences.project", answer or "none", any_of(allowed["project"]), kept)
    if "packages" in allowed:
        yield _packages(project.folder, allowed["packages"], allowed.get("looked_at", []))


def _packages(folder: Path, allowed: list[str], reviewed: list[str]) -> Finding:
    rule, permitted = "licences.packages", any_of(allowed)
    locked = _locked(folder / "uv.lock")
    if locked is None:
        return finding(rule, "uv.lock cannot be read", permitted, None)
    read = {name: one for name, one in _installed(folder / ".venv").items() if name in locked}
    if locked and not read:
        return finding(rule, "no locked package is installed in .venv", permitted, None)
    skipped = {_normalised(name) for name in reviewed}
    disallowed = [
        f"{name}: {licence or 'no licence in its metadata'}"
        for name, licence in sorted(read.items())
        if name not in skipped and not is_allowed(licence, allowed)
    ]
    count = f"{len(read)} of {len(locked)} locked packages read"
    return finding(rule, "; ".join(disallowed) or count, permitted, not disallowed)


def is_allowed(licence: str, allowed: list[str]) -> bool:
    """Return whether an SPDX expression can be satisfied by the allowed licences.

    An expression with parentheses is allowed only if each licence in it is.
    """
    if licence in allowed:
        return True
    if "(" in licence:
        parts = re.split(r"\s+(?:OR|AND)\s+", re.sub(r"[()]", " ", licence).strip())
        return all(part.strip() in allowed for part in parts)
    choices = re.split(r"\s+OR\s+", licence)
    return any(all(one in allowed for one in re.split(r"\s+AND\s+", each)) for each in choices)


def _locked(file: Path) -> set[str] | None:
    """Return the names of third-party packages in uv.lock; None if it cannot be read."""
    try:
        packages = tomllib.loads(file.read_text("utf-8"))["package"]
        sources = {one["name"]: one.get("source", {}) for one in packages}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError):
        return None
    own = {"virtual", "editable"}
    return {_normalised(name) for name, source in sources.items() if not own & source.keys()}


def _installed(environment: Path) -> dict[str, str]:
    files = [file for place in PLACES for file in environment.glob(f"{place}/*.dist-info/METADATA")]
    headers = [HeaderParser().parsestr(file.read_text("utf-8", "replace")) for file in files]
    return {_normalised(str(one["Name"])): _licence(one) for one in headers}


def _licence(headers: Message) -> str:
    """Return the License-Expression, else the classifiers, else the start of the License text."""
    if headers.get("License-Expression"):
        return str(headers["License-Expression"])
    lines = headers.get_all("Classifier", [])
    classifiers = [line.split(" :: ")[-1] for line in lines if line.startswith("License :: ")]
    names = [SPDX.get(one, one) for one in classifiers if one != "OSI Approved"]
    if names:
        return " AND ".join(sorted(names))
    return " ".join(str(headers.get("License") or "").split())[:60]


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
