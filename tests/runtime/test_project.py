"""Find the project by entry point or name; missing parts are reported."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from modelyard import project
from modelyard.console import UserError
from modelyard.project import find, load

SCHEMA = """from modelyard.schema.columns import Number, Text
from modelyard.schema.contract import Classes, Schema

SCHEMA = Schema(
    columns=(Text("order", ""), Number("price", "")),
    target=Classes("fate", "", values=("kept", "returned")),
    key="order",
)
"""
SHOP = {
    "__init__.py": "",
    "schema.py": SCHEMA,
    "data/__init__.py": "",
    "data/ingest.py": "def ingest(as_of):\n    return as_of\n",
    "features/__init__.py": "",
    "features/build.py": "def build(rows):\n    return {'price': rows['price']}\n",
    "models/__init__.py": "",
    "models/estimator.py": "def baseline(seed):\n    return seed\n",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the import path with a project's package, which no variable selects."""
    monkeypatch.delenv(project.VARIABLE)
    monkeypatch.syspath_prepend(tmp_path)
    for name, content in SHOP.items():
        put(tmp_path, f"shop/{name}", content)
    yield tmp_path
    for name in [name for name in sys.modules if name.split(".")[0] in ("shop", "market")]:
        del sys.modules[name]


def put(folder: Path, name: str, content: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(content, "utf-8")


def install(folder: Path, package: str) -> None:
    """Declare a package as a project by an entry point."""
    place = f"{package}-1.dist-info"
    put(folder, f"{place}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: 1\n")
    put(folder, f"{place}/entry_points.txt", f"[{project.GROUP}]\n{package} = {package}\n")


def test_the_only_project_that_is_installed_is_found(folder: Path) -> None:
    install(folder, "shop")
    found = find()
    assert (found.package, found.schema.key) == ("shop", "order")
    assert found.build({"price": 1}) == {"price": 1}  # type: ignore[dict-item]
    assert found.ingest("today") == "today"  # type: ignore[arg-type]
    assert found.estimator.baseline(3) == 3


@pytest.mark.usefixtures("folder")
def test_without_a_project_the_error_says_how_to_declare_one() -> None:
    with pytest.raises(UserError) as lack:
        find()
    assert str(lack.value) == (
        "no project is installed in this environment; declare it in pyproject.toml: "
        '[project.entry-points."modelyard.project"], NAME = "PACKAGE"'
    )


def test_several_projects_are_named_and_one_must_be_chosen(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(folder, "shop")
    install(folder, "market")
    with pytest.raises(UserError, match=r"are installed, choose one with --project: market, shop$"):
        find()
    assert find("shop").package == "shop"
    monkeypatch.setenv(project.VARIABLE, "shop")
    assert find().package == "shop"


def test_importing_a_project_is_left_to_who_needs_it(folder: Path) -> None:
    install(folder, "shop")
    assert project.find_package() == "shop"
    assert "shop" not in sys.modules


CONTRADICTION = SCHEMA.replace('key="order"', 'key="price"')
LACKS: list[tuple[str, str | None, str]] = [
    ("schema.py", None, "no module shop.schema, the project needs shop.schema"),
    ("schema.py", "", "schema.py has no SCHEMA"),
    ("schema.py", "SCHEMA = 5", "schema.py: SCHEMA is a int, allowed is a Schema(…)"),
    ("schema.py", CONTRADICTION, "schema.py: key price is a required Number"),
    ("features/build.py", None, "no module shop.features.build, the project needs"),
    ("features/build.py", "", "features/build.py has no build"),
]


@pytest.mark.parametrize(("name", "content", "message"), LACKS)
def test_a_missing_part_of_a_project_is_reported_with_its_file(
    name: str, content: str | None, message: str, folder: Path
) -> None:
    (folder / "shop" / name).unlink()
    if content is not None:
        put(folder, f"shop/{name}", content)
    with pytest.raises(UserError) as lack:
        load("shop")
    assert str(lack.value).startswith(message)


@pytest.mark.parametrize(("name", "part"), [("data", "ingest"), ("models", "estimator")])
def test_modules_that_only_some_stages_need_are_checked_when_needed(
    name: str, part: str, folder: Path
) -> None:
    (folder / f"shop/{name}/{part}.py").unlink()
    found = load("shop")
    with pytest.raises(UserError, match=r"^no module shop\.\w+\.\w+, the project needs"):
        getattr(found, part)


@pytest.mark.usefixtures("folder")
def test_a_missing_package_is_reported() -> None:
    with pytest.raises(UserError, match=r"^no module market, the project needs market\."):
        load("market")


@pytest.mark.parametrize(
    ("line", "kind"), [("import no_such_library", ModuleNotFoundError), ("int('x')", ValueError)]
)
def test_a_fault_of_the_projects_own_code_keeps_its_traceback(
    line: str, kind: type[Exception], folder: Path
) -> None:
    put(folder, "shop/schema.py", line)
    with pytest.raises(kind):
        load("shop")
