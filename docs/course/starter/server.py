"""A server to begin with (relay, frame, slash, room): it takes connections and says nothing yet.

python3 server.py PORT
"""

import socket
import sys
import threading


def serve(connection):
    """One client, from its first byte to its last, in a thread of its own."""
    with connection:
        while True:
            data = connection.recv(4096)  # bytes, not messages: keep them, and take whole messages out
            if not data:
                return  # the client has left
            # Your work begins here.


def main():
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


if __name__ == "__main__":
    main()
