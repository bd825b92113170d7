"""Settings of the REST service, from environment variables."""

import os
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from ...places import RECORDS
from ...settings import Settings, secret, setting


@dataclass(frozen=True)
class Limits(Settings):
    """Settings of a REST server; `.env.example` describes each."""

    rest_port: int = setting(8000, least=0, most=65_535)
    rest_max_body_bytes: int = setting(1_048_576, least=1, most=1_073_741_824)
    rest_max_rows: int = setting(1000, least=1, most=1_000_000)
    rest_max_waiting: int = setting(100, least=1, most=10_000)
    rest_body_timeout_s: float = setting(10.0, least=0.01, most=3600)
    rest_header_timeout_s: float = setting(10.0, least=0.01, most=3600)
    rest_keep_alive_s: float = setting(75.0, least=0.01, most=86_400)
    rest_max_connections: int = setting(1000, least=1, most=1_000_000)
    rest_stop_timeout_s: float = setting(30.0, least=0, most=3600)
    rest_workers: int = setting(1, least=1, most=64)
    rest_token: str = secret()
    rest_reload_s: float = setting(5.0, least=0, most=86_400)
    rest_record_share: float = setting(0.0, least=0, most=1)
    rest_record_dir: Path = RECORDS
    rest_index_dir: Path = Path()
    rest_record_max_bytes: int = setting(10_000_000, least=1, most=1_000_000_000_000)
    rest_feedback_days: float = setting(30.0, least=0, most=36_500)

    @property
    def shares_records(self) -> bool:
        """Whether several machines share the folder of the records."""
        return self.rest_index_dir != Path()

    @property
    def record_lock_dir(self) -> Path:
        """Folder on this machine's disk for the records' index and locks."""
        name = crc32(os.fsencode(self.rest_record_dir.resolve()))
        own = self.rest_index_dir / f"records-{name:08x}"
        return own if self.shares_records else self.rest_record_dir
