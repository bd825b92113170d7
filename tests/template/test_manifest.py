"""The manifest in copier.yml leaves out what it means to leave out."""

import re

from jinja2 import Environment, meta
from pathspec import GitIgnoreSpec

from tests.checkout import TEMPLATE, below, settings
from tests.template.combinations import choices

NEVER_OURS = {"__pycache__", "*.py[co]", ".DS_Store", ".hypothesis", ".venv"} | {
    f".{tool}_cache" for tool in ("ruff", "mypy", "pytest")
}
SINCE_EVER = {"_copier_operation", "batch_engine"}
TASKS = ("train", "monitor", "check-model", "deliver", "drill", "template-update")
WORDS = {"tracker": choices()["experiment_tracker"], "task": TASKS, "package_name": ("ml",)}


def young(manifest: str) -> set[str]:
    """Return the words of a manifest that an update from an earlier version would not find."""
    asked = {
        name for name, one in settings().items() if name[0] != "_" and one.get("when") is not False
    }
    return meta.find_undeclared_variables(Environment().parse(manifest)) - asked - SINCE_EVER


def spelled(line: str) -> list[str]:
    """Return a pattern once for each word that may stand in it, and without an expression."""
    for word, values in WORDS.items():
        if f"{{{{ {word} }}}}" in line:
            lines = [line.replace(f"{{{{ {word} }}}}", value) for value in values]
            return [one for some in lines for one in spelled(some)]
    return [re.sub(r"{{.*?}}", "", line).removeprefix("!")]


def lines() -> list[str]:
    """Return the manifest's patterns as they stand in copier.yml."""
    manifest = "\n".join([*settings()["_exclude"], *settings()["_skip_if_exists"]])
    plain = re.sub(r"{%.*?%}", "", manifest, flags=re.DOTALL).splitlines()
    return [line.strip() for line in plain if line.strip()]


def patterns() -> list[str]:
    """Return every pattern that any answer leaves out or brings back, each choice spelled out."""
    return sorted({one for line in lines() for one in spelled(line)} - NEVER_OURS)


def idle(some: list[str], files: list[str]) -> list[str]:
    """Return the patterns that match none of the files."""
    return [one for one in some if not any(GitIgnoreSpec.from_lines([one]).match_files(files))]


def destinations() -> list[str]:
    """Return the paths of the template's files as they will be in a project."""
    names = (file.relative_to(TEMPLATE).as_posix() for file in below(TEMPLATE))
    return [name.replace("{{ package_name }}", "ml").removesuffix(".jinja") for name in names]


def loose(some: list[str]) -> list[str]:
    """Return the patterns that would catch the runtime together with the project's own package."""
    return [one for one in some if re.match(r"!?(/?src/\*|\*\*/|[^/]+$)", one)]


def born_once() -> tuple[list[str], list[str]]:
    """Return what an update leaves out, and what `copier recopy` leaves as it is."""
    block = next(text for text in settings()["_exclude"] if "_copier_operation" in text)
    return [line for line in block.splitlines() if "{%" not in line], settings()["_skip_if_exists"]


def matched(manifest: list[str]) -> set[str]:
    """Return the destinations that some lines of the manifest match."""
    some = [line[: line.startswith("!")] + one for line in manifest for one in spelled(line)]
    return {*GitIgnoreSpec.from_lines(some).match_files(destinations())}


def test_each_pattern_of_the_manifest_matches_a_file_of_the_template() -> None:
    assert len(patterns()) > 10
    assert idle(patterns(), destinations()) == []


def test_a_pattern_that_matches_nothing_is_seen() -> None:
    gone = ["/src/modelyard/serving/gone.py", "/serving/rest.py"]
    assert idle(gone, destinations()) == gone


def test_no_pattern_catches_the_runtime_with_the_package() -> None:
    """Only /src does, and the pattern after it takes the runtime out again."""
    some = [line for line in lines() if line not in NEVER_OURS]
    assert loose(some) == []
    assert some[some.index("/src") + 1] == "!/src/modelyard"
    planted = ["/src/*/serving/rest", "serving", "/src/ml/serving", "/tests"]
    assert loose(planted) == planted[:2]


def test_what_is_yours_is_left_alone_by_updates_and_by_recopy() -> None:
    """All of it but what a target brings late, which an update must be able to add."""
    excluded, skipped = born_once()
    yours, never = matched(skipped), matched(excluded)
    assert never < yours
    assert yours - never == {"src/ml/serving/__init__.py", "src/ml/serving/rest.py"}


def test_no_runtime_file_is_yours() -> None:
    """An update must bring each of them."""
    assert [one for one in matched(born_once()[1]) if one.startswith("src/modelyard/")] == []


def test_an_update_finds_every_word_of_the_manifest_in_the_version_before() -> None:
    assert young("\n".join(settings()["_exclude"])) == set()


def test_a_word_that_only_this_version_derives_is_seen() -> None:
    assert young("{% if compositions %}/a{% endif %}") == {"compositions"}
