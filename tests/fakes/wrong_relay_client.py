"""A relay client for tests that is wrong in three ways: python3 wrong_relay_client.py HOST PORT NAME.

It counts characters instead of bytes, takes what one recv gives for one message, and tells a refusal as a success.
"""

import socket
import sys
import threading

host, port, name = sys.argv[1], int(sys.argv[2]), sys.argv[3]


def register(word):
    link = socket.create_connection((host, port))
    link.sendall(f"REGISTER {word} {name}\n\n".encode())
    answer = link.recv(1024).decode()
    if not answer.startswith("REGISTERED"):
        print("error:", answer)
        sys.exit(1)
    return link


def receive():
    while True:
        message = receiving.recv(65536).decode(errors="replace")
        if not message:
            break
        head, _, body = message.partition("\n\n")
        first, *fields = head.split("\n")
        if not fields or not fields[0].partition(":")[2].strip().isdigit():
            receiving.sendall(b"ERROR 103 Header incomplete\n\n")
            continue
        sender = first.partition(" ")[2]
        print(sender + ": " + body)
        receiving.sendall(f"RECEIVED {sender}\n\n".encode())


sending = register("TOSEND")
receiving = register("TORECV")
threading.Thread(target=receive, daemon=True).start()
for line in sys.stdin:
    to, _, text = line.rstrip("\n").partition(" ")
    if not to.startswith("@") or len(to) < 2 or not text:
        print("usage: @user message")
        continue
    sending.sendall(f"SEND {to[1:]}\nContent-length: {len(text)}\n\n{text}".encode())
    sending.recv(1024)
    print("sent to", to)
