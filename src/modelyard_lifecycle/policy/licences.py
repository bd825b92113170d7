"""The licence of a project, and those of its packages as their metadata tell them."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path

from ..project import Project
from .finding import Finding, any_of, finding

PLACES = ("lib/python*/site-packages", "Lib/site-packages")
# Classifiers that stand for one licence; the others are compared as they are written.
SPDX = {
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}


def licences(project: Project, asked: Mapping[str, list[str]]) -> Iterator[Finding]:
    """Yield a finding for the project's licence and one for its packages'."""
    if "project" in asked:
        answer = str(project.answers.get("license", ""))
        kept = answer in asked["project"]
        yield finding("licences.project", answer or "none", any_of(asked["project"]), kept)
    if "packages" in asked:
        yield _packages(project.folder, asked["packages"], asked.get("looked_at", []))


def _packages(folder: Path, allowed: list[str], looked_at: list[str]) -> Finding:
    rule, wanted = "licences.packages", any_of(allowed)
    locked = _locked(folder / "uv.lock")
    if locked is None:
        return finding(rule, "uv.lock cannot be read", wanted, None)
    told = {name: one for name, one in _installed(folder / ".venv").items() if name in locked}
    if locked and not told:
        return finding(rule, "no locked package is installed in .venv", wanted, None)
    skipped = {_plain(name) for name in looked_at}
    strange = [
        f"{name}: {licence or 'none told'}"
        for name, licence in sorted(told.items())
        if name not in skipped and not permitted(licence, allowed)
    ]
    read = f"{len(told)} of {len(locked)} locked packages read"
    return finding(rule, "; ".join(strange) or read, wanted, not strange)


def permitted(licence: str, allowed: list[str]) -> bool:
    """Tell whether an SPDX expression can be kept to with the allowed licences alone.

    An expression with brackets is allowed only if each licence that it names is.
    """
    if licence in allowed:
        return True
    if "(" in licence:
        parts = re.split(r"\s+(?:OR|AND)\s+", re.sub(r"[()]", " ", licence).strip())
        return all(part.strip() in allowed for part in parts)
    choices = re.split(r"\s+OR\s+", licence)
    return any(all(one in allowed for one in re.split(r"\s+AND\s+", each)) for each in choices)


def _locked(file: Path) -> set[str] | None:
    """Return the names of the packages that come from elsewhere; None if they cannot be read."""
    try:
        packages = tomllib.loads(file.read_text("utf-8"))["package"]
        sources = {one["name"]: one.get("source", {}) for one in packages}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError):
        return None
    own = {"virtual", "editable"}
    return {_plain(name) for name, source in sources.items() if not own & source.keys()}


def _installed(environment: Path) -> dict[str, str]:
    files = [file for place in PLACES for file in environment.glob(f"{place}/*.dist-info/METADATA")]
    headers = [HeaderParser().parsestr(file.read_text("utf-8", "replace")) for file in files]
    return {_plain(str(one["Name"])): _licence(one) for one in headers}


def _licence(headers: Message) -> str:
    """Return the expression, else what the classifiers say, else a short text."""
    if headers.get("License-Expression"):
        return str(headers["License-Expression"])
    lines = headers.get_all("Classifier", [])
    said = [line.split(" :: ")[-1] for line in lines if line.startswith("License :: ")]
    named = [SPDX.get(one, one) for one in said if one != "OSI Approved"]
    if named:
        return " AND ".join(sorted(named))
    return " ".join(str(headers.get("License") or "").split())[:60]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
