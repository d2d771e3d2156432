"""Classroom 50: marks the checkout that it runs in. Options that are given are for chat conform."""

import os
import subprocess
import sys

DIALECT = os.environ.get("DIALECT", "relay")
COMMAND = ["chat", "conform", "--dialect", DIALECT, "--server-cmd", "python3 server.py {port}", "--max-time", "8m"]
REPORTS = ["--report", "text", "--report", "classroom50=result.json", "--report", "markdown=release-body.md,detail=received"]

subprocess.run(COMMAND + REPORTS + sys.argv[1:])
# 0, whatever the marks are: they are in result.json.
sys.exit(0)
