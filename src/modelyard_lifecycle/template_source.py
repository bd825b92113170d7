"""Find the default template: the repository that this package was installed from."""

import json
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from .credentials import without_credentials
from .errors import UserError

# Copier recognises these as git repositories; any other URL needs the prefix git+.
KNOWN = ("https://github.com/", "https://gitlab.com/", "git://")


def resolve_template(template: str | None) -> str:
    """Return the given template, by default the repository that this package was installed from.

    A folder is returned as an absolute path, since the answers file records it.

    Raises:
        UserError: no template is given and the package was not installed from a repository.
    """
    found = template or installed_from()
    if not found:
        raise UserError(
            "no template given, and modelyard was not installed from a template's repository; "
            "use --template URL"
        )
    return str(Path(found).resolve()) if Path(found).is_dir() else found


def installed_from() -> str | None:
    """Return the repository recorded by the installer; None for an install from a package index.

    `uvx --from URL` and `pip install URL` record it.
    """
    try:
        recorded = distribution("modelyard").read_text("direct_url.json")
    except PackageNotFoundError:
        return None
    return template_from_record(json.loads(recorded)) if recorded else None


def template_from_record(recorded: Mapping[str, object]) -> str | None:
    """Return the template that a record (`direct_url.json`) points to, without credentials.

    Args:
        recorded: the URL, and whether it is a repository (`vcs_info`) or a folder (`dir_info`).
    """
    url = without_credentials(str(recorded.get("url", "")))
    if "vcs_info" in recorded:
        return url if url.startswith(KNOWN) or url.endswith(".git") else f"git+{url}"
    folder = Path(url2pathname(unquote(urlsplit(url).path)))
    is_template = (folder / "copier.yml").is_file() and (folder / ".git").exists()
    return str(folder) if "dir_info" in recorded and is_template else None
