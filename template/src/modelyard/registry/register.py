"""Register the model of the current commit: what its pipeline made, and the gate accepted."""

from .backend import Backend, open_backend, pushes
from .dvc import push, status
from .events import Manifest, Refused, Taken, Version, first
from .git import ask, head
from .manifest import describe, sealed
from .release_files import made, tracked
from .state import next_version

ATTEMPTS = 5


def register_commit(
    project: str, by: str, when: str, image: str | None = None, *, pushed: bool = False
) -> Version:
    """Register the model of the current commit in the project's registry.

    Args:
        project: the name of the project's package.
        by: who registers it.
        when: UTC, such as 2013-10-01T12:00:00+00:00.
        image: the digest of an image that holds it; None if there is none.
        pushed: whether its files and tags are pushed; they are if REGISTRY_PUSH says so, too.

    Raises:
        Refused: the model is not what the commit makes, or the gate did not accept it.
    """
    pushed = pushes(pushed)
    if pushed:
        push()
    return register(open_backend(project, pushed), by, when, image)


def register(backend: Backend, by: str, when: str, image: str | None = None) -> Version:
    """Register it; the same model of the same commit is one version, however often this is called.

    Raises:
        Refused: the model is not what the commit makes, or the gate did not accept it.
    """
    refuse_unclean()
    commit = head()
    told = describe(commit, tracked(commit), made(commit))
    if not of_commit(backend, commit):
        refuse_unmade()
        refuse_unfit(told, (tracked(commit)["reports/gate.md"] or b"").decode())
    return add(backend, told | {"image": image, "clean": True, "by": by, "when": when})


def of_commit(backend: Backend, commit: str) -> Version | None:
    """Find the newest version of a commit."""
    return next((one for one in reversed(backend.versions()) if one.commit == commit), None)


def add(backend: Backend, told: Manifest) -> Version:
    """Give a model its version, or the next one; if somebody else takes that, the one after it.

    Raises:
        Taken: others were first again and again.
    """
    for rest in reversed(range(ATTEMPTS)):
        name = next_version(one.name for one in backend.versions())
        new = Version(name, told["commit"], sealed({"release": name} | told))
        version = of_commit(backend, new.commit) or new
        try:
            backend.add_version(version, told["when"])
            return version
        except Taken:
            if not rest:
                raise
    raise AssertionError


def refuse_unclean() -> None:
    """Refuse to register where files are changed, or new and not ignored."""
    if changed := ask("status", "--porcelain").decode().splitlines():
        names = first([line[3:] for line in changed])
        raise Refused(f"not committed: {names}; git add and commit, then register")


def refuse_unmade() -> None:
    """Refuse a model that the commit would not make: a stage is not up to date."""
    if behind := status():
        raise Refused(f"not up to date: {', '.join(behind)}; run: uv run dvc repro, then commit")


def refuse_unfit(told: Manifest, report: str) -> None:
    """Refuse a model that the gate did not accept.

    Args:
        told: the release manifest.
        report: what `reports/gate.md` says.

    Raises:
        Refused: the newest candidate was refused, or the report is about another model.
    """
    if not told["gate"]["accepted"]:
        raise Refused(f"the gate: {told['gate']['verdict'] or 'no candidate was accepted'}")
    if told["model"]["version"] not in report.partition("\n")[0]:
        raise Refused(f"reports/gate.md is not about model {told['model']['version']}")
