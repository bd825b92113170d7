"""The changelog of a template between two versions, grouped by release."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from .git import git, run
from .template import address

# Entries about renamed and dropped files; they are the first of their release.
MOVES = re.compile(r"- \*\*(Renamed|Dropped)\*\* ")
HEADING = re.compile(r"##? ")
BEGINNING = re.compile(r"[-*+] |#|\d+[.)] ")


def changelog(source: str, version: str, since: str) -> list[str]:
    """Return the changelog's lines added between two versions.

    Each release's heading is followed by its entries, of which each is one line however many the
    file has; entries about renamed and dropped files come first.

    Args:
        source: the template's recorded source.
        version: the newer version.
        since: the recorded version.

    Raises:
        UserError: the template cannot be cloned.
    """
    with TemporaryDirectory(prefix="modelyard-") as name:
        folder = Path(name)
        git("clone", "--quiet", "--bare", "--", address(source), str(folder))
        texts = [
            run("show", f"{one}:CHANGELOG.md", folder=folder).stdout.decode(errors="replace")
            for one in (version, since)
        ]
    return added_entries(*texts)


def added_entries(new: str, old: str) -> list[str]:
    """Return the entries of a changelog that an older one lacks, after their release's heading."""
    before, after = _releases(old), _releases(new)
    kept = {heading for heading, _ in after}
    renamed = [entry for heading, entries in before if heading not in kept for entry in entries]
    lines = []
    for heading, entries in after:
        known = {*renamed, *dict(before).get(heading, [])}
        added = [entry for entry in entries if entry not in known]
        if added:
            lines += [heading] if heading else []
            lines += sorted(added, key=lambda entry: MOVES.match(entry) is None)
    return lines


def _releases(text: str) -> list[tuple[str, list[str]]]:
    """Return each release's heading and its entries, of which each is one line."""
    found: list[tuple[str, list[str]]] = [("", [])]
    continued = False
    for line in text.splitlines():
        words = " ".join(line.split())
        if HEADING.match(line):
            found.append((words, []))
        elif words and continued and not BEGINNING.match(line.lstrip()):
            found[-1][1][-1] += f" {words}"
        elif words:
            indent = line[: len(line) - len(line.lstrip())] if BEGINNING.match(words) else ""
            found[-1][1].append(indent + words)
        continued = bool(words) and not HEADING.match(line)
    return found
