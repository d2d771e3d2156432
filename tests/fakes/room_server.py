#!/usr/bin/env python3
"""A room server that shares nothing with ours, as the document has it: what one read brings is a message, for our client's tests.

Prints its port, then serves until it is ended.
"""

import socketserver
import threading

LOCK = threading.Lock()
PEERS = {}  # handler -> name


def tell(text):
    with LOCK:
        for peer in PEERS:
            peer.request.sendall(text.encode())


class Peer(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(b"Greetings from the ChatRoom! Now type your name and press enter!")
        name = self.request.recv(1024).decode()
        if not name:
            return
        self.request.sendall(f"Welcome {name}! If you ever want to quit, type #quit to exit.".encode())
        tell(f"{name} from [{self.client_address[0]}] has joined the chat!")
        with LOCK:
            PEERS[self] = name
        while True:
            text = self.request.recv(1024).decode()
            if text in ("", "#quit"):
                break
            tell(f"{name}: {text}")
        with LOCK:
            del PEERS[self]
        if text:
            self.request.sendall(b"#quit")
        tell(f"{name} has left the chat.")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


with Server(("127.0.0.1", 0), Peer) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()
