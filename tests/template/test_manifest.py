"""Tests for the manifest in copier.yml (`_exclude` and `_skip_if_exists`)."""

import re

from jinja2 import Environment, meta
from pathspec import GitIgnoreSpec

from tests.checkout import TEMPLATE, below, settings
from tests.template.combinations import choices

NEVER_OURS = {"__pycache__", "*.py[co]", ".DS_Store", ".hypothesis", ".venv"} | {
    f".{tool}_cache" for tool in ("ruff", "mypy", "pytest")
}
ALWAYS_DEFINED = {"_copier_operation", "batch_engine"}
TASKS = ("train", "monitor", "check-model", "deliver", "drill", "template-update")
WORDS = {"tracker": choices()["experiment_tracker"], "task": TASKS, "package_name": ("ml",)}


def new_variables(manifest: str) -> set[str]:
    """Return the variables of a manifest that an earlier version does not define."""
    asked = {
        name for name, one in settings().items() if name[0] != "_" and one.get("when") is not False
    }
    return meta.find_undeclared_variables(Environment().parse(manifest)) - asked - ALWAYS_DEFINED


def expanded(line: str) -> list[str]:
    """Return a pattern with each possible value of its variables, without other expressions."""
    for word, values in WORDS.items():
        if f"{{{{ {word} }}}}" in line:
            lines = [line.replace(f"{{{{ {word} }}}}", value) for value in values]
            return [one for some in lines for one in expanded(some)]
    return [re.sub(r"{{.*?}}", "", line).removeprefix("!")]


def lines() -> list[str]:
    """Return the patterns of the manifest as written in copier.yml."""
    manifest = "\n".join([*settings()["_exclude"], *settings()["_skip_if_exists"]])
    plain = re.sub(r"{%.*?%}", "", manifest, flags=re.DOTALL).splitlines()
    return [line.strip() for line in plain if line.strip()]


def patterns() -> list[str]:
    """Return all patterns of the manifest with each value of their variables."""
    return sorted({one for line in lines() for one in expanded(line)} - NEVER_OURS)


def unused(some: list[str], files: list[str]) -> list[str]:
    """Return the patterns that match none of the files."""
    return [one for one in some if not any(GitIgnoreSpec.from_lines([one]).match_files(files))]


def destinations() -> list[str]:
    """Return the paths of the template's files in a project."""
    names = (file.relative_to(TEMPLATE).as_posix() for file in below(TEMPLATE))
    return [name.replace("{{ package_name }}", "ml").removesuffix(".jinja") for name in names]


def too_broad(some: list[str]) -> list[str]:
    """Return the patterns that match the runtime as well as the project's own package."""
    return [one for one in some if re.match(r"!?(/?src/\*|\*\*/|[^/]+$)", one)]


def protected_patterns() -> tuple[list[str], list[str]]:
    """Return the patterns that updates exclude, and those that `copier recopy` skips."""
    block = next(text for text in settings()["_exclude"] if "_copier_operation" in text)
    return [line for line in block.splitlines() if "{%" not in line], settings()["_skip_if_exists"]


def matched(manifest: list[str]) -> set[str]:
    """Return the destinations that lines of the manifest match."""
    some = [line[: line.startswith("!")] + one for line in manifest for one in expanded(line)]
    return {*GitIgnoreSpec.from_lines(some).match_files(destinations())}


def test_each_pattern_of_the_manifest_matches_a_file_of_the_template() -> None:
    assert len(patterns()) > 10
    assert unused(patterns(), destinations()) == []


def test_a_pattern_that_matches_nothing_is_detected() -> None:
    planted = ["/src/modelyard/serving/gone.py", "/serving/rest.py"]
    assert unused(planted, destinations()) == planted


def test_no_pattern_matches_the_runtime_with_the_package() -> None:
    """Only /src does, and the pattern after it excepts the runtime."""
    some = [line for line in lines() if line not in NEVER_OURS]
    assert too_broad(some) == []
    assert some[some.index("/src") + 1] == "!/src/modelyard"
    planted = ["/src/*/serving/rest", "serving", "/src/ml/serving", "/tests"]
    assert too_broad(planted) == planted[:2]


def test_updates_and_recopy_do_not_change_the_yours_zone() -> None:
    """Except the entry files of a target, which an update must be able to add."""
    excluded, skipped = protected_patterns()
    yours, never = matched(skipped), matched(excluded)
    assert never < yours
    assert yours - never == {"src/ml/serving/__init__.py", "src/ml/serving/rest.py"}


def test_no_runtime_file_is_in_the_yours_zone() -> None:
    """An update must replace each of them."""
    assert [
        one for one in matched(protected_patterns()[1]) if one.startswith("src/modelyard/")
    ] == []


def test_every_variable_of_the_manifest_is_defined_in_the_previous_version() -> None:
    assert new_variables("\n".join(settings()["_exclude"])) == set()


def test_a_variable_that_only_this_version_defines_is_detected() -> None:
    assert new_variables("{% if compositions %}/a{% endif %}") == {"compositions"}
