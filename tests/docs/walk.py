"""Do what a page of the documentation says, block by block, as its reader would."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Container, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tests.docs.blocks import Block, applied, commands, unseen
from tools.service import free_port
from tools.steps import environment

SOURCE = "https://YOUR-HOST/modelyard.git"
PORT = re.compile(r"(?<=127\.0\.0\.1:)8000|(?<=--port )8000")
START_S = 60
IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "A Reader"), ("EMAIL", "reader@example.invalid"))
}


@dataclass
class Walk:
    """A reader at work.

    Args:
        folder: where the page begins.
        source: what stands for the template's address.
        quoted: where the files lie of which the page quotes parts; None if its blocks are whole.

    Attributes:
        port: what stands for port 8000, which may be taken.
        inside: words before each command, which take it to another network.
        running: services that were started.
    """

    folder: Path
    source: Path
    quoted: Path | None = None
    port: int = field(default_factory=free_port)
    inside: list[str] = field(default_factory=list)
    running: list["subprocess.Popen[str]"] = field(default_factory=list)

    def __enter__(self) -> "Walk":
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop what was started, by Ctrl+C as a reader would; what takes no notice is told so."""
        for process in self.running:
            for word in (signal.SIGINT, signal.SIGTERM):
                with suppress(ProcessLookupError, subprocess.TimeoutExpired):
                    os.killpg(process.pid, word)
                    process.wait(30)
            process.wait(30)

    def through(self, page: Iterable[Block]) -> None:
        """Do all that a page says."""
        for block in page:
            if not block.note.startswith("not run: "):
                self.do(block)

    def do(self, block: Block) -> None:
        """Do what a block says.

        Raises:
            AssertionError: something else happens than it says.
        """
        if block.note == "keeps running":
            self.start(block)
        elif block.language == "console":
            for command in commands(block):
                done = self.run(command.text)
                said = done.stdout
                failed = done.returncode != 0
                assert failed == command.fails, f"{block.place}: {command.text}\n{said}"
                lost = unseen([self.local(line) for line in command.output], said)
                assert not lost, (
                    f"{block.place}: {command.text} does not print\n{lost}\nbut\n{said}"
                )
        elif block.language == "bash":
            done = self.run(f"set -e\n{block.text}")
            assert done.returncode == 0, f"{block.place}: {block.text}\n{done.stdout}"
        elif block.title:
            self.write(block)

    def run(self, command: str) -> "subprocess.CompletedProcess[str]":
        """Run a command where the one before it ended."""
        kept = self.folder.parent / "where"
        traced = f"set -o pipefail\ntrap 'pwd > \"{kept}\"' EXIT\n{self.local(command)}"
        done = subprocess.run(
            [*self.inside, "bash", "-c", traced],
            cwd=self.folder, env=surroundings(), text=True, encoding="utf-8", check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.folder = Path(kept.read_text("utf-8").strip())
        return done

    def start(self, block: Block) -> None:
        """Start a service and wait until it has said what it should."""
        (command,) = commands(block)
        log = self.folder.parent / f"service-{len(self.running)}.log"
        with log.open("w", encoding="utf-8") as output:
            process = subprocess.Popen(
                [*self.inside, "bash", "-c", self.local(command.text)],
                cwd=self.folder, env=surroundings(), text=True,
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip
        self.running.append(process)
        give_up = time.monotonic() + START_S
        expected = [self.local(line) for line in command.output]
        while lost := unseen(expected, log.read_text("utf-8")):
            assert process.poll() is None, f"{block.place}: ended\n{log.read_text('utf-8')}"
            assert time.monotonic() < give_up, (
                f"{block.place}: did not print\n{lost}\nbut\n{log.read_text('utf-8')}"
            )
            time.sleep(0.1)

    def write(self, block: Block) -> None:
        """Apply a change to a file, or write it, whole even if the page shows a part."""
        file = self.folder / block.title
        if block.language == "diff":
            text = applied(block.lines, file.read_text("utf-8"))
        else:
            text = whole(block, self.quoted).read_text("utf-8") if self.quoted else block.text
        if block.title == "params.yaml":
            text = known_sections(text, file.read_text("utf-8"))
        file.write_text(text, "utf-8")

    def local(self, text: str) -> str:
        """Return a text with this machine's address of the template, and its free port."""
        return PORT.sub(str(self.port), text.replace(SOURCE, str(self.source)))


def whole(block: Block, folder: Path) -> Path:
    """Return the file of which a block shows a part; `src/package` stands for any package."""
    return folder / re.sub("^src/[^/]+", "src/package", block.title)


def known_sections(text: str, project: str) -> str:
    """Return those sections of a `params.yaml` that the project's own has, too."""
    before, *sections = re.split(r"(?m)^(?=[a-z]+:)", text)
    known = yaml.safe_load(project)
    named = {section.partition(":")[0]: section for section in sections}
    return before + "".join(
        known_parts(section, known[name]) for name, section in named.items() if name in known
    )


def known_parts(section: str, known: Container[str]) -> str:
    """Return those parts of a section that the project's own has, too."""
    head, *parts = re.split(r"(?m)^(?=  [a-z_]+:)", section)
    return head + "".join(part for part in parts if part.partition(":")[0].strip() in known)


def surroundings() -> dict[str, str]:
    """Return the environment of a reader who has uv, git, and a name."""
    tools = Path(sys.executable).parent
    path = os.pathsep.join([str(tools), os.environ["PATH"]])
    return environment() | IDENTITY | {"PATH": path, "COLUMNS": "120", "NO_COLOR": "1"}


def desk(folder: Path) -> Path:
    """Make the folder in which a reader works, one below a folder for notes."""
    made = folder / "desk"
    made.mkdir()
    return made
