"""Stand-in for Google's token endpoint on loopback: `python tokens.py PORT PUBLIC_KEY`.

It returns a token only for assertions signed by the private key of that public key.
"""

import base64
import json
import subprocess
import sys
import tempfile
import urllib.parse
from http.server import BaseHTTPRequestHandler, HTTPServer

TOKEN = {"access_token": "token", "token_type": "Bearer", "expires_in": 3600}
REFUSAL = {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}


def signed(assertion: str, public_key: str) -> bool:
    """Return whether an assertion was signed by the key's owner."""
    text, signature = assertion.rsplit(".", 1)
    with tempfile.NamedTemporaryFile() as file:
        file.write(base64.urlsafe_b64decode(signature + "=="))
        file.flush()
        verify = ["openssl", "dgst", "-sha256", "-verify", public_key, "-signature", file.name]
        return subprocess.run(verify, input=text.encode(), capture_output=True).returncode == 0


class Endpoint(BaseHTTPRequestHandler):
    """Handles token requests."""

    def do_POST(self) -> None:
        """Return a token or an error."""
        form = self.rfile.read(int(self.headers["content-length"])).decode()
        assertion = urllib.parse.parse_qs(form)["assertion"][0]
        good = signed(assertion, sys.argv[2])
        self.send_response(200 if good else 400)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(TOKEN if good else REFUSAL).encode())


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Endpoint).serve_forever()
