"""The manifest in copier.yml leaves out what it means to leave out."""

from jinja2 import Environment, meta
from pathspec import GitIgnoreSpec

from tests.combinations import choices
from tests.repository import TEMPLATE, below, settings

NEVER_OURS = {"__pycache__", "*.py[co]", ".DS_Store", ".hypothesis", ".venv"} | {
    f".{tool}_cache" for tool in ("ruff", "mypy", "pytest")
}
SINCE_EVER = {"_copier_operation", "batch_engine", "ci_files"}


def young(manifest: str) -> set[str]:
    """Return the words of a manifest that an update from an earlier version would not find."""
    asked = {
        name for name, one in settings().items() if name[0] != "_" and one.get("when") is not False
    }
    return meta.find_undeclared_variables(Environment().parse(manifest)) - asked - SINCE_EVER


def patterns() -> list[str]:
    """Return every pattern that any answer leaves out, with each choice of a loop spelled out."""
    manifest = [*"\n".join(settings()["_exclude"]).splitlines(), *settings()["_skip_if_exists"]]
    plain = [line.strip() for line in manifest if line.strip() and "{%" not in line]
    trackers = choices()["experiment_tracker"]
    spelled = {line.replace("{{ tracker }}", tracker) for line in plain for tracker in trackers}
    return sorted(spelled - NEVER_OURS)


def idle(some: list[str], files: list[str]) -> list[str]:
    """Return the patterns that match none of the files."""
    return [one for one in some if not any(GitIgnoreSpec.from_lines([one]).match_files(files))]


def destinations() -> list[str]:
    """Return the paths of the template's files as they will be in a project."""
    names = (file.relative_to(TEMPLATE).as_posix() for file in below(TEMPLATE))
    return [name.replace("{{ package_name }}", "ml").removesuffix(".jinja") for name in names]


def test_each_pattern_of_the_manifest_matches_a_file_of_the_template() -> None:
    assert len(patterns()) > 10
    assert idle(patterns(), destinations()) == []


def test_a_pattern_that_matches_nothing_is_seen() -> None:
    gone = ["/src/*/serving/gone.py", "/serving/rest.py"]
    assert idle(gone, destinations()) == gone


def test_what_is_yours_is_the_same_for_update_and_for_recopy() -> None:
    block = next(text for text in settings()["_exclude"] if "_copier_operation" in text)
    excluded = [line for line in block.splitlines() if "{%" not in line]
    assert excluded == settings()["_skip_if_exists"]


def test_an_update_finds_every_word_of_the_manifest_in_the_version_before() -> None:
    assert young("\n".join(settings()["_exclude"])) == set()


def test_a_word_that_only_this_version_derives_is_seen() -> None:
    assert young("{% if compositions %}/a{% endif %}") == {"compositions"}
