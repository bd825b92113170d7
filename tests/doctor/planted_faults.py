"""The planted mistakes of `mistakes.toml`."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.doctor.problems import edit, make


@dataclass(frozen=True)
class Mistake:
    """Edits of a healthy project, and the finding that they must cause; see `mistakes.toml`."""

    check: str
    found: str
    edits: list[list[str]]
    at: str = ""
    place: str = ""
    level: str = "error"
    problem: str = "diabetes"

    def plant(self, root: Path, package: str) -> None:
        """Write a project with this mistake."""
        make(self.problem, root, package)
        for one in self.edits:
            edit(root, package, *one)

    def file(self, package: str) -> str:
        """Return the file that the finding must name."""
        return (self.place or self.edits[0][0]).replace("PACKAGE", f"src/{package}")


def read_mistakes() -> list[Mistake]:
    """Return all mistakes."""
    text = Path(__file__).with_name("mistakes.toml").read_text("utf-8")
    return [Mistake(**one) for one in tomllib.loads(text)["mistake"]]
