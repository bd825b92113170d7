"""The registry's command line."""

import argparse
import re
from datetime import UTC, datetime
from pathlib import Path

from ...places import RECORDS
from ..gates.ledger import who

EXAMPLES = """examples:
  register                       the model of this commit is v0.1.0, v0.2.0, ...
  promote v0.2.0 --stage prod    it serves prod from now on
  rollback --stage prod          the version before serves prod again
  fetch prod served/prod         its verified files, for MODEL_DIR

exit codes: 0 done, 1 an error, 20 a rule forbids it"""
STAGE = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")


def arguments(push: bool, words: list[str] | None = None) -> argparse.Namespace:
    """Read a command line.

    Args:
        push: what `--push` is if it is not there.
        words: after the program's name; None for those of this process.
    """
    plain = argparse.RawDescriptionHelpFormatter
    name = f"python -m {__package__}"
    parser = argparse.ArgumentParser(name, epilog=EXAMPLES, formatter_class=plain)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    read(commands)
    decide(commands)
    options = parser.parse_args(words)
    changes = {"push": push, "by": who() or "unknown", "now": now()}
    for option, value in changes.items():
        setattr(options, option, getattr(options, option, None) or value)
    return options


def read(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands that change nothing in the registry."""
    listing = commands.add_parser("list", help="all versions, where they serve, their metrics")
    listing.add_argument("--json", action="store_true", help="for programs")
    for name, text in {
        "show": "the release manifest",
        "card": "the model card",
        "verify": "compare every hash of the manifest with the files",
        "audit": "model, data, code, approver and gate report of a version or a recorded request",
        "fetch": "put the verified files into a folder",
    }.items():
        one = commands.add_parser(name, help=text)
        one.add_argument("version", help="such as v0.2.0, or a stage such as prod")
        if name == "fetch":
            one.add_argument("folder", type=Path, help="where, such as served/prod")
        if name == "audit":
            one.add_argument("--records", type=Path, default=RECORDS, help="of the REST service")


def decide(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands that add to the registry."""
    register = commands.add_parser("register", help="the model of this commit becomes a version")
    register.add_argument("--image", help="digest of an image that holds it: sha256:...")
    promote = commands.add_parser("promote", help="a version serves a stage from now on")
    rollback = commands.add_parser("rollback", help="the version before serves a stage again")
    quarantine = commands.add_parser("quarantine", help="a version may serve nowhere anew")
    quarantine.add_argument("--why", required=True, help="the reason")
    for one in (promote, quarantine):
        one.add_argument("version", help="such as v0.2.0")
    for one in (promote, rollback):
        one.add_argument("--stage", type=stage, default="prod", help="where it serves (prod)")
        one.add_argument("--into", type=Path, metavar="FOLDER", help="fetch its files as well")
    for one in (register, promote, rollback, quarantine):
        one.add_argument("--by", help="who decides it (git's user.name)")
        one.add_argument("--now", type=moment, help="the time it is (the clock's)")
        one.add_argument("--push", action="store_true", help="to the others (REGISTRY_PUSH=1)")


def stage(text: str) -> str:
    """Take the name of a stage.

    Raises:
        ArgumentTypeError: it cannot be part of a tag's name.
    """
    if not STAGE.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r}, allowed are a-z, 0-9 and - between them")
    return text


def moment(text: str) -> str:
    """Take a day or a time; without a zone it is UTC.

    Raises:
        ArgumentTypeError: it is none.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}, allowed is such as 2013-10-01") from None
    zoned = found if found.tzinfo else found.replace(tzinfo=UTC)
    return zoned.astimezone(UTC).isoformat(timespec="seconds")


def now() -> str:
    """Say what the clock says."""
    return datetime.now(UTC).isoformat(timespec="seconds")
