"""Fenced code blocks of a Markdown page, and how the tests run each kind.

````
```console                         commands after `$ `, and what they print: run and compared
```bash                            commands without their output: run
```python title="src/x/schema.py"  a file or a part of one: written
```diff title="params.yaml"        lines to take out and to put in: applied
```text                            anything else: only read
````

A comment on the line before marks an exception: `<!-- not run: why -->` for what no test can
do, `<!-- keeps running -->` for a service that later blocks use.
"""

import re
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"```(?P<language>\w*)(?: title=\"(?P<title>[^\"]+)\")?$")
NUMBER = re.compile(r"-?\d+\.\d+(?:e[-+]?\d+)?")


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        place: page and line, for messages.
        language: the word after the fence.
        title: the file that it shows; empty if none.
        note: the text of the comment before it; empty if none.
        lines: its content.
    """

    place: str
    language: str
    title: str
    note: str
    lines: list[str]

    @property
    def text(self) -> str:
        """The lines as one text with a closing line break."""
        return "\n".join(self.lines) + "\n"


def blocks(page: Path) -> list[Block]:
    """Return the blocks of a page in order.

    Raises:
        ValueError: a fence is not closed, or is of an unknown kind.
    """
    found: list[Block] = []
    lines = page.read_text("utf-8").splitlines()
    at = 0
    while at < len(lines):
        fence = FENCE.match(lines[at])
        if lines[at].startswith("```") and not fence:
            raise ValueError(f"{page.name}:{at + 1}: {lines[at]} is an unknown kind of fence")
        if fence:
            if "```" not in lines[at + 1 :]:
                raise ValueError(f"{page.name}:{at + 1}: the block is not closed")
            end = lines.index("```", at + 1)
            note = re.fullmatch(r"<!-- (.+) -->", lines[at - 1]) if at else None
            place, comment = f"{page.name}:{at + 1}", note[1] if note else ""
            own = lines[at + 1 : end]
            found.append(Block(place, fence["language"], fence["title"] or "", comment, own))
            at = end
        at += 1
    return found


@dataclass
class Command:
    """A command of a console block and its expected output."""

    text: str
    output: list[str]

    @property
    def fails(self) -> bool:
        """Whether the expected output is that of a failure."""
        return any(re.match(r"(error|ERROR|FAILED)\b", line) for line in self.output)


def commands(block: Block) -> list[Command]:
    """Return the commands of a console block; a backslash or pipe at the end continues one."""
    found: list[Command] = []
    for line in block.lines:
        if line.startswith("$ "):
            found.append(Command(line[2:], []))
        elif not found:
            raise ValueError(f"{block.place}: a console block must begin with a command after `$ `")
        elif not found[-1].output and found[-1].text.endswith(("\\", "|")):
            found[-1].text += "\n" + line
        else:
            found[-1].output.append(line)
    return found


def first_missing(expected: list[str], found: str) -> str:
    """Return the first expected line that is missing or out of order; empty if none.

    A line `...` stands for any number of lines, `…` within a line for any text. A number with a
    decimal point may differ by 2 %.
    """
    rest = [line.rstrip() for line in found.splitlines()]
    for line in expected:
        if line.strip() in ("", "..."):
            continue
        places = [at for at, other in enumerate(rest) if matches(line.rstrip(), other)]
        if not places:
            return line
        rest = rest[places[0] + 1 :]
    return ""


def matches(expected: str, found: str) -> bool:
    """Return whether a line matches the expected one."""
    pieces = [re.escape(piece).replace("…", ".*?") for piece in NUMBER.split(expected)]
    match = re.fullmatch(f"({NUMBER.pattern})".join(pieces), found)
    if not match:
        return False
    wanted = [float(number) for number in NUMBER.findall(expected)]
    values = [float(number) for number in match.groups()]
    return all(abs(a - b) <= 0.02 * max(1, abs(a)) for a, b in zip(wanted, values, strict=True))


def apply_diff(change: list[str], content: str) -> str:
    """Return a file's content with the lines after `-` replaced by those after `+`.

    Raises:
        ValueError: the lines that stay or go do not occur exactly once.
    """
    before = "".join(f"\n{line[1:]}" for line in change if line[0] in " -")
    after = "".join(f"\n{line[1:]}" for line in change if line[0] in " +")
    lines = re.compile(re.escape(before) + r"(?=\n)")
    places = len(lines.findall(f"\n{content}"))
    if places != 1:
        raise ValueError(f"occurs {places} times, not once:{before}")
    return lines.sub(lambda _: after, f"\n{content}").removeprefix("\n")
