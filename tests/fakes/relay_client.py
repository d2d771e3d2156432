"""A relay client for tests: python3 relay_client.py HOST PORT NAME. It keeps every clause, and shares no code with ours."""

import socket
import sys
import threading


class Reader:
    """Reads messages from a socket, however they arrive."""

    def __init__(self, link):
        self.link = link
        self.rest = b""

    def more(self):
        piece = self.link.recv(4096)
        if not piece:
            raise EOFError
        self.rest += piece

    def head(self):
        while b"\n\n" not in self.rest:
            self.more()
        head, _, self.rest = self.rest.partition(b"\n\n")
        return head.decode("utf-8", "replace").split("\n")

    def body(self, length):
        while len(self.rest) < length:
            self.more()
        body, self.rest = self.rest[:length], self.rest[length:]
        return body


def register(host, port, word, name):
    link = socket.create_connection((host, port), 5)
    link.settimeout(None)
    link.sendall(f"REGISTER {word} {name}\n\n".encode())
    reader = Reader(link)
    answer = reader.head()[0]
    if not answer.startswith("REGISTERED"):
        print(f"The server refuses the name {name}: {answer}")
        sys.exit(1)
    return link, reader


def receive(link, reader):
    try:
        while True:
            first, *fields = reader.head()
            lengths = [field[15:].strip() for field in fields if field.lower().startswith("content-length:")]
            if not first.startswith("FORWARD ") or not lengths or not lengths[0].isdigit():
                link.sendall(b"ERROR 103 Header incomplete\n\n")
                continue
            sender = first[8:]
            body = reader.body(int(lengths[0])).decode("utf-8", "replace")
            print(f"{sender}: {body}")
            link.sendall(f"RECEIVED {sender}\n\n".encode())
    except (EOFError, OSError):
        print("The server has closed the connection.")
        sys.stdout.flush()
        import os
        os._exit(1)


def main():
    host, port, name = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    try:
        sending, answers = register(host, port, "TOSEND", name)
        receiving, messages = register(host, port, "TORECV", name)
    except (OSError, EOFError) as error:
        print(f"Cannot reach the server: {error}")
        sys.exit(1)
    threading.Thread(target=receive, args=(receiving, messages), daemon=True).start()
    for line in sys.stdin:
        to, _, text = line.rstrip("\n").partition(" ")
        if len(to) < 2 or to[0] != "@" or not text:
            print("Write @user message, or @ALL message.")
            continue
        body = text.encode()
        try:
            sending.sendall(f"SEND {to[1:]}\nContent-length: {len(body)}\n\n".encode() + body)
            answer = answers.head()[0]
        except (OSError, EOFError):
            print("The server has closed the connection.")
            sys.exit(1)
        if answer.startswith("SEN"):
            print(f"Delivered to {to[1:]}.")
        else:
            print(f"Not delivered: {answer}")


main()
