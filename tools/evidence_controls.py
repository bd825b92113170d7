"""Make `shipped.json`: which shipped checks were seen to fail, and what the template shipped.

    python -m tools.evidence_controls [--check]

A test of a project has a negative control if `tests/projects/project_mutants.toml` plants a fault
that it must detect, or if `tests/projects/controls.toml` names a test of this repository that shows
its check fail. Both run in the whole check of this repository. Unedited
tests of all releases count, so the hashes of each are listed.
"""

import argparse
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import yaml
from modelyard.evidence.ledger import digest

from modelyard_lifecycle.evidence.project_now import function_hashes
from modelyard_lifecycle.evidence.rubric import read_rubric

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "src" / "modelyard_lifecycle" / "evidence" / "shipped.json"
MUTANTS = ROOT / "tests" / "projects" / "project_mutants.toml"
CONTROLS = ROOT / "tests" / "projects" / "controls.toml"
RELEASES = ROOT / "tests" / "releases.yml"
PACKAGE = "template/src/{{ package_name }}"
EXAMPLE = ("schema.py", "data/ingest.py")
SAMPLE = "df670f5cb3de1d75bf0e0c42c9e58345.dir"  # of data/sample, as DVC hashes it


def controls() -> dict[str, str]:
    """Return the negative control of each item of the rubric that has one."""
    mutants = tomllib.loads(MUTANTS.read_text("utf-8"))["mutant"]
    found = {test: f"planted fault: {one['name']}" for one in mutants for test in one["tests"]}
    listed: dict[str, str] = tomllib.loads(CONTROLS.read_text("utf-8"))["controls"]
    for test in listed.values():
        file, _, name = test.partition("::")
        assert f"def {name}(" in (ROOT / file).read_text("utf-8"), f"{CONTROLS}: no {test}"
    used = {item for test in read_rubric() for item in (*test.evidence, *test.full)}
    return dict(sorted((item, text) for item, text in (found | listed).items() if item in used))


def sources(commit: str) -> dict[str, str]:
    """Return the text of each file that matters, at a commit or (if empty) in the working tree."""
    folders = ("template/tests", "template/src/modelyard/testing", PACKAGE)
    if not commit:
        files = [one for folder in folders for one in (ROOT / folder).rglob("*.py")]
        return {one.relative_to(ROOT).as_posix(): one.read_text("utf-8") for one in files}
    names = git("ls-tree", "-r", "--name-only", commit, "--", *folders).splitlines()
    return {name: git("show", f"{commit}:{name}") for name in names if name.endswith(".py")}


def git(*words: str) -> str:
    """Return the output of git in this repository."""
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=True)
    return done.stdout.decode()


def hashes(texts: dict[str, str], proven: set[str]) -> dict[str, dict[str, str]]:
    """Return the hashes of the example, of the tests with a control, and of what they rely on."""
    found: dict[str, dict[str, str]] = {"example": {}, "tests": {}, "files": {}}
    for name, text in texts.items():
        short = name.removeprefix("template/")
        if short.startswith("tests/test_"):
            own = {f"{short}::{one}": value for one, value in function_hashes(text).items()}
            found["tests"] |= {test: value for test, value in own.items() if test in proven}
        elif short == "tests/conftest.py":
            found["files"][short] = digest(text)
        elif "/testing/" in short:
            found["files"][f"testing/{Path(short).name}"] = digest(text)
        elif name.removeprefix(f"{PACKAGE}/") in EXAMPLE:
            found["example"][name.removeprefix(f"{PACKAGE}/")] = digest(text)
    return found


def made() -> dict[str, Any]:
    """Return the content of `shipped.json`: of all releases, and of the working tree."""
    proven = controls()
    releases = [one["commit"] for one in yaml.safe_load(RELEASES.read_text("utf-8"))]
    parts = [hashes(sources(commit), {*proven}) for commit in [*releases, ""]]
    result: dict[str, Any] = {"controls": proven}
    for kind in ("example", "tests", "files"):
        names = sorted({name for part in parts for name in part[kind]})
        known = {name: {part[kind][name] for part in parts if name in part[kind]} for name in names}
        result[kind] = {name: sorted(values) for name, values in known.items()}
    result["example"]["data/sample"] = [SAMPLE]
    return result


def main() -> None:
    """Write shipped.json; with --check only fail if it is out of date."""
    reader = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    reader.add_argument("--check", action="store_true", help="change nothing, fail if it differs")
    content = json.dumps(made(), indent=1) + "\n"
    if not reader.parse_args().check:
        SHIPPED.write_text(content, "utf-8")
    elif SHIPPED.read_text("utf-8") != content:
        sys.exit(f"{SHIPPED.name} is out of date: python -m tools.evidence_controls")


if __name__ == "__main__":
    main()
