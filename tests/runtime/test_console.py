import subprocess
import sys

import pytest
from modelyard.console import UserError, first_line, run

from tests.runtime import example

PRINTS = (
    "from modelyard.console import UserError, run\n"
    "def main():\n    print('the checks')\n    raise UserError('refused')\nrun(main)"
)


def raising(mistake: BaseException) -> None:
    raise mistake


class Refused(UserError):
    label, exit_code = "refused", 20


@pytest.mark.parametrize(
    ("mistake", "label", "code"), [(UserError, "error", 1), (Refused, "refused", 20)]
)
def test_a_mistake_ends_a_command_with_one_line_and_its_own_code(
    mistake: type[UserError], label: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        run(lambda: raising(mistake("split.test is 1.4")))
    assert (end.value.code, capsys.readouterr().err) == (code, f"{label}: split.test is 1.4\n")


def test_the_error_comes_after_what_was_printed_before() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PRINTS], env=example.environment() | {"PYTHONUNBUFFERED": ""},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == "the checks\nerror: refused\n"


def test_an_error_of_the_system_without_a_file_ends_a_command_with_one_line() -> None:
    with pytest.raises(SystemExit) as end:
        run(lambda: raising(OSError("split.test is 1.4")))
    assert end.value.code == "error: split.test is 1.4"


def test_a_file_that_may_not_be_read_is_named_with_the_reason() -> None:
    with pytest.raises(SystemExit) as end:
        run(lambda: raising(PermissionError(13, "Permission denied", "params.yaml")))
    assert end.value.code == "error: params.yaml: Permission denied"


def test_a_fault_of_the_program_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        run(lambda: raising(ZeroDivisionError()))


def test_an_interrupted_command_says_that_it_stopped() -> None:
    with pytest.raises(SystemExit) as end:
        run(lambda: raising(KeyboardInterrupt()))
    assert end.value.code == "stopped"


@pytest.mark.parametrize("failure", [ValueError(""), ValueError("\n"), ValueError()])
def test_an_error_without_a_message_is_named_by_its_type(failure: Exception) -> None:
    assert first_line(failure) == "ValueError"
    assert first_line(ValueError("\none\ntwo")) == "one"
