import errno
import os
from pathlib import Path

import pytest
from modelyard.console import UserError
from modelyard.files import (
    atomic_write,
    read_json,
    read_lines,
    sha256,
    write_bytes,
    write_json,
    write_lines,
)


def write_half(file: Path) -> None:
    with atomic_write(file) as aside:
        aside.write_bytes(b"half")
        raise ZeroDivisionError


def full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    file = tmp_path / "folder" / "file.bin"
    write_bytes(file, b"old")
    return file


def test_a_file_is_written_with_the_folders_that_it_needs(old: Path) -> None:
    assert old.read_bytes() == b"old"


def test_a_file_is_replaced_as_a_whole(old: Path) -> None:
    write_bytes(old, b"new and longer")
    assert old.read_bytes() == b"new and longer"
    assert os.listdir(old.parent) == ["file.bin"]


def test_an_unfinished_file_is_not_seen_under_its_name(old: Path) -> None:
    with atomic_write(old) as aside:
        aside.write_bytes(b"half")
        assert old.read_bytes() == b"old"


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    old: Path, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, call, full_disk)
    with pytest.raises(UserError, match=r"cannot write .*file\.bin: No space left on device"):
        write_bytes(old, b"new")
    assert old.read_bytes() == b"old"
    assert os.listdir(old.parent) == ["file.bin"]


def test_a_failure_of_the_writer_leaves_the_old_file_and_nothing_else(old: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        write_half(old)
    assert old.read_bytes() == b"old"
    assert os.listdir(old.parent) == ["file.bin"]


def test_json_comes_back_as_it_was_written_and_ends_with_a_line_break(tmp_path: Path) -> None:
    value = {"b": [1, 2.5, None], "a": "é"}
    write_json(tmp_path / "x.json", value)
    assert read_json(tmp_path / "x.json", "") == value
    assert list(read_json(tmp_path / "x.json", "")) == ["b", "a"]
    assert (tmp_path / "x.json").read_bytes().endswith(b"}\n")


def test_a_missing_json_file_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"x\.json does not exist; run: make it"):
        read_json(tmp_path / "x.json", "run: make it")


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe"])
def test_a_damaged_json_file_names_the_remedy(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(UserError, match=r"x\.json is not JSON .*; run: make it"):
        read_json(tmp_path / "x.json", "run: make it")


def test_a_hash_is_that_of_the_content(old: Path) -> None:
    assert sha256(old).startswith("cba06b57")
    write_bytes(old, b"old ")
    assert not sha256(old).startswith("cba06b57")


TEXTS = ["a\x85b", "\u2028", "\u2029", "\x0b\x0c\x1c\x1d\x1e", "\r", "\n", "\r\n", ""]


def test_any_text_comes_back_from_json_lines(tmp_path: Path) -> None:
    write_lines(tmp_path / "lines.jsonl", TEXTS)
    assert read_lines(tmp_path / "lines.jsonl") == TEXTS


@pytest.mark.parametrize(
    "content", [b"[1,\r2]\n3", b"[1,2]\r\n3\r\n", b"\n[1,2]\n\n3\n \n"], ids=str
)
def test_lines_end_with_a_line_feed_only_and_blank_ones_do_not_count(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "lines.jsonl").write_bytes(content)
    assert read_lines(tmp_path / "lines.jsonl") == [[1, 2], 3]


@pytest.mark.parametrize("line", [b"{", b"\xff", b"[" * 100_000, b"<<<<<<< HEAD", b"1\xc2\x852"])
def test_a_line_that_is_not_json_is_named(tmp_path: Path, line: bytes) -> None:
    (tmp_path / "lines.jsonl").write_bytes(b'{"a": "\xc2\x85"}\n\n' + line + b"\n5\n")
    with pytest.raises(UserError, match=r"^line 3 of .*lines\.jsonl is damaged; run: it$"):
        read_lines(tmp_path / "lines.jsonl", "run: it")


def test_a_file_that_does_not_exist_has_no_lines(tmp_path: Path) -> None:
    assert read_lines(tmp_path / "lines.jsonl") == []
