"""A client for slash and room, for tests: python3 line_client.py HOST PORT. Sends what is typed, shows what comes."""

import codecs
import os
import socket
import sys
import threading


def receive():
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    try:
        while piece := link.recv(4096):
            text = decode(piece)
            print(text, end="" if text.endswith("\n") else "\n")
    except OSError:
        pass
    print("The server has closed the connection.")
    sys.stdout.flush()
    os._exit(0)


link = socket.create_connection((sys.argv[1], int(sys.argv[2])))
threading.Thread(target=receive, daemon=True).start()
for line in sys.stdin:
    try:
        link.sendall(line.rstrip("\n").encode())
    except OSError:
        break
