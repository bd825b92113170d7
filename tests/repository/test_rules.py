"""Tests for the rules of this repository that can be checked automatically."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from tests.checkout import ROOT, TEMPLATE, below, settings, texts, tracked

UNSAFE = {"_tasks", "_jinja_extensions", "_migrations"}
CONTROL_BUDGET = 15
MAY_CONTROL = {"pyproject.toml.jinja", "README.md.jinja"}
REGISTRIES = [
    ".".join(words) for words in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"))
]


def test_copying_runs_no_code() -> None:
    assert UNSAFE & settings().keys() == set()


def controls(named: dict[str, str]) -> dict[str, int]:
    """Return the number of control statements of each text that has any."""
    counts = {name: len(re.findall(r"{%-?+\s*+(?!end)", text)) for name, text in named.items()}
    return {name: count for name, count in counts.items() if count}


def test_control_statements_stay_within_the_budget_and_in_two_files() -> None:
    jinja = {file.name: file.read_text("utf-8") for file in TEMPLATE.rglob("*.jinja")}
    counts = controls(jinja)
    assert counts.keys() <= MAY_CONTROL
    assert sum(counts.values()) <= CONTROL_BUDGET


def test_control_statements_are_counted() -> None:
    text = "{% if a %}{%- for b in c %}{%- endfor %}{% elif d %}{% else %}{% endif %}"
    assert controls({"a": text, "b": "{{ a }}"}) == {"a": 4}


def test_paths_contain_no_jinja_except_the_package_and_the_answers_file() -> None:
    names = " ".join(file.relative_to(TEMPLATE).as_posix() for file in below(TEMPLATE))
    assert set(re.findall(r"{[^}]*}+", names)) == {
        "{{ package_name }}",
        "{{ _copier_conf.answers_file }}",
    }


def without_answers(named: dict[str, str]) -> list[str]:
    """Return the templates that use no answer and no variable derived from one."""
    words = "|".join(["_copier_answers", *(name for name in settings() if name[0] != "_")])
    uses = re.compile(rf"{{{{[^}}]*\b({words})\b|{{%[^%]*\b({words})\b")
    return [name for name, text in named.items() if not uses.search(text)]


def test_only_files_that_use_an_answer_are_templates() -> None:
    jinja = [file for file in below(TEMPLATE) if file.suffix == ".jinja"]
    assert without_answers(texts(jinja)) == []


def test_a_template_that_uses_no_answer_is_detected() -> None:
    planted = {
        "a": "{{ package_name }}",
        "b": "plain",
        "c": "{{ 1 }} package_name",
        "d": "{%if license",
    }
    assert without_answers(planted) == ["b", "c"]


def test_plain_files_contain_no_jinja() -> None:
    plain = [file for file in below(TEMPLATE) if file.suffix != ".jinja"]
    assert [
        name for name, text in texts(plain).items() if re.search(r"(?<!\$){{ *\w+ *}}|{%", text)
    ] == []


def forbidden_texts() -> list[str]:
    """Return texts that no file may contain: registries, folders and indexes of this machine."""
    indexes = [
        value for name, value in os.environ.items() if re.match(r"(UV|PIP)_.*(INDEX|LINK)", name)
    ]
    hosts = [urlsplit(word).hostname or word for value in indexes for word in value.split()]
    home = [f"{Path.home()}/"] if len(Path.home().parts) > 1 else []
    return [
        word for word in [*REGISTRIES, f"{ROOT}/", *home, *hosts] if "://" in word or len(word) > 4
    ]


def leaks(named: dict[str, str], words: list[str]) -> list[str]:
    """Return the forbidden words in each text."""
    return [f"{name}: {word}" for name, text in named.items() for word in words if word in text]


def test_no_file_names_a_registry_or_this_machine() -> None:
    assert leaks(texts(tracked()), forbidden_texts()) == []


def test_a_registry_and_a_path_of_this_machine_are_detected() -> None:
    planted = {"a": f"https://{REGISTRIES[0]}/simple", "b": f"cd {ROOT}/tests", "c": "clean"}
    assert [fault[0] for fault in leaks(planted, forbidden_texts())] == ["a", "b"]
