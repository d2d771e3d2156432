#!/usr/bin/env python3
"""A slash server that shares nothing with ours: other words, no line breaks behind its prompt, for the tests of our client.

Prints its port, then serves until it is ended.
"""

import socketserver
import threading

LOCK = threading.Lock()
PEERS = {}  # alias -> handler

HELP = b"commands: /dm /bm /users /help /quit\n"


class Peer(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"alias? ")
        self.alias = self.rfile.readline().strip().decode()
        with LOCK:
            PEERS[self.alias] = self
        self.say(f"hello {self.alias}")
        for line in self.rfile:
            command, _, rest = line.decode().strip().partition(" ")
            if command == "/quit":
                return
            if command == "/users":
                self.say("present: " + " ".join(sorted(PEERS)))
            elif command == "/help":
                self.wfile.write(HELP)
            elif command == "/dm":
                alias, _, text = rest.partition(" ")
                if alias in PEERS:
                    PEERS[alias].say(f"{self.alias} whispers {text}")
                else:
                    self.say(f"who is {alias}?")
            elif command == "/bm":
                self.tell(f"{self.alias} shouts {rest}")
            else:
                self.say("what? try /help")

    def say(self, text):
        self.wfile.write(text.encode() + b"\n")

    def tell(self, text):
        for peer in [peer for peer in PEERS.values() if peer is not self]:
            peer.say(text)

    def finish(self):
        with LOCK:
            PEERS.pop(self.alias, None)
        self.tell(f"{self.alias} is gone")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


with Server(("127.0.0.1", 0), Peer) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()
