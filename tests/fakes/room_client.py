"""A room client for tests: python3 room_client.py HOST PORT. The first line is the name, as in the document."""

import runpy
from pathlib import Path

runpy.run_path(str(Path(__file__).with_name("line_client.py")))
