"""A group server to begin with: it takes datagrams and refuses them all.

python3 group_server.py PORT
"""

import socket
import sys


def main():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as port:
        port.bind(("127.0.0.1", int(sys.argv[1])))
        while True:
            request, sender = port.recvfrom(65535)
            # Your work begins here: one datagram is one request.
            port.sendto(b"Header:\nnack\nMessage:\n[Not yet.]", sender)


if __name__ == "__main__":
    main()
