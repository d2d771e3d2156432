#!/usr/bin/env python3
"""A slash server that shares nothing with ours, for the tests of our client and of the conformance suite.

python3 slash_server.py [PORT] [bare]

It reads lines, and says lines. With `bare` it does as the public ones do: what one recv() gives it is one message, and nothing
that it says ends in a line break. Prints its port, then serves until it is ended.
"""

import socketserver
import sys
import threading

BARE = "bare" in sys.argv[1:]
PORT = next((int(word) for word in sys.argv[1:] if word.isdigit()), 0)
END = b"" if BARE else b"\n"
LOCK = threading.Lock()
PEERS = {}  # alias -> handler


class Peer(socketserver.StreamRequestHandler):
    alias = None

    def handle(self):
        self.say("alias?")
        while self.alias is None:
            alias = self.hear()
            if alias is None:
                return
            with LOCK:
                if alias not in PEERS:
                    PEERS[alias] = self
                    self.alias = alias
            self.say(f"hello {alias}" if self.alias else f"{alias} is somebody else; alias?")
        while (line := self.hear()) is not None:
            if line == "/quit":
                return
            self.obey(line)

    def obey(self, line):
        command, _, rest = line.partition(" ")
        if command == "/users":
            self.say("present: " + " ".join(sorted(PEERS)))
        elif command == "/help":
            self.say("commands: /dm /bm /users /help /quit")
        elif command == "/dm":
            alias, _, text = rest.partition(" ")
            if not text:
                self.say("so: /dm alias text")
            elif alias in PEERS:
                PEERS[alias].say(f"{self.alias} whispers {bare(text)}")
            else:
                self.say(f"who is {alias}?")
        elif command == "/bm":
            if rest:
                self.tell(f"{self.alias} shouts {bare(rest)}")
            else:
                self.say("so: /bm text")
        else:
            self.say("what? try /help")

    def hear(self):
        """The next message, or None at the end."""
        try:
            data = self.request.recv(4096) if BARE else self.rfile.readline()
        except ConnectionError:
            return None
        if not data:
            return None
        # With reads all bytes are the message: a line break behind an alias is part of it.
        return data.decode(errors="replace") if BARE else data.decode(errors="replace").strip()

    def say(self, text):
        try:
            self.request.sendall(text.encode() + END)
        except OSError:
            pass  # the peer is gone

    def tell(self, text):
        with LOCK:
            others = [peer for peer in PEERS.values() if peer is not self]
        for peer in others:
            peer.say(text)

    def finish(self):
        if self.alias is None:
            return
        with LOCK:
            PEERS.pop(self.alias, None)
        self.tell(f"{self.alias} is gone")


def bare(text):
    """A message without the quotes around it."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


with Server(("127.0.0.1", PORT), Peer) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()
