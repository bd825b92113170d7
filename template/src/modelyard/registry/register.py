"""Registration of the current commit's model, if the gate accepted it."""

from ..console import listed
from .backend import Backend, Conflict, Manifest, Refused, Version, open_backend, push_enabled
from .dvc import push, status
from .git import git_output, head_commit
from .manifest import add_seal, build_manifest, model_files, tracked_files
from .state import next_version

ATTEMPTS = 5


def register_commit(
    project: str, by: str, when: str, image: str | None = None, *, pushed: bool = False
) -> Version:
    """Register the current commit's model; REGISTRY_PUSH=1 pushes files and tags like `pushed`."""
    pushed = push_enabled(pushed)
    if pushed:
        push()
    return register(open_backend(project, pushed), by, when, image)


def register(backend: Backend, by: str, when: str, image: str | None = None) -> Version:
    """Register the model of the current commit; idempotent."""
    refuse_unclean()
    commit = head_commit()
    tracked = tracked_files(commit)
    manifest = build_manifest(commit, tracked, model_files(commit))
    if not version_of_commit(backend, commit):
        refuse_outdated()
        refuse_not_accepted(manifest, (tracked["reports/gate.md"] or b"").decode())
    return add(backend, manifest | {"image": image, "clean": True, "by": by, "when": when})


def version_of_commit(backend: Backend, commit: str) -> Version | None:
    """Return the newest version of a commit; None if there is none."""
    return next((one for one in reversed(backend.versions()) if one.commit == commit), None)


def add(backend: Backend, manifest: Manifest) -> Version:
    """Add the next version; retry with the one after it if another process takes the number."""
    for attempts_left in reversed(range(ATTEMPTS)):
        name = next_version(one.name for one in backend.versions())
        new = Version(name, manifest["commit"], add_seal({"release": name} | manifest))
        version = version_of_commit(backend, new.commit) or new
        try:
            backend.add_version(version, manifest["when"])
            return version
        except Conflict:
            if not attempts_left:
                raise
    raise AssertionError


def refuse_unclean() -> None:
    """Refuse modified and untracked files in the working tree."""
    if changed := git_output("status", "--porcelain").decode().splitlines():
        names = listed([line[3:] for line in changed], 3)
        raise Refused(f"not committed: {names}; git add and commit, then register")


def refuse_outdated() -> None:
    """Refuse a model if a stage of the pipeline is not up to date."""
    if stages := status():
        raise Refused(f"not up to date: {', '.join(stages)}; run: uv run dvc repro, then commit")


def refuse_not_accepted(manifest: Manifest, report: str) -> None:
    """Refuse a model that the gate did not accept, or whose gate report is about another model."""
    if not manifest["gate"]["accepted"]:
        raise Refused(f"the gate: {manifest['gate']['verdict'] or 'no candidate was accepted'}")
    if manifest["model"]["version"] not in report.partition("\n")[0]:
        raise Refused(f"reports/gate.md is not about model {manifest['model']['version']}")
