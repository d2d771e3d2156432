"""A client to begin with (frame, slash, room; relay needs a second connection): it connects and says nothing yet.

python3 client.py HOST PORT NAME
"""

import socket
import sys
import threading


def receive(connection):
    """What the server says, as it comes: also while a line is being typed."""
    while True:
        data = connection.recv(4096)
        if not data:
            return  # the server has left: your user wants to know
        # Your work begins here: show it.


def main():
    host, port, name = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    with socket.create_connection((host, port)) as connection:
        threading.Thread(target=receive, args=(connection,), daemon=True).start()
        for line in sys.stdin:
            pass  # and here: send it


if __name__ == "__main__":
    main()
