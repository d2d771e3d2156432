#!/usr/bin/env python3
"""A relay server that shares nothing with ours and speaks in variants: written from the document, for the tests of our client.

Prints its port, then serves until it is ended. The first argument, if any, is a port to listen on; the others are words:

  send       answers SEND in place of SENT (the word of the document's table)
  phrases    uses other phrases behind the codes of its errors
  newlines   sends an empty line behind everything it says, and takes them anywhere
"""

import socketserver
import sys
import threading

LOCK = threading.Lock()
SENDING = {}  # name -> the socket that its SENDs come from
RECEIVING = {}  # name -> the handler of the socket that its FORWARDs go to
VARIANTS = set(sys.argv[2:])
CONFIRMED = b"SEND" if "send" in VARIANTS else b"SENT"


def error(code):
    if "phrases" in VARIANTS:
        return b"ERROR %d sorry, no" % code
    phrases = {100: b"Malformed username", 101: b"No user registered", 102: b"Unable to send", 103: b"Header incomplete"}
    return b"ERROR %d %s" % (code, phrases[code])


class Peer(socketserver.StreamRequestHandler):
    name = None
    side = None

    def say(self, text, body=b""):
        self.wfile.write(text + b"\n\n" + body + (b"\n" if "newlines" in VARIANTS else b""))

    def header(self):
        """The lines up to an empty one, or None at the end."""
        lines = []
        while True:
            line = self.rfile.readline()
            if not line:
                return None
            if line != b"\n":
                lines.append(line[:-1])
            elif lines:
                return lines

    def handle(self):
        self.answered = threading.Condition()
        self.answers = []
        while True:
            lines = self.header()
            if lines is None:
                return
            words = lines[0].split(b" ", 2)
            if words[0] == b"REGISTER" and len(words) == 3:
                self.register(words[1], words[2])
            elif self.side == b"TORECV":
                with self.answered:
                    self.answers.append(lines[0])
                    self.answered.notify()
            elif words[0] == b"SEND" and self.side == b"TOSEND" and self.name in RECEIVING:
                if len(words) < 2 or len(lines) < 2 or not lines[1].startswith(b"Content-length: "):
                    return self.say(error(103))
                self.send(words[1], self.rfile.read(int(lines[1][16:])))
            else:
                self.say(error(101))

    def register(self, side, name):
        table = SENDING if side == b"TOSEND" else RECEIVING
        with LOCK:
            if not name.isalnum() or name == b"ALL" or name in table:
                return self.say(error(100))
            table[name] = self
            self.side, self.name = side, name
        self.say(b"REGISTERED " + side + b" " + name)

    def send(self, to, body):
        with LOCK:
            others = [peer for name, peer in RECEIVING.items() if name != self.name]
            to_whom = others if to == b"ALL" else [RECEIVING[to]] if to in RECEIVING else []
        done = [peer.forward(self.name, body) for peer in to_whom]
        self.say(CONFIRMED + b" " + to if done and all(done) else error(102))

    def forward(self, sender, body):
        with self.answered:
            try:
                self.say(b"FORWARD %s\nContent-length: %d" % (sender, len(body)), body)
            except OSError:
                return False
            while not self.answers:
                if not self.answered.wait(5):
                    return False
            return self.answers.pop(0) == b"RECEIVED " + sender

    def finish(self):
        with LOCK:
            for table in (SENDING, RECEIVING):
                if table.get(self.name) is self:
                    del table[self.name]
        try:
            super().finish()
        except OSError:
            pass  # the peer is gone already


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


with Server(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Peer) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()
