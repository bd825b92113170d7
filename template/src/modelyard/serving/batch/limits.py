"""Settings of a batch run, from environment variables."""

from dataclasses import dataclass
from pathlib import Path

from ...places import RECORDS
from ...settings import Settings, setting


@dataclass(frozen=True)
class Limits(Settings):
    """Settings of a run; `.env.example` describes each."""

    batch_chunk_rows: int = setting(65_536, least=1, most=10_000_000)
    batch_workers: int = setting(0, least=0, most=1024)
    batch_record_rows: int = setting(0, least=0, most=1_000_000)
    batch_record_dir: Path = RECORDS
