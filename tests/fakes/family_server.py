"""A server that starts a child in its group, one in a session of its own, and one that it gives away.

usage: family_server.py PORT TELL     says "ready" to the port TELL once they run; all of them hold that connection open,
and say that they are alive after a minute
"""
import os
import socket
import subprocess
import sys
import time

tell = socket.create_connection(("127.0.0.1", int(sys.argv[2])))
held = {"pass_fds": [tell.fileno()]}
sleeper = [sys.executable, "-c", f"import os, time; time.sleep(60); os.write({tell.fileno()}, b'alive')"]
subprocess.Popen(sleeper, **held)
subprocess.Popen(sleeper, start_new_session=True, **held)
if os.fork() == 0:
    os.setsid()
    subprocess.Popen(sleeper, **held)
    os._exit(0)
os.wait()
server = socket.socket()
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen(8)
tell.sendall(b"ready")
while True:
    time.sleep(60)
