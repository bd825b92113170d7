"""Registry in git tags: concurrent clones, failed pushes, tags of other tools."""

import shutil
import subprocess
from pathlib import Path

import pytest
from dvc.repo import Repo
from gto import api
from modelyard.console import UserError
from modelyard.registry import actions
from modelyard.registry.backend import Conflict, Refused
from modelyard.registry.git_tags import GitTags

from tests.runtime.registered import DAYS, git, make_model, register


@pytest.fixture
def registry(repository: Path) -> GitTags:
    """The registry in the repository's tags."""
    return GitTags()


@pytest.fixture
def clones(repository: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Two clones of one bare repository, both with the model and two registered versions."""
    bare, other = repository.parent / "bare.git", repository.parent / "other"
    git("clone", "--quiet", "--bare", ".", str(bare))
    git("remote", "add", "origin", str(bare))
    register(GitTags(push=True))
    register(GitTags(push=True), "second")
    git("push", "--quiet", "origin", "main")
    git("clone", "--quiet", str(bare), str(other))
    cache = f"[cache]\n    dir = {repository.as_posix()}/.dvc/cache\n"
    (other / ".dvc" / "config.local").write_text(cache, "utf-8")
    return repository, other


def promote(registry: GitTags, version: str, by: str = "Ada") -> str:
    return actions.promote(registry, version, "prod", by, DAYS[1]).event


def test_tags_are_named_as_by_gto(registry: GitTags) -> None:
    register(registry)
    promote(registry, "v0.1.0")
    actions.quarantine(registry, "v0.1.0", "a leak", "Ada", DAYS[2])
    assert git("tag", "--list").split() == ["model#prod#1", "model@v0.1.0", "model@v0.1.0!#2"]
    assert '"verdict": "Accepted: 3 of 3 checks passed."' in git("show", "model@v0.1.0")
    assert '"by": "Ada"' in git("show", "model#prod#1")


def test_of_two_clones_that_promote_concurrently_one_wins(
    clones: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = GitTags(push=True)
    monkeypatch.chdir(clones[1])
    theirs = GitTags(push=True)
    known = theirs.events()
    monkeypatch.setattr(theirs, "events", lambda: known)
    monkeypatch.chdir(clones[0])
    assert promote(ours, "v0.2.0", "Ada") == "model#prod#1"
    monkeypatch.chdir(clones[1])
    with pytest.raises(Conflict, match="Ada was first: model#prod#1 is of 2024-05-02"):
        promote(theirs, "v0.1.0", "Bob")
    for clone in clones:
        monkeypatch.chdir(clone)
        assert [(one.version, one.by) for one in GitTags().events()] == [("v0.2.0", "Ada")]


def test_the_second_registration_gets_the_next_version(
    clones: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(clones[1])
    theirs = GitTags(push=True)
    make_model("theirs")
    monkeypatch.chdir(clones[0])
    assert register(GitTags(push=True), "ours") == "v0.3.0"
    monkeypatch.chdir(clones[1])
    assert register(theirs) == "v0.4.0"


def test_concurrent_registrations_of_one_commit_make_one_version(
    clones: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_model("third")
    git("push", "--quiet", "origin", "main")
    monkeypatch.chdir(clones[1])
    git("pull", "--quiet", "--no-tags")
    Repo(".").checkout(force=True)
    theirs = GitTags(push=True)
    monkeypatch.chdir(clones[0])
    assert register(GitTags(push=True)) == "v0.3.0"
    monkeypatch.chdir(clones[1])
    assert register(theirs, day=1) == "v0.3.0"
    assert [one.name for one in theirs.versions()] == ["v0.1.0", "v0.2.0", "v0.3.0"]


def test_a_promotion_that_cannot_be_pushed_is_not_stored(clones: tuple[Path, Path]) -> None:
    registry = GitTags(push=True)
    git("remote", "set-url", "origin", str(clones[0] / "nowhere"))
    with pytest.raises(UserError, match="git "):
        promote(registry, "v0.2.0")
    assert GitTags().events() == []


def test_pushing_without_a_remote_is_an_error_with_a_remedy(repository: Path) -> None:
    with pytest.raises(UserError, match="there is no git remote origin to push to; git remote add"):
        GitTags(push=True)


def test_a_version_of_another_tool_is_listed_but_never_promoted(
    registry: GitTags,
) -> None:
    git("tag", "--annotate", "--message=by hand", "model@v0.1.0")
    assert [one.name for one in registry.versions()] == ["v0.1.0"]
    with pytest.raises(Refused, match="was not registered from a clean working tree"):
        promote(registry, "v0.1.0")


def test_a_promotion_by_another_tool_counts(registry: GitTags) -> None:
    register(registry)
    git("tag", "--annotate", "--message=by hand", "model#prod#1")
    (event,) = registry.events()
    assert (event.number, event.version, event.stage) == (1, "v0.1.0", "prod")
    assert event.by  # the tagger


def test_gto_shows_the_same_versions_and_stages(registry: GitTags) -> None:
    register(registry)
    register(registry, "second")
    promote(registry, "v0.2.0")
    assert api.show(".")["model"]["version"] == "v0.2.0"
    assert api.show(".")["model"]["stage"] == {"prod": "v0.2.0"}
    actions.quarantine(registry, "v0.2.0", "a leak", "Ada", DAYS[2])
    assert api.show(".")["model"]["version"] == "v0.1.0"


def test_other_tags_are_ignored(registry: GitTags) -> None:
    for name in ("v1.0.0", "model@old", "model#prod", "data@v0.1.0"):
        git("tag", "--annotate", "--message=something else", name)
    git("tag", "model@v0.1.0")
    assert (registry.versions(), registry.events()) == ([], [])


def test_registration_without_a_git_identity(
    registry: GitTags, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, str(tmp_path / "nothing"))
    for name in ("GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL"):
        monkeypatch.delenv(name, raising=False)
    assert subprocess.run(["git", "config", "user.email"], capture_output=True).returncode == 1
    assert register(registry) == "v0.1.0"


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="signs the tags of this test")
def test_signed_tags_are_read(registry: GitTags, tmp_path: Path) -> None:
    register(registry)
    promote(registry, "v0.1.0")
    expected = (registry.versions(), registry.events())
    key = str(tmp_path / "key")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    for name in ("model@v0.1.0", "model#prod#1"):
        message = git("for-each-ref", "--format=%(contents)", f"refs/tags/{name}")
        sign = ["-c", "gpg.format=ssh", "-c", f"user.signingKey={key}", "tag", "--sign", "--force"]
        git(*sign, "--cleanup=verbatim", "--message", message, name, f"{name}^{{commit}}")
        assert "SIGNATURE" in git("cat-file", "tag", name)
    assert (registry.versions(), registry.events()) == expected


@pytest.mark.parametrize("setting", ["tag.gpgSign", "tag.forceSignAnnotated"])
def test_tags_are_created_where_git_is_set_to_sign_without_a_key(
    setting: str, registry: GitTags
) -> None:
    git("config", setting, "true")
    git("config", "gpg.program", "false")
    register(registry)
    assert promote(registry, "v0.1.0") == "model#prod#1"
    assert registry.events()[0].version == "v0.1.0"
