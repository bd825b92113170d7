"""Files in git that name the version deployed in prod: for kustomize and for compose."""

import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.request import urlopen

import yaml

from ..console import UserError
from ..files import write_bytes
from . import state
from .backend import PROD, Event, Version
from .git import REMOTE, error_line, git_output, run_git

FOLDER = Path("deployment/prod")
KUSTOMIZATION, ENVIRONMENT = FOLDER / "kustomization.yaml", FOLDER / "images.env"
HEAD = "# Written by modelyard deliver, promote and rollback.\n"
KIND = {"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component"}
IMAGE = re.compile(r"(?P<newName>[^@\s]+):(?P<newTag>\w[\w.-]*)@(?P<digest>sha256:[0-9a-f]{64})")
ATTEMPTS = 5


def contents(version: str, images: Mapping[str, str]) -> dict[Path, bytes]:
    """Return both files for a version and its images."""
    entries, lines = [], [f"DEPLOYED_VERSION={version}\n"]
    for target, image in sorted(images.items()):
        if not (parts := IMAGE.fullmatch(image)):
            allowed = "TARGET=NAME:TAG@sha256: and 64 hexadecimal digits"
            raise UserError(f"an image is '{target}={image}', allowed is {allowed}")
        entries.append({"name": target} | parts.groupdict())
        lines.append(f"{target.upper()}_IMAGE={image}\n")
    component = yaml.safe_dump(KIND | {"images": entries}, sort_keys=False)
    texts = {KUSTOMIZATION: component, ENVIRONMENT: "".join(lines)}
    return {path: (HEAD + text).encode() for path, text in texts.items()}


def update(version: str, images: Mapping[str, str], push: bool) -> str:
    """Write both files, or with `push` commit them on the default branch; return what was done."""
    if not images:
        return f"{FOLDER} names {deployed_version() or 'none'} until deliver has built {version}"
    files = contents(version, images)
    if push:
        return f"{FOLDER} names {version} in {REMOTE}/{publish(files, f'Deploy {version}')}"
    for path, content in files.items():
        write_bytes(path, content)
    return f"{FOLDER} names {version}; commit and push it"


def publish(files: Mapping[Path, bytes], message: str) -> str:
    """Commit files on top of the remote's default branch, again if somebody pushes meanwhile.

    Returns:
        The branch; if it is checked out, the working tree follows.
    """
    head = git_output("ls-remote", "--symref", REMOTE, "HEAD").decode()
    branch = head.partition("\t")[0].removeprefix("ref: refs/heads/")
    for _ in range(ATTEMPTS):
        git_output("fetch", "--quiet", "--no-tags", REMOTE, f"refs/heads/{branch}")
        commit = commit_files(files, message)
        done = run_git("push", "--quiet", REMOTE, f"{commit}:refs/heads/{branch}")
        if done.returncode == 0:
            break
    else:
        why = f"git push to {branch}: {error_line(done)}"
        raise UserError(f"{why}; the registry has the event: run the job deliver, or this again")
    if git_output("rev-parse", "--abbrev-ref", "HEAD").decode().strip() == branch:
        run_git("merge", "--quiet", "--ff-only", commit)
    return branch


def commit_files(files: Mapping[Path, bytes], message: str) -> str:
    """Commit files on top of FETCH_HEAD if they differ, in a temporary working tree."""
    prefix = git_output("rev-parse", "--show-prefix").decode().strip()
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder, "tree")
        git_output("worktree", "add", "--quiet", "--detach", str(tree), "FETCH_HEAD")
        try:
            for path, content in files.items():
                write_bytes(tree / prefix / path, content)
            inside = "-C", str(tree)
            git_output(*inside, "add", "--all")
            if git_output(*inside, "status", "--porcelain"):
                git_output(*inside, "commit", "--quiet", "--message", message)
            return git_output(*inside, "rev-parse", "HEAD").decode().strip()
        finally:
            git_output("worktree", "remove", "--force", str(tree))


def deployed_version() -> str:
    """Return the version that the kustomization names; several if its images differ."""
    text = KUSTOMIZATION.read_text("utf-8") if KUSTOMIZATION.exists() else "{}"
    return ", ".join(sorted({str(one["newTag"]) for one in yaml.safe_load(text).get("images", [])}))


def places(versions: Sequence[Version], events: list[Event], service: str) -> dict[str, str]:
    """Return the version of prod in the registry, the files, and a service if its URL is given."""
    serving, last = state.serving_versions(events).get(PROD, ""), state.delivery(events)
    found = {"registry": serving, "delivered": last.version if last else ""}
    found[str(FOLDER)] = deployed_version()
    if service:
        try:  # a route that needs no token, unlike /version
            with urlopen(f"{service.rstrip('/')}/ready", timeout=10) as response:
                model = json.load(response)["model_version"]
        except (OSError, ValueError, KeyError) as error:
            raise UserError(f"{service} does not say what it serves: {error}") from None
        known = [(one.name, one.manifest.get("model", {}).get("version")) for one in versions]
        names = [name for name, version in known if version == model]
        found[service] = serving if serving in names else (names or [f"model {model}"])[-1]
    return found
