"""Help and argument errors of the modules that images start."""

import runpy
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path

import modelyard
import pytest

PACKAGE = Path(str(modelyard.__file__)).parent
# Not for people: retraining starts registry/dvc.py, which ends when its standard input does.
OTHERS = {"__main__.py", "registry/dvc.py", "serving/edge/run.py", "testing/small.py"}
COMMANDS = sorted(
    ".".join((PACKAGE.name, *file.relative_to(PACKAGE).with_suffix("").parts))
    for file in PACKAGE.rglob("*.py")
    if 'if __name__ == "__main__":' in file.read_text("utf-8")
    and file.relative_to(PACKAGE).as_posix() not in OTHERS
)


def ended(module: str, words: list[str], monkeypatch: pytest.MonkeyPatch) -> int | str | None:
    """Return the exit code of a command that ends by itself."""
    monkeypatch.setattr(sys, "argv", [module, *words])
    with pytest.raises(SystemExit) as end:
        runpy.run_module(module.removesuffix(".__main__"), run_name="__main__", alter_sys=True)
    return end.value.code


@pytest.mark.filterwarnings("ignore:.*found in sys.modules:RuntimeWarning")
@pytest.mark.parametrize("module", COMMANDS)
def test_help_says_what_a_command_does_and_shows_an_example(
    module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts: list[str] = []
    monkeypatch.setattr(ArgumentParser, "print_help", lambda self: texts.append(self.format_help()))
    monkeypatch.setenv("COLUMNS", "100")  # by which argparse breaks lines, else the terminal's
    code = ended(module, ["--help"], monkeypatch)
    assert code == 0
    (text,) = texts
    words = f"python -m {module.removesuffix('.__main__')}"
    assert text.startswith(f"usage: {words}")
    assert "example" in text
    assert text.count("\n") >= 8
    assert max(map(len, text.splitlines())) <= 110


@pytest.mark.filterwarnings("ignore:.*found in sys.modules:RuntimeWarning")
@pytest.mark.parametrize(
    ("module", "words", "text"),
    [
        ("serving.rest", ["--port", "x"], "--port: is 'x', allowed is a whole number"),
        ("serving.rest", ["again"], "unrecognized arguments: again"),
        ("serving.batch", ["rows"], "the following arguments are required: OUTPUT"),
    ],
)
def test_an_invalid_argument_is_reported(
    module: str, words: list[str], text: str,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    assert ended(f"{PACKAGE.name}.{module}", words, monkeypatch) == 2
    assert text in capsys.readouterr().err


def test_images_start_without_typer() -> None:
    text = "import sys; sys.modules['typer'] = None; import " + ", ".join(COMMANDS)
    subprocess.run([sys.executable, "-c", text], check=True)
