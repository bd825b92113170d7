"""What a check found: one finding, with its place and its remedy."""

from dataclasses import dataclass
from typing import Any, Literal

Level = Literal["error", "note"]


@dataclass(frozen=True)
class Finding:
    """A mistake, or something left to complete.

    Args:
        check: name of the check.
        file: path in the project.
        found: what was found.
        allowed: what is allowed.
        remedy: what to do.
        line: line in the file, from 1, where it is known.
        level: only an error makes `modelyard doctor` fail.
    """

    check: str
    file: str
    found: str
    allowed: str
    remedy: str
    line: int | None = None
    level: Level = "error"

    @property
    def place(self) -> str:
        """The file, with the line if it is known."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def record(self) -> dict[str, Any]:
        """Return the finding as JSON."""
        return {
            "level": self.level,
            "check": self.check,
            "file": self.file,
            "line": self.line,
            "found": self.found,
            "allowed": self.allowed,
            "remedy": self.remedy,
        }
