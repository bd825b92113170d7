"""Tests that the page on adopting shows the same table as the command."""

from modelyard_lifecycle.adopting.known_templates import kinds
from tests.checkout import ROOT, TEMPLATE

PAGE = ROOT / "docs" / "how-to" / "adopt-existing.md"


def test_the_page_shows_the_rows_of_the_table_and_no_other() -> None:
    shown: dict[str, list[tuple[str, ...]]] = {}
    for line in PAGE.read_text("utf-8").split("## Where files go")[1].splitlines():
        if line.startswith("### "):
            rows = shown.setdefault(line.removeprefix("### "), [])
        elif line.startswith("| `"):
            rows.append(tuple(cell.strip() for cell in line.replace("`", "").strip("|").split("|")))
    assert shown == {kind.name: list(kind.folders) for kind in kinds()}


def test_each_target_path_is_in_the_template_or_created_by_the_pipeline() -> None:
    created = {"data/raw"}  # dvc repro fetches it
    ours = {place for kind in kinds() for _, places in kind.folders for place in places.split(", ")}
    names = {place.replace("<package>", "{{ package_name }}").rstrip("/") for place in ours}
    known = {file.relative_to(TEMPLATE).as_posix() for file in TEMPLATE.rglob("*")}
    assert {name for name in names if name not in known and f"{name}.jinja" not in known} == created
