import io
import re

from modelyard.serving.batch.progress import Progress


class Terminal(io.StringIO):
    """A stream that somebody watches."""

    def isatty(self) -> bool:
        return True


def test_the_bar_shows_rows_their_share_and_rows_per_second() -> None:
    screen = Terminal()
    Progress(4000, 0, screen).add(4000)
    shown = r"\r\[#{24}\] 100% 4,000 of 4,000 rows, [\d,]+ rows/s\n"
    assert re.fullmatch(shown, screen.getvalue())


def test_rows_that_an_earlier_run_has_scored_count_as_done_but_not_for_the_speed() -> None:
    progress = Progress(100, 100, Terminal())
    assert (progress.rows, progress.rate()) == (100, 0)


def test_where_nobody_watches_a_short_run_draws_nothing() -> None:
    log = io.StringIO()
    Progress(10, 0, log).add(10)
    assert log.getvalue() == ""
