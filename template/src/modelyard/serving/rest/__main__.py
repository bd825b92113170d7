"""Serve the accepted model over HTTP; .env.example lists the environment variables."""

from ...command_line import integer, parser
from ...console import run
from ...project import find_package
from .limits import Limits
from .server import serve


def main() -> None:
    """Serve the project that is installed in this environment."""
    limits = Limits.read()
    reader = parser(str(__package__), __doc__, "--host 127.0.0.1 --port 8000")
    reader.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    reader.add_argument("--port", default=limits.rest_port, type=integer, help="port (REST_PORT)")
    options = reader.parse_args()
    serve(find_package(), options.host, options.port, limits)


if __name__ == "__main__":
    run(main)
