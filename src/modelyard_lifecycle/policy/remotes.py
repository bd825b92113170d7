"""Where a repository's commits, data and template come from and go to."""

from collections.abc import Iterator
from configparser import ConfigParser, Error
from fnmatch import fnmatchcase
from pathlib import Path

from ..git import run
from ..project import Project
from .finding import Finding, any_of, finding
from .policy import Policy

WITH_REGION = ("s3", "gs", "azure")
Remotes = dict[str, dict[str, str]]


def remotes(project: Project, policy: Policy) -> Iterator[Finding]:
    """Yield a finding for each kind of address that a policy has patterns for, and the regions."""
    asked = policy.remotes
    if "template" in asked:
        yield _matched("template", [project.template], asked["template"], needed=True)
    if "origin" in asked:
        yield _matched("origin", _origin(project.folder), asked["origin"], needed=True)
    stores = _stores(project.folder)
    if "dvc" in asked:
        if stores is None:
            yield finding("remotes.dvc", ".dvc/config is broken", any_of(asked["dvc"]), None)
        else:
            addresses = [store.get("url", "") for store in stores.values()]
            yield _matched("dvc", addresses, asked["dvc"], needed=False)
    if policy.regions:
        yield _regions(stores, policy.regions)


def _matched(kind: str, found: list[str], patterns: list[str], needed: bool) -> Finding:
    strange = [one for one in found if not any(fnmatchcase(one, each) for each in patterns)]
    kept = not strange and bool(found or not needed)
    told = ", ".join(strange or found) or "none"
    return finding(f"remotes.{kind}", told, any_of(patterns), kept)


def _origin(folder: Path) -> list[str]:
    """Return the addresses that git fetches from and pushes to, without a user's password."""
    asked = [
        run("remote", "get-url", *words, "--all", "origin", folder=folder)
        for words in ((), ("--push",))
    ]
    lines = [line for done in asked for line in done.stdout.decode().splitlines()]
    return list(dict.fromkeys(_bare(line) for line in lines))


def _bare(address: str) -> str:
    scheme, mark, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    if not mark or ":" not in host.rpartition("@")[0]:
        return address
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def _stores(folder: Path) -> Remotes | None:
    """Return DVC's remotes as the repository's two files of settings say; None if one is broken."""
    read = ConfigParser(interpolation=None, strict=False)
    try:
        read.read([folder / ".dvc" / "config", folder / ".dvc" / "config.local"], "utf-8")
    except (Error, UnicodeDecodeError, OSError):
        return None
    names = [name for name in read.sections() if name.strip("'").startswith("remote ")]
    return {name: dict(read[name]) for name in names}


def _regions(stores: Remotes | None, allowed: list[str]) -> Finding:
    if stores is None:
        return finding("regions", ".dvc/config is broken", any_of(allowed), None)
    far = {
        one["url"]: one.get("region", "")
        for one in stores.values()
        if one.get("url", "").partition("://")[0] in WITH_REGION
    }
    strange = [f"{url}: {region}" for url, region in far.items() if region not in (*allowed, "")]
    silent = [f"{url}: none given" for url, region in far.items() if not region]
    told = ", ".join(strange or silent or dict.fromkeys(far.values())) or "no store with a region"
    return finding("regions", told, any_of(allowed), False if strange else None if silent else True)
