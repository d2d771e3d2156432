"""A group client to begin with: it has a port of its own and says nothing yet.

python3 group_client.py HOST PORT NAME
"""

import socket
import sys
import threading


def receive(port):
    """What comes from the server, and from other clients."""
    while True:
        message, sender = port.recvfrom(65535)
        # Your work begins here: show it, and acknowledge what asks for it.


def main():
    host, server, name = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as port:
        port.bind(("127.0.0.1", 0))
        threading.Thread(target=receive, args=(port,), daemon=True).start()
        for line in sys.stdin:
            pass  # and here: a command is a datagram


if __name__ == "__main__":
    main()
