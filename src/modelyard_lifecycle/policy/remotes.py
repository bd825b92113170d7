"""Check the remotes of git, DVC and the template, and DVC's regions, against a policy."""

from collections.abc import Iterator
from configparser import ConfigParser, Error
from fnmatch import fnmatchcase
from pathlib import Path

from ..credentials import without_credentials
from ..git import run
from ..project import Project
from .finding import Finding, any_of, finding
from .policy import Policy

WITH_REGION = ("s3", "gs", "azure")
Remotes = dict[str, dict[str, str]]


def remotes(project: Project, policy: Policy) -> Iterator[Finding]:
    """Yield a finding for each kind of URL that the policy has patterns for, and for regions."""
    patterns = policy.remotes
    if "template" in patterns:
        yield _match("template", [project.shown_template], patterns["template"], required=True)
    if "origin" in patterns:
        yield _match("origin", _origin(project.folder), patterns["origin"], required=True)
    stores = _dvc_remotes(project.folder)
    if "dvc" in patterns:
        if stores is None:
            yield finding("remotes.dvc", ".dvc/config is invalid", any_of(patterns["dvc"]), None)
        else:
            urls = [without_credentials(store.get("url", "")) for store in stores.values()]
            yield _match("dvc", urls, patterns["dvc"], required=False)
    if policy.regions:
        yield _regions(stores, policy.regions)


def _match(kind: str, urls: list[str], patterns: list[str], required: bool) -> Finding:
    disallowed = [url for url in urls if not any(fnmatchcase(url, each) for each in patterns)]
    kept = not disallowed and bool(urls or not required)
    found = ", ".join(disallowed or urls) or "none"
    return finding(f"remotes.{kind}", found, any_of(patterns), kept)


def _origin(folder: Path) -> list[str]:
    """Return origin's URLs to fetch from and to push to, without credentials."""
    results = [
        run("remote", "get-url", *options, "--all", "origin", folder=folder)
        for options in ((), ("--push",))
    ]
    lines = [line for done in results for line in done.stdout.decode().splitlines()]
    return list(dict.fromkeys(map(without_credentials, lines)))


def _dvc_remotes(folder: Path) -> Remotes | None:
    """Return DVC's remotes from .dvc/config and config.local; None if one cannot be read."""
    parser = ConfigParser(interpolation=None, strict=False)
    try:
        parser.read([folder / ".dvc" / "config", folder / ".dvc" / "config.local"], "utf-8")
    except (Error, UnicodeDecodeError, OSError):
        return None
    names = [name for name in parser.sections() if name.strip("'").startswith("remote ")]
    return {name: dict(parser[name]) for name in names}


def _regions(stores: Remotes | None, allowed: list[str]) -> Finding:
    if stores is None:
        return finding("regions", ".dvc/config is invalid", any_of(allowed), None)
    regions = {
        without_credentials(one["url"]): one.get("region", "")
        for one in stores.values()
        if one.get("url", "").partition("://")[0] in WITH_REGION
    }
    disallowed = [f"{url}: {name}" for url, name in regions.items() if name not in (*allowed, "")]
    unset = [f"{url}: no region" for url, name in regions.items() if not name]
    found = ", ".join(disallowed or unset or dict.fromkeys(regions.values()))
    kept = False if disallowed else None if unset else True
    return finding("regions", found or "no store with a region", any_of(allowed), kept)
