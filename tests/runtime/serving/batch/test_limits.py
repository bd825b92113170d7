import pytest
from modelyard.console import UserError
from modelyard.serving.batch.manifest import Limits
from modelyard.settings import Settings

from tests.checkout import ROOT


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("BATCH_CHUNK_ROWS", "0", "a whole number from 1 to 10,000,000"),
        ("BATCH_WORKERS", "-1", "a whole number from 0 to 1,024"),
    ],
)
def test_an_invalid_setting_is_refused_with_the_variables_name(
    name: str, value: str, allowed: str
) -> None:
    with pytest.raises(UserError, match=f"^{name} is '{value}', allowed is {allowed}$"):
        Limits.read({name: value})


def test_the_example_file_lists_every_setting_with_its_default() -> None:
    lines = (ROOT / "includes/sections/env/batch.env").read_text("utf-8").splitlines()
    shown = dict(line.split("=", 1) for line in lines if line.startswith("BATCH_"))
    own = Limits.__dataclass_fields__.keys() - Settings.__dataclass_fields__.keys()
    assert set(shown) == {name.upper() for name in own}
    assert Limits.read(shown) == Limits()
