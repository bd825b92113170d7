"""A YAML file, read with what is wrong with it told in a sentence."""

from pathlib import Path
from typing import Any

import yaml

from .faults import Fault


def read_yaml(file: Path) -> Any:
    """Return what a YAML file holds, of whatever shape.

    Raises:
        Fault: it cannot be read, or is not YAML.
    """
    try:
        return yaml.safe_load(file.read_text("utf-8"))
    except OSError as unread:
        raise Fault(f"{file} cannot be read: {unread.strerror}") from unread
    except (yaml.YAMLError, UnicodeDecodeError) as broken:
        raise Fault(f"{file} is not YAML: {str(broken).splitlines()[0]}") from broken
