"""A relay server such as a student writes, for tests of `chat conform`. It is right, but for the faults that it is asked
for: `python3 relay_server.py PORT [FAULT...]`.

  characters   counts a body in characters instead of bytes
  confirms     confirms a message to somebody who is not there
  dies         ends when a header has no Content-length
"""

import asyncio
import os
import re
import sys

ACK_TIMEOUT = 1.0
FAULTS = set(sys.argv[2:])
REGISTER = re.compile(rb"REGISTER (TOSEND|TORECV) ([A-Za-z0-9]+)\n\n")
SEND = re.compile(rb"SEND ([A-Za-z0-9]+)\nContent-length: ([0-9]{1,6})\n\n")
users = {}


class User:
    def __init__(self):
        self.sockets = {}
        self.unacknowledged = []  # (sender, future), in the order in which they were forwarded

    def is_present(self):
        return len(self.sockets) == 2


def say(writer, text):
    writer.write(text)


async def forward(sender, name, body):
    """The recipient's answer: None for RECEIVED, otherwise the error that its sender gets."""
    unable = b"ERROR 102 Unable to send\n\n"
    user = users.get(name)
    if user is None or not user.is_present():
        return None if "confirms" in FAULTS else unable
    answer = asyncio.get_running_loop().create_future()
    user.unacknowledged.append((sender, answer))
    say(user.sockets[b"TORECV"], b"FORWARD %s\nContent-length: %d\n\n%s" % (sender, len(body), body))
    try:
        return await asyncio.wait_for(asyncio.shield(answer), ACK_TIMEOUT)
    except (asyncio.TimeoutError, ConnectionError):
        return unable


async def send(reader, writer, name, head):
    """Says whether the socket is still of use."""
    match = SEND.fullmatch(head)
    if match is None:
        if "dies" in FAULTS and b"Content-length" not in head:
            print("KeyError: 'Content-length'", file=sys.stderr, flush=True)
            os._exit(1)
        say(writer, b"ERROR 103 Header incomplete\n\n")
        return False
    to, length = match[1], int(match[2])
    body = await reader.readexactly(length)
    if "characters" in FAULTS:
        while len(body.decode(errors="ignore")) < length:
            body += await reader.readexactly(1)
    others = [other for other, user in users.items() if other != name and user.is_present()]
    answers = await asyncio.gather(*(forward(name, other, body) for other in (others if to == b"ALL" else [to])))
    if to == b"ALL" and not others:
        answers = [b"ERROR 102 Unable to send\n\n"]
    say(writer, next((answer for answer in answers if answer is not None), b"SENT %s\n\n" % to))
    return True


def acknowledge(user, head):
    error = head if head.startswith(b"ERROR ") else None
    for i, (sender, answer) in enumerate(user.unacknowledged):
        if error is not None or head == b"RECEIVED %s\n\n" % sender:
            del user.unacknowledged[i]
            return answer.done() or answer.set_result(error)


async def register(writer, head):
    """The name and the kind of a socket that is now registered."""
    match = REGISTER.fullmatch(head)
    if not head.startswith(b"REGISTER"):
        say(writer, b"ERROR 101 No user registered\n\n")
        return None, None
    if match is None or match[2] == b"ALL":
        say(writer, b"ERROR 100 Malformed username\n\n")
        return None, None
    kind, name = match[1], match[2]
    user = users.setdefault(name, User())
    if kind in user.sockets:
        say(writer, b"ERROR 100 Malformed username\n\n")
        return None, None
    user.sockets[kind] = writer
    say(writer, b"REGISTERED %s %s\n\n" % (kind, name))
    return name, kind


async def serve(reader, writer):
    name = kind = None
    try:
        is_of_use = True
        while is_of_use:
            head = (await reader.readuntil(b"\n\n")).lstrip(b"\n")
            if head == b"":
                continue
            if name is None:
                if SEND.fullmatch(head):
                    await reader.readexactly(int(SEND.fullmatch(head)[2]))
                name, kind = await register(writer, head)
            elif not users[name].is_present():
                if SEND.fullmatch(head):
                    await reader.readexactly(int(SEND.fullmatch(head)[2]))
                say(writer, b"ERROR 101 No user registered\n\n")
            elif kind == b"TORECV" and head.startswith((b"RECEIVED ", b"ERROR ")):
                acknowledge(users[name], head)
            elif head.startswith(b"SEND"):
                is_of_use = await send(reader, writer, name, head)
            else:
                say(writer, b"ERROR 103 Header incomplete\n\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
        pass
    finally:
        user = users.pop(name, None)
        for other in user.sockets.values() if user else []:
            other.close()
        for _, answer in user.unacknowledged if user else []:
            answer.done() or answer.set_exception(ConnectionError()) or answer.exception()
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]), limit=1 << 20)
    print("listening", flush=True)
    async with server:
        await server.serve_forever()


asyncio.run(main())
