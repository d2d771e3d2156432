#!/usr/bin/env python3
"""A frame server that shares nothing with ours, for the tests of our client. Its notices, if any, are none of ours.

Prints its port, then serves until it is ended.
"""

import socketserver
import threading

LOCK = threading.Lock()
PEERS = {}  # ID -> handler


class Peer(socketserver.StreamRequestHandler):
    def handle(self):
        with LOCK:
            self.id = next(n for n in range(2, 256) if n not in PEERS)
            PEERS[self.id] = self
        self.wfile.write(str(self.id).encode())
        while True:
            fields = [self.field() for _ in range(3)]
            if None in fields:
                return
            source, destination, size = map(int, fields)
            message = self.rfile.read(size)
            peer = PEERS.get(destination)
            if peer is not None and peer is not self and source == self.id and size < 256:
                peer.wfile.write(b"%d][%d][%d][" % (source, destination, size) + message)

    def field(self):
        text = b""
        while not text.endswith(b"]["):
            byte = self.rfile.read(1)
            if not byte:
                return None
            text += byte
        return text[:-2]

    def finish(self):
        with LOCK:
            PEERS.pop(self.id, None)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


with Server(("127.0.0.1", 0), Peer) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()
