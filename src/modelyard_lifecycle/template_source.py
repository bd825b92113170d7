"""Where this package was installed from: the repository that holds the template, too."""

import json
import re
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from .errors import Fault

# Copier takes these for git repositories; any other address needs to say git+ before it.
KNOWN = ("https://github.com/", "https://gitlab.com/", "git://")
SECRET = re.compile(r"(?<=://)[^/@]*:[^/@]*@")


def template_or_fault(wanted: str | None) -> str:
    """Return the template that is asked for, or else the one that this package came from.

    A folder is returned whole, since what is typed relative to here means nothing elsewhere.

    Raises:
        Fault: none is asked for, and the package did not come from a repository.
    """
    found = wanted or installed_from()
    if not found:
        raise Fault(
            "modelyard was not installed from a template's repository, so it does not know which "
            "to take; say: --template URL"
        )
    return str(Path(found).resolve()) if Path(found).is_dir() else found


def installed_from() -> str | None:
    """Return the repository that the installer recorded; None if it came from elsewhere.

    `uvx --from URL` and `pip install URL` record it, a registry of packages does not.
    """
    try:
        recorded = distribution("modelyard").read_text("direct_url.json")
    except PackageNotFoundError:
        return None
    return template_of(json.loads(recorded)) if recorded else None


def template_of(recorded: Mapping[str, object]) -> str | None:
    """Return the template that a record (`direct_url.json`) leads to, without a password.

    Args:
        recorded: the address, and whether it is a repository (`vcs_info`) or a folder (`dir_info`).
    """
    url = SECRET.sub("", str(recorded.get("url", "")))
    if "vcs_info" in recorded:
        return url if url.startswith(KNOWN) or url.endswith(".git") else f"git+{url}"
    folder = Path(url2pathname(unquote(urlsplit(url).path)))
    is_template = (folder / "copier.yml").is_file() and (folder / ".git").exists()
    return str(folder) if "dir_info" in recorded and is_template else None
