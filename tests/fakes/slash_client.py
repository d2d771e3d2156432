"""A slash client for tests: python3 slash_client.py HOST PORT. It knows no command: the server does."""

import runpy
from pathlib import Path

runpy.run_path(str(Path(__file__).with_name("line_client.py")))
