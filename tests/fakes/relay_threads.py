"""A relay server with a thread for each socket, as courses have them: right, or with one race. relay_threads.py RACE PORT"""
import socket
import sys
import threading
import time

race, port = sys.argv[1], int(sys.argv[2])
lock = threading.Lock()
users = {}  # (side, name) -> Client


class Client:
    def __init__(self, sock):
        self.sock = sock
        self.file = sock.makefile("rb")
        self.writing = threading.Lock()
        self.waiting = []  # (sender, event)
        self.partner = None  # who has the other half of the name
        self.is_gone = False

    def say(self, *parts):
        if race == "unlocked-write":
            for part in parts:
                self.sock.sendall(part)
        else:
            with self.writing:
                self.sock.sendall(b"".join(parts))


def header(file):
    lines = []
    while True:
        line = file.readline()
        if not line:
            return None
        if line == b"\n":
            return lines
        lines.append(line[:-1].decode("latin-1"))


def register(client, side, name):
    if race == "check-then-act":
        taken = (side, name) in users
        print("registering", name, flush=True)
        time.sleep(0.002)
        if not taken:
            users[side, name] = client
    else:
        with lock:
            taken = (side, name) in users
            if not taken:
                users[side, name] = client
                partner = users.get(("TOSEND" if side == "TORECV" else "TORECV", name))
                if partner is not None:
                    client.partner, partner.partner = partner, client
    if taken:
        client.say(b"ERROR 100 Malformed username\n\n")
        return None
    client.say(b"REGISTERED %s %s\n\n" % (side.encode(), name.encode()))
    return side, name


def forward(recipient, sender, body):
    event = threading.Event()
    event.acknowledged = False
    with lock:
        if recipient.is_gone:
            return False
        recipient.waiting.append((sender, event))
    try:
        recipient.say(b"FORWARD %s\nContent-length: %d\n\n" % (sender.encode(), len(body)), body)
    except OSError:
        event.set()
    event.wait(3)
    with lock:
        recipient.waiting = [one for one in recipient.waiting if one[1] is not event]
    return event.acknowledged


def acknowledge(client, sender):
    with lock:
        for i, (name, event) in enumerate(client.waiting):
            if name == sender or race == "wrong-acknowledgement":
                at = -1 if race == "wrong-acknowledgement" else i
                event = client.waiting.pop(at)[1]
                event.acknowledged = True
                event.set()
                return


def send(client, sender, to, body):
    with lock:
        if to == "ALL":
            names = [name for side, name in users if side == "TORECV" and ("TOSEND", name) in users and name != sender]
            recipients = [users["TORECV", name] for name in names]
        else:
            recipient = users.get(("TORECV", to)) if ("TOSEND", to) in users else None
            recipients = [] if recipient is None else [recipient]
    results = []
    threads = [threading.Thread(target=lambda one=one: results.append(forward(one, sender, body))) for one in recipients[1:]]
    for thread in threads:
        thread.start()
    if recipients:
        results.append(forward(recipients[0], sender, body))
    for thread in threads:
        thread.join()
    client.say(b"SENT %s\n\n" % to.encode() if results and all(results) else b"ERROR 102 Unable to send\n\n")


def serve(client):
    me = None
    try:
        while (lines := header(client.file)) is not None:
            if not lines:
                continue
            words = lines[0].split(" ")
            if words[0] == "REGISTER":
                me = register(client, words[1], words[2]) or me
            elif words[0] == "SEND":
                length = int(lines[1].split(":")[1])
                body = client.file.read(length)
                if len(body) < length:
                    break
                send(client, me[1], words[1], body)
            elif words[0] == "RECEIVED":
                acknowledge(client, words[1])
    except OSError:
        pass
    with lock:
        client.is_gone = True
        if me is not None and users.get(me) is client:
            del users[me]
            # Both halves at once: who comes under the name before the partner's thread is told would have to do with this one's end.
            partner = client.partner
            other = ("TOSEND" if me[0] == "TORECV" else "TORECV", me[1])
            if partner is not None and users.get(other) is partner:
                del users[other]
            if partner is not None:
                try:
                    partner.sock.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
        waiting, client.waiting = client.waiting, []
    for _, event in waiting:
        event.set()
    if race == "kept-threads":
        threading.Event().wait()
    # What reads from it holds the socket open as well.
    client.file.close()
    client.sock.close()


server = socket.create_server(("127.0.0.1", port), backlog=128)
while True:
    sock, _ = server.accept()
    threading.Thread(target=serve, args=(Client(sock),), daemon=True).start()
