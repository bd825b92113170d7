"""Print the delivery metrics as a table."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from .bands import YEAR
from .incidents import Incident
from .measure import Delivery
from .texts import detail, shown


def print_delivery(name: str, found: Delivery, console: Console) -> None:
    """Print the four metrics with their parts, and the open incidents."""
    days = (found.until - found.since).days
    console.print(escape(f"{name}, {found.since:%Y-%m-%d} to {found.until:%Y-%m-%d} ({days} days)"))
    console.print(f"Bands: {YEAR}. A figure needs five events.\n")
    table = Table(box=None, padding=(0, 2, 0, 0))
    for head in ("metric", "value", "events", "band"):
        table.add_column(head, no_wrap=True)
    for metric in found.metrics:
        table.add_row(metric.name, shown(metric), str(metric.count), metric.band or "-")
        for part, value in metric.details.items():
            table.add_row(f"  {part}", detail(part, value, metric.unit), "", "")
    console.print(table)
    for incident in found.open:
        console.print(escape(line(incident)), style="red")
    if not found.deployments:
        console.print("No version was promoted to prod in this time: modelyard promote VERSION")


def line(incident: Incident) -> str:
    """Return an open incident as a line."""
    since = f"{incident.opened:%Y-%m-%d %H:%M} UTC"
    return f"open incident: {incident.rule} since {since}, serving {incident.version or 'nothing'}"
