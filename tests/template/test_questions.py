"""Tests for the questions and the page generated from them."""

import re
import sys
from pathlib import Path

import pytest

from tests.checkout import settings
from tools import questions


def test_the_page_of_questions_is_up_to_date() -> None:
    assert questions.PAGE.read_text("utf-8") == questions.page(settings())


def test_a_change_of_copier_yml_changes_the_page() -> None:
    changed = settings()
    changed["description"]["help"] = "Why?\nBecause."
    assert "## Why?\n\n`description`: Because.\n" in questions.page(changed)
    assert "copyright_year" not in questions.page(changed)


def test_each_question_says_whether_its_answer_can_change_later() -> None:
    pattern = re.compile(r"can (change it|raise it|add targets) later|not change it later")
    asked = questions.asked_questions(settings())
    assert [name for name, one in asked.items() if not pattern.search(one["help"])] == []


def test_the_order_of_the_questions() -> None:
    assert list(questions.asked_questions(settings())) == [
        "project_name", "package_name", "description", "author", "automation_level",
        "serving_targets", "experiment_tracker", "model_library", "dvc_remote", "dvc_remote_url",
        "ci_host", "scale_out", "runtime", "runtime_index", "python_version", "license",
    ]  # fmt: skip


def test_an_outdated_page_is_detected_and_regenerated(
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
