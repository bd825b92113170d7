"""Run the code blocks of a documentation page in order, as a reader would."""

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

from tests.docs.blocks import Block, apply_diff, commands, first_missing
from tools.service import free_port
from tools.steps import environment

SOURCE = "https://YOUR-HOST/modelyard.git"
PORT = re.compile(r"(?<=127\.0\.0\.1:)800[01]|(?<=--port )800[01]")
START_S = 60
QUIET = {"MODELYARD_PROGRESS_S": "600"}  # however slow this machine is
IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "A Reader"), ("EMAIL", "reader@example.invalid"))
}


def free_ports() -> dict[str, int]:
    """Return a free port in place of each that the pages name."""
    return {name: free_port() for name in ("8000", "8001")}


@dataclass
class Walk:
    """A reader who runs the blocks of a page.

    Args:
        folder: the current folder, at first where the page begins.
        source: replaces the template's address.
        quoted: the folder of the files that the page quotes in part; None if its blocks are whole.

    Attributes:
        ports: replace the ports 8000 and 8001, which may be taken.
        inside: words before each command, which run it in another network.
        running: services that were started.
    """

    folder: Path
    source: Path
    quoted: Path | None = None
    ports: dict[str, int] = field(default_factory=free_ports)
    inside: list[str] = field(default_factory=list)
    running: list["subprocess.Popen[str]"] = field(default_factory=list)

    def __enter__(self) -> "Walk":
        """Start reading."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the services with Ctrl+C as a reader would, or else with SIGTERM."""
        for process in self.running:
            for word in (signal.SIGINT, signal.SIGTERM):
                with suppress(ProcessLookupError, subprocess.TimeoutExpired):
                    os.killpg(process.pid, word)
                    process.wait(30)
            process.wait(30)

    def run_page(self, page: Iterable[Block]) -> None:
        """Run all blocks of a page, except those marked as not run."""
        for block in page:
            if not block.note.startswith("not run: "):
                self.do(block)

    def do(self, block: Block) -> None:
        """Run a block.

        Raises:
            AssertionError: the result differs from the page.
        """
        if block.note == "keeps running":
            self.start(block)
        elif block.language == "console":
            for command in commands(block):
                done = self.run(command.text)
                output = done.stdout
                failed = done.returncode != 0
                assert failed == command.fails, f"{block.place}: {command.text}\n{output}"
                missing = first_missing([self.local(line) for line in command.output], output)
                assert not missing, (
                    f"{block.place}: {command.text} does not print\n{missing}\nbut\n{output}"
                )
        elif block.language == "bash":
            done = self.run(f"set -e\n{block.text}")
            assert done.returncode == 0, f"{block.place}: {block.text}\n{done.stdout}"
        elif block.title:
            self.write(block)

    def run(self, command: str) -> "subprocess.CompletedProcess[str]":
        """Run a command in the folder where the previous one ended."""
        kept = self.folder.parent / "where"
        traced = f"set -o pipefail\ntrap 'pwd > \"{kept}\"' EXIT\n{self.local(command)}"
        done = subprocess.run(
            [*self.inside, "bash", "-c", traced],
            cwd=self.folder, env=reader_environment(), text=True, encoding="utf-8", check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.folder = Path(kept.read_text("utf-8").strip())
        return done

    def start(self, block: Block) -> None:
        """Start a service and wait for its expected output."""
        (command,) = commands(block)
        log = self.folder.parent / f"service-{len(self.running)}.log"
        with log.open("w", encoding="utf-8") as output:
            process = subprocess.Popen(
                [*self.inside, "bash", "-c", self.local(command.text)],
                cwd=self.folder, env=reader_environment(), text=True,
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip
        self.running.append(process)
        give_up = time.monotonic() + START_S
        expected = [self.local(line) for line in command.output]
        while missing := first_missing(expected, log.read_text("utf-8")):
            assert process.poll() is None, f"{block.place}: ended\n{log.read_text('utf-8')}"
            assert time.monotonic() < give_up, (
                f"{block.place}: did not print\n{missing}\nbut\n{log.read_text('utf-8')}"
            )
            time.sleep(0.1)

    def write(self, block: Block) -> None:
        """Apply a change to a file, or write the whole file even if the page shows a part."""
        file = self.folder / block.title
        if block.language == "diff":
            text = apply_diff(block.lines, file.read_text("utf-8"))
        else:
            text = quoted_file(block, self.quoted).read_text("utf-8") if self.quoted else block.text
        if block.title == "params.yaml":
            text = known_sections(text, file.read_text("utf-8"))
        file.write_text(text, "utf-8")

    def local(self, text: str) -> str:
        """Replace the template's address and the ports in a text by this machine's."""
        local = text.replace(SOURCE, str(self.source))
        return PORT.sub(lambda port: str(self.ports[port[0]]), local)


def quoted_file(block: Block, folder: Path) -> Path:
    """Return the file that a block quotes in part; `src/package` stands for any package."""
    return folder / re.sub("^src/[^/]+", "src/package", block.title)


def known_sections(text: str, project: str) -> str:
    """Return the sections of a `params.yaml` that the project's own file has."""
    before, *sections = re.split(r"(?m)^(?=[a-z]+:)", text)
    known = yaml.safe_load(project)
    named = {section.partition(":")[0]: section for section in sections}
    return before + "".join(
        known_parts(section, known[name]) for name, section in named.items() if name in known
    )


def known_parts(section: str, known: Container[str]) -> str:
    """Return the parts of a section that the project's own file has."""
    head, *parts = re.split(r"(?m)^(?=  [a-z_]+:)", section)
    return head + "".join(part for part in parts if part.partition(":")[0].strip() in known)


def reader_environment() -> dict[str, str]:
    """Return the environment of a reader who has uv, git, and a name."""
    tools = Path(sys.executable).parent
    path = os.pathsep.join([str(tools), os.environ["PATH"]])
    return environment() | IDENTITY | {"PATH": path, "COLUMNS": "120", "NO_COLOR": "1", **QUIET}


def working_folder(folder: Path) -> Path:
    """Create a reader's working folder; its parent takes logs."""
    made = folder / "desk"
    made.mkdir()
    return made
