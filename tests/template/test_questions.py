"""The questions and the page that lists them."""

import re
import sys
from pathlib import Path

import pytest

from tests.checkout import settings
from tools import questions


def test_the_page_of_questions_is_what_copier_asks() -> None:
    assert questions.PAGE.read_text("utf-8") == questions.page(settings())


def test_the_page_of_questions_follows_a_change_of_copier_yml() -> None:
    changed = settings()
    changed["description"]["help"] = "Why?\nBecause."
    assert "## Why?\n\n`description`: Because.\n" in questions.page(changed)
    assert "copyright_year" not in questions.page(changed)


def test_each_question_says_whether_it_can_change_later() -> None:
    silent = re.compile(r"can (change|be raised|be added) later|not change it later")
    asked = questions.asked(settings())
    assert [name for name, one in asked.items() if not silent.search(one["help"])] == []


def test_the_questions_come_in_the_order_a_person_thinks() -> None:
    assert list(questions.asked(settings())) == [
        "project_name", "package_name", "description", "author", "automation_level",
        "serving_targets", "experiment_tracker", "dvc_remote", "dvc_remote_url", "ci_host",
        "scale_out", "runtime", "runtime_index", "python_version", "license",
    ]  # fmt: skip


def test_an_outdated_page_is_told_and_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(questions, "ROOT", tmp_path)
    monkeypatch.setattr(questions, "PAGE", tmp_path / "questions.md")

    monkeypatch.setattr(sys, "argv", ["questions", "--check"])
    assert questions.main() == 1
    assert "questions.md is out of date; run: python -m tools.questions" in capsys.readouterr().err
    assert not (tmp_path / "questions.md").exists()

    monkeypatch.setattr(sys, "argv", ["questions"])
    assert questions.main() == 0
    monkeypatch.setattr(sys, "argv", ["questions", "--check"])
    assert questions.main() == 0
