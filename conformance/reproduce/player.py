# What plays the steps above: connections, patterns, waiting. Nothing here is particular to this transcript.

import argparse
import asyncio
import random
import re
import socket
import ssl
import struct
import sys
import time
import unicodedata


class Failed(Exception):
    """A step did not come true."""

    def __init__(self, reason, details=()):
        super().__init__(reason)
        self.details = list(details)


class Declined(Exception):
    """The server declines what the protocol leaves open."""


class Unreachable(Exception):
    """No connection could be opened."""


# Bytes, spelled as in a transcript.

NAMED = {10: "\\n", 13: "\\r", 9: "\\t", 0: "\\0", 92: "\\\\"}


def spell(data):
    text = ""
    at = 0
    while at < len(data):
        size = 1 if data[at] < 0x80 else 2 if data[at] < 0xE0 else 3 if data[at] < 0xF0 else 4
        try:
            character = bytes(data[at : at + size]).decode("utf-8")
        except UnicodeDecodeError:
            character, size = None, 1
        if size == 1 and data[at] in NAMED:
            text += NAMED[data[at]]
        elif character is None or (character != " " and unicodedata.category(character)[0] in "CZ"):
            text += "".join("\\x%02x" % byte for byte in data[at : at + size])
        else:
            text += character
        at += size
    return text


def short(text, limit=60):
    return text if len(text) <= limit else "%s... (%d more)" % (text[:limit], len(text) - limit)


# Patterns: bytes as they are, and what stands for others.


class Value(bytes):
    """The value of a name, which always matches as it is written."""


class Wild:
    """Stands for bytes of a kind; they are kept under a name, or recorded as a choice."""

    def __init__(self, kind, name=None, choice=None, low=0, high=0, number=0):
        self.kind, self.name, self.choice = kind, name, choice
        self.low, self.high, self.number = low, high, number

    def __str__(self):
        kind = {"range": "%d..%d" % (self.low, self.high), "bytes": "%s bytes" % self.number}.get(self.kind, self.kind)
        return "{%s=%s}" % (self.name or "_", kind)


class Either:
    """One of several patterns, perhaps recorded as a choice. Each has a label, which is how the transcript writes it."""

    def __init__(self, *alternatives, choice=None):
        self.alternatives, self.choice = alternatives, choice

    def __str__(self):
        return "(%s)" % "|".join(label for label, _ in self.alternatives)


class Literal:
    """Bytes, with those marked that match in upper and lower case."""

    def __init__(self, data, caseless):
        self.data, self.caseless, self.is_plain = bytes(data), caseless, not any(caseless)

    def __str__(self):
        return spell(self.data)


class Chosen:
    """The end of an alternative."""

    def __init__(self, choice, value):
        self.choice, self.value = choice, value

    def __str__(self):
        return ""


class Node:
    """A piece of a pattern and the node behind it, if there is one; where there are alternatives, the first node of each."""

    def __init__(self, piece, behind, alternatives=()):
        self.piece, self.behind, self.alternatives = piece, behind, alternatives

    def __str__(self):
        return "%s%s" % (self.piece, self.behind or "")


def link(pattern, behind=None):
    """The first node of a pattern."""
    for piece in reversed(pattern):
        alternatives = []
        if isinstance(piece, Either):
            for label, alternative in piece.alternatives:
                end = Node(Chosen(piece.choice, label), behind) if piece.choice else behind
                alternatives.append(link(alternative, end))
        behind = Node(piece, behind, alternatives)
    return behind


HUNGRY = object()
TAKES = {
    "digits": lambda byte: 48 <= byte <= 57,
    "word": lambda byte: byte != 32 and not 9 <= byte <= 13,
    "line": lambda byte: byte != 10,
    "row": lambda byte: byte not in b"{}",
    "text": lambda byte: True,
}


def decimal(data):
    return int(data) if 0 < len(data) <= 15 and all(48 <= byte <= 57 for byte in data) else -1


def fold(pieces, prefix, line, caseless):
    """Marks what matches in upper and lower case: all letters of a line behind the prefix. Gives the state it ends in."""
    folded = []
    for piece in pieces:
        if isinstance(piece, bytes):
            marks = []
            for byte in piece:
                marks.append(caseless and not isinstance(piece, Value))
                if prefix is None:
                    continue
                if byte == 10:
                    line, caseless = b"", False
                elif line is not None and not caseless:
                    line += bytes([byte])
                    caseless = line == prefix
                    if not prefix.startswith(line):
                        line = None
            folded.append(Literal(piece, marks))
        elif isinstance(piece, Either):
            ends = []
            alternatives = []
            for label, pattern in piece.alternatives:
                inner, line_after, caseless_after = fold(pattern, prefix, line, caseless)
                alternatives.append((label, inner))
                ends.append((line_after, caseless_after))
            folded.append(Either(*alternatives, choice=piece.choice))
            line, caseless = ends[-1]
        else:
            line = line if caseless else None
            folded.append(piece)
    return folded, line, caseless


class Match:
    """What has come of a pattern and some bytes: `more` must come, it is `open` to more, it has `matched`, or `failed`."""

    def __init__(self, pattern, data, whole, values):
        self.data, self.values, self.seen = data, values, set()
        self.fits, self.stuck_at = 0, []
        self.state, self.length, self.kept, self.choices = "failed", 0, {}, {}
        hungry = False
        for found in self.walk(link(pattern), 0, {}, {}):
            if found is HUNGRY:
                hungry = not whole
            elif not whole or found[0] == len(data):
                self.length, self.kept, self.choices = found
                self.state = "open" if hungry else "matched"
                return
        if hungry:
            self.state = "more"

    def stuck(self, at, node, offset=0):
        """Nothing but this node, from this byte of it on, could follow here."""
        if at > self.fits:
            self.fits, self.stuck_at = at, []
        if at == self.fits:
            self.stuck_at.append((node, offset))

    def wanted(self):
        """What could have followed the bytes that fit."""
        texts = []
        for node, offset in self.stuck_at:
            text = str(node or "")
            if offset:
                text = "%s%s" % (spell(node.piece.data[offset:]), node.behind or "")
            if text not in texts:
                texts.append(text)
        return texts

    def walk(self, node, at, kept, choices):
        """Every way to read the bytes, the preferred first, and HUNGRY where one needs more of them."""
        if (node, at) in self.seen:
            return  # in a way that is preferred
        self.seen.add((node, at))
        if node is None:
            self.stuck(at, None)
            yield at, kept, choices
        elif isinstance(node.piece, Chosen):
            yield from self.walk(node.behind, at, kept, dict(choices, **{node.piece.choice: node.piece.value}))
        elif isinstance(node.piece, Either):
            for alternative in node.alternatives:
                yield from self.walk(alternative, at, kept, choices)
        elif isinstance(node.piece, Literal):
            yield from self.literal(node, at, kept, choices)
        else:
            yield from self.wild(node, at, kept, choices)

    def literal(self, node, at, kept, choices):
        data = node.piece.data
        fits = self.agreeing(node.piece, at)
        if fits == len(data):
            yield from self.walk(node.behind, at + fits, kept, choices)
            return
        self.stuck(at + fits, node, fits)
        if at + fits == len(self.data):
            yield HUNGRY

    def agreeing(self, literal, at):
        """How many bytes are as they should be."""
        data, caseless = literal.data, literal.caseless
        if literal.is_plain and self.data.startswith(data, at):
            return len(data)
        for i, byte in enumerate(data):
            if at + i == len(self.data):
                return i
            here = self.data[at + i]
            if here != byte and not (caseless[i] and bytes([here]).lower() == bytes([byte]).lower()):
                return i
        return len(data)

    def wild(self, node, at, kept, choices):
        name, choice = node.piece.name, node.piece.choice
        for end in self.ends(node, at, kept):
            if end is HUNGRY:
                yield HUNGRY
                continue
            taken = bytes(self.data[at:end])
            kept_here = dict(kept, **{name: taken}) if name else kept
            choices_here = dict(choices, **{choice: spell(taken)}) if choice else choices
            yield from self.walk(node.behind, end, kept_here, choices_here)

    def ends(self, node, at, kept):
        """Where what a wildcard takes can end, the preferred place first."""
        kind = node.piece.kind
        if kind == "bytes":
            return self.counted(node, at, kept)
        if kind == "range":
            return self.number(node, at)
        return self.few(node, at) if kind == "text" and self.has_more(node.behind) else self.many(node, at)

    def has_more(self, node):
        """Whether anything follows but the end."""
        while node is not None and str(node.piece) == "":
            node = node.behind
        return node is not None

    def counted(self, node, at, kept):
        number = node.piece.number
        if isinstance(number, str):
            number = decimal(kept.get(number, self.values.get(number, b"")))
        if number < 0:
            self.stuck(at, node)
        elif at + number <= len(self.data):
            yield at + number
        else:
            self.stuck(len(self.data), node)
            yield HUNGRY

    def few(self, node, at):
        behind = node.behind.piece
        literal = isinstance(behind, Literal) and behind.data and behind.is_plain
        end = at
        while end <= len(self.data):
            if literal:
                # What cannot be the beginning of what follows need not be tried.
                found = self.data.find(behind.data[:1], end)
                end = len(self.data) if found < 0 else found
            yield end
            end += 1
        yield HUNGRY

    def many(self, node, at):
        kind = node.piece.kind
        end = at
        while end < len(self.data) and TAKES[kind](self.data[end]):
            end += 1
        least = at + 1 if kind in ("digits", "word") else at
        if end == len(self.data) or end < least:
            self.stuck(end, node)
        if end == len(self.data):
            yield HUNGRY
        yield from range(end, least - 1, -1)

    def number(self, node, at):
        """The whole of a number: what begins with a smaller one is not that one."""
        wild = node.piece
        end = at
        while end < len(self.data) and TAKES["digits"](self.data[end]):
            end += 1
        digits = bytes(self.data[at:end])
        number = decimal(digits)
        if digits and (not 0 <= number <= wild.high or (len(digits) > 1 and digits[:1] == b"0")):
            self.stuck(at, node)
            return
        if end == len(self.data):
            self.stuck(end, node)
            yield HUNGRY
        elif not digits:
            self.stuck(at, node)
        if digits and number >= wild.low:
            yield end


# Connections, and waiting for what arrives on them.


class Hope:
    """One thing that is waited for: bytes that match a pattern, or, without one, the end."""

    def __init__(self, label, connection, pattern):
        self.label, self.connection, self.pattern = label, connection, pattern
        self.state, self.found, self.wait = "more", None, None

    def look(self):
        connection = self.connection
        closed = connection.state == "closed"
        if self.pattern is None:
            self.state = "failed" if connection.unread else "matched" if closed else "more"
        elif connection.whole and not connection.unread:
            self.state = "more"
        else:
            self.found = Match(self.pattern, connection.unread, connection.whole, connection.player.values)
            self.state = self.found.state
            if closed:
                self.state = {"open": "matched", "more": "failed"}.get(self.state, self.state)
        return self.state

    def fits(self):
        """How many bytes fit; -1 if none have come."""
        return self.found.fits if self.found and self.connection.unread else -1

    def explain(self):
        """What was expected and what came, one below the other."""
        unread = self.connection.unread
        end = "(closed)" if self.connection.state == "closed" else ""
        if self.pattern is None:
            return ["expected  (closed)", "received  %s" % (short(spell(unread)) + end or "(nothing)")]
        match = Match(self.pattern, unread, self.connection.whole, self.connection.player.values)
        fits = spell(unread[: match.fits])
        before = fits if len(fits) <= 40 else "..." + fits[-40:]
        lines = [
            "%s  %s%s" % ("or      " if i else "expected", before, short(wanted))
            for i, wanted in enumerate(match.wanted() or [""])
        ]
        lines.append("received  %s" % (before + short(spell(unread[match.fits :])) + end or "(nothing)"))
        return lines + ([" " * (10 + len(before)) + "^"] if unread else [])


class Wait:
    """Waits for the first of several hopes."""

    def __init__(self, player, hopes, retried):
        self.player, self.hopes, self.retried = player, hopes, retried
        self.future = asyncio.get_running_loop().create_future()
        for hope in hopes:
            hope.wait = self

    def is_dead(self):
        return all(hope.state == "failed" and not hope.connection.is_amid_aside() for hope in self.hopes)

    def came(self, hope, match):
        self.leave()
        if not self.future.done():
            self.future.set_result((hope, match))

    def fail(self, error):
        self.leave()
        if not self.future.done():
            self.future.set_exception(error)

    def leave(self):
        if self in self.player.waits:
            self.player.waits.remove(self)
        for hope in self.hopes:
            hope.connection.remove(hope)


class Connection(asyncio.Protocol):
    """A connection to the server, or a port that speaks with it: what has arrived, and who waits for more."""

    def __init__(self, player, name, whole):
        self.player, self.name, self.whole = player, name, whole
        self.state = "open"
        self.unread, self.next, self.waiters = b"", [], []
        self.forgotten = self.close_expected = False
        self.transport, self.timer, self.last_sent = None, None, -1.0
        self.held, self.segments = b"", list(player.segments.get(name, ()))

    # Called by asyncio.

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        if self.state != "open" or self.forgotten:
            return
        self.player.say(self.name, "receives", spell(data))
        if len(self.unread) + len(data) > 1 << 20:
            return self.player.stop(Failed("the server sends without end on %s" % self.name))
        if self.whole and self.unread:
            self.next.append(data)
        else:
            self.unread += data
        self.look()

    def datagram_received(self, data, _address):
        self.data_received(data)

    def error_received(self, error):
        self.player.say(self.name, "trouble", str(error))

    def eof_received(self):
        self.over("closed by the server")
        return True

    def connection_lost(self, error):
        self.over("closed by the server" if error is None else "lost: %s" % error)

    # Called by the player.

    def over(self, how):
        if self.state == "open":
            self.state = "closed"
            self.player.say(self.name, "is", how)
        self.look()

    def add(self, waiter):
        self.waiters.append(waiter)
        self.look()

    def remove(self, waiter):
        if waiter in self.waiters:
            self.waiters.remove(waiter)
            self.look()

    def look(self):
        """Gives what is there to those who wait for it, and leaves out what nobody waits for and need not."""
        if self.timer:
            self.timer.cancel()
        while True:
            waiter = self.decide()
            if waiter is not None:
                self.give(waiter)
            elif not (self.waiters and all(one.state == "failed" for one in self.waiters) and self.leave_out()):
                break
        self.player.changed()

    def decide(self):
        candidate, hopeful = None, False
        for waiter in self.waiters:
            state = waiter.look()
            if state == "matched" and not hopeful:
                return waiter
            if state in ("matched", "open"):
                candidate = candidate or waiter
            hopeful = hopeful or state in ("more", "open")
        if candidate is not None:
            self.timer = asyncio.get_running_loop().call_later(SILENCE, self.settle, candidate)
        return None

    def settle(self, waiter):
        if waiter in self.waiters:
            self.give(waiter)
            self.look()

    def give(self, waiter):
        self.waiters.remove(waiter)
        if waiter.pattern is None:
            self.close_expected = True
        else:
            self.take(waiter.found.length)
        waiter.wait.came(waiter, waiter.found)

    def take(self, length):
        self.unread = self.unread[length:]
        if not self.unread and self.next:
            self.unread = self.next.pop(0)

    def aside(self):
        return Match(self.player.aside, self.unread, self.whole, {}) if self.player.aside and self.unread else None

    def is_amid_aside(self):
        aside = self.aside()
        return aside is not None and aside.state == "more"

    def leave_out(self):
        aside = self.aside()
        if aside is None or aside.state not in ("open", "matched") or aside.length == 0:
            return False
        self.take(aside.length)
        return True

    def must_be_quiet(self):
        if self.forgotten:
            return
        while self.leave_out():
            pass
        if self.unread and not self.is_amid_aside():
            raise Failed(
                "something arrived on %s that no step expects" % self.name,
                ["expected  (nothing)", "received  %s" % short(spell(self.unread))],
            )
        if self.state == "closed" and not self.close_expected:
            raise Failed("the server has closed %s, unasked" % self.name)

    def discard(self):
        self.unread, self.next = b"", []

    def part(self, how):
        """Closes it; what still arrives is thrown away."""
        if self.state != "parted":
            self.player.say(self.name, "is", "closed by us" if how == "close" else "broken off by us")
        if how == "reset":
            linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.transport.abort()
        elif not self.whole and self.transport.can_write_eof() and not self.transport.is_closing():
            self.transport.write_eof()
        else:
            self.transport.close()
        self.state = "parted"
        self.discard()


class Player:
    """Plays the steps of a transcript."""

    def __init__(self, host, port, timeout, names, aside, caseless, agreed, segments, datagrams, tls):
        self.host, self.port, self.timeout, self.datagrams, self.tls = host, port, timeout, datagrams, tls
        self.names, self.agreed, self.segments, self.caseless = names, agreed, segments, caseless
        self.aside = fold(aside, caseless, b"", False)[0] if aside else None
        self.values, self.connections, self.all_connections, self.fences = {}, {}, [], {}
        self.waits, self.running, self.retried_until = [], 1, None
        self.failure = None

    def __getitem__(self, name):
        return Value(self.values[name])

    def length(self, name):
        return Value(b"%d" % len(self.values[name]))

    def say(self, who, what, text):
        print("%-12s %-9s %s" % (who, what, text), flush=True)

    def stop(self, error):
        """Ends all that goes on, for this reason."""
        self.failure = self.failure or error
        for wait in list(self.waits):
            wait.fail(self.failure)

    def changed(self):
        """Ends those who wait in vain: a lane may still come true if another takes first what has arrived."""
        for wait in list(self.waits):
            if wait.retried and wait.is_dead():
                wait.fail(self.in_vain(wait))
        if self.waits and len(self.waits) >= self.running and all(wait.is_dead() for wait in self.waits):
            self.waits[0].fail(self.in_vain(self.waits[0]))

    def closest(self, wait):
        """The connection on which most of what was expected has arrived."""
        return max(wait.hopes, key=lambda hope: hope.fits()).connection

    def in_vain(self, wait):
        connection = self.closest(wait)
        if connection.state == "closed" and not connection.unread:
            return self.explain(wait, "the server closed %s instead" % connection.name)
        return self.explain(wait, "something else arrived on %s" % connection.name)

    def explain(self, wait, reason):
        details = []
        for hope in wait.hopes:
            if len(wait.hopes) > 1:
                details.append("on %s:" % hope.connection.name)
            details += hope.explain()
        return Failed(reason, details)

    # The steps.

    def name(self, *names):
        for name in names:
            random_part = "".join(random.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(6))
            begin = "".join(letter for letter in name.lower() if letter.isalnum())[:8]
            self.values[name] = self.names.get(name, (begin + random_part).encode())

    def let(self, name, *pieces):
        self.values[name] = b"".join(pieces)

    def distinct(self, *names):
        holders = {}
        for pattern in names:
            matching = re.compile(re.escape(pattern).replace("\\*", ".*"))
            for name in [name for name in self.values if matching.fullmatch(name)]:
                other = holders.setdefault(self.values[name], name)
                if other != name:
                    raise Failed("%s and %s are both %s" % (other, name, spell(self.values[name])))

    def declines(self, what):
        raise Declined(what)

    def find(self, name):
        return self.connections[name]

    async def connect(self, name):
        timeout = self.timeout
        if self.retried_until is not None:
            timeout = max(min(timeout, self.retried_until - time.monotonic()), 0.001)
        loop = asyncio.get_running_loop()

        def make():
            return Connection(self, name, self.datagrams)

        try:
            if self.datagrams:
                opening = loop.create_datagram_endpoint(make, remote_addr=(self.host, self.port))
            else:
                opening = loop.create_connection(make, self.host, self.port, ssl=self.tls)
            transport, connection = await asyncio.wait_for(opening, timeout)
        except (OSError, asyncio.TimeoutError) as error:
            why = "no answer within %g s" % timeout if isinstance(error, asyncio.TimeoutError) else str(error)
            reason = "%s cannot be connected to %s:%d: %s" % (name, self.host, self.port, why)
            raise (Failed if self.all_connections else Unreachable)(reason)
        self.say(name, "is", "connected")
        if self.datagrams:
            for who, address in ((name, transport.get_extra_info("sockname")), ("target", (self.host, self.port))):
                self.values[who + ".address"] = address[0].encode()
                self.values[who + ".port"] = b"%d" % address[1]
        self.connections[name] = connection
        self.all_connections.append(connection)
        self.fences.pop(name, None)

    async def send(self, name, *pieces, bytewise=False):
        """Sends bytes, in the segments in which they were sent when this failed, if they were not sent whole."""
        connection = self.find(name)
        data = b"".join(pieces)
        self.say(name, "sends", spell(data))
        connection.held += data
        if bytewise:
            connection.segments[:0] = [1] * len(data)
        while connection.segments and connection.segments[0] <= len(connection.held):
            await self.write(connection, connection.segments.pop(0))
        if not connection.segments:
            await self.write(connection, len(connection.held))

    async def write(self, connection, size):
        segment, connection.held = connection.held[:size], connection.held[size:]
        if not segment:
            return
        pause = connection.last_sent + GAP - time.monotonic()
        if pause > 0:
            await asyncio.sleep(pause)
        if self.failure:
            raise self.failure
        if connection.state == "closed" and not connection.forgotten:
            if connection.name in self.segments:
                return
            raise Failed("the server has closed %s, so that nothing can be sent on it" % connection.name)
        if connection.whole:
            connection.transport.sendto(segment)
        else:
            connection.transport.write(segment)
        connection.last_sent = time.monotonic()

    async def flush(self):
        for connection in list(self.connections.values()):
            await self.write(connection, len(connection.held))

    def arrives(self, name, *pattern):
        folded = fold(pattern, self.caseless, b"", False)[0]
        return Hope(None, self.find(name), folded)

    def closes(self, name):
        return Hope(None, self.find(name), None)

    async def expect(self, name, *pattern, patient=False):
        await self.wait([self.arrives(name, *pattern)], patient)

    async def closed(self, name, patient=False):
        await self.wait([self.closes(name)], patient)

    async def wait(self, hopes, patient=False, silent=None):
        await self.flush()
        for hope in hopes:
            wanted = "(closed)" if hope.pattern is None else "".join(map(str, hope.pattern))
            self.say(hope.connection.name, "expects", short(wanted, 200))
        deadline = self.timeout * (4 if patient else 1)
        retried = self.retried_until is not None
        if retried:
            deadline = max(min(deadline / 4, self.retried_until - time.monotonic()), 0.001)
        wait = Wait(self, hopes, retried)
        loop = asyncio.get_running_loop()
        timers = [loop.call_later(deadline, lambda: wait.fail(self.too_late(wait, deadline)))]
        if silent is not None:
            timers.append(loop.call_later(4 * SILENCE, lambda: self.is_quiet(silent) and wait.came(None, None)))
        self.waits.append(wait)
        for hope in hopes:
            if wait in self.waits:
                hope.connection.add(hope)
        self.changed()
        try:
            hope, match = await wait.future
        finally:
            for timer in timers:
                timer.cancel()
        if match is not None:
            self.values.update(match.kept)
            for choice, value in match.choices.items():
                self.chose(choice, value)
        return hope

    def too_late(self, wait, deadline):
        connection = self.closest(wait)
        if wait.hopes[0].pattern is None:
            return self.explain(wait, "the server did not close %s within %g s" % (connection.name, deadline))
        what = "not all of it" if connection.unread else "nothing"
        return self.explain(wait, "%s arrived on %s within %g s" % (what, connection.name, deadline))

    def is_quiet(self, connection):
        while connection.leave_out():
            pass
        return connection.state == "open" and (not connection.unread or connection.is_amid_aside())

    def chose(self, choice, value):
        agreed = self.agreed.get(choice)
        if agreed is not None and agreed != value:
            raise Failed("%s is %s here, but was %s before: a server decides it in one way" % (choice, value, agreed))

    async def choice(self, name, *branches):
        """Waits for the first of the branches to begin, and gives its label."""
        hopes, silent = [], None
        for label, hope in branches:
            if isinstance(hope, Connection):
                silent, quiet = hope, label
            else:
                hope.label = label
                hopes.append(hope)
        hope = await self.wait(hopes, silent=silent)
        label = quiet if hope is None else hope.label
        self.say("", "choice", "%s: %s" % (name, label))
        self.chose(name, label)
        return label

    async def silent(self, name):
        await self.flush()
        connection = self.find(name)
        connection.must_be_quiet()
        fence, proves = self.fences.get(name, (None, False))
        if fence is not None:
            await fence()
            connection.must_be_quiet()
            if proves:
                return
        await self.pause(SILENCE)
        connection.must_be_quiet()

    def fence(self, name, steps, proves):
        self.fences[name] = (steps, proves)

    async def all(self, *lanes):
        await self.flush()
        self.running += len(lanes) - 1

        async def run(lane):
            await lane()
            self.running -= 1
            self.changed()

        tasks = [asyncio.ensure_future(run(lane)) for lane in lanes]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
        self.running += 1

    async def soon(self, attempt, patient=False):
        await self.flush()
        self.retried_until = time.monotonic() + self.timeout * (4 if patient else 1)
        moment = 0.02
        while True:
            before = len(self.all_connections)
            try:
                await attempt()
                await self.flush()
                self.retried_until = None
                return
            except Failed:
                if self.failure or time.monotonic() + moment > self.retried_until:
                    raise
                for connection in self.all_connections[before:]:
                    connection.part("close")
            self.say("", "again", "in %d ms" % (1000 * moment))
            await asyncio.sleep(moment)
            moment = min(2 * moment, self.timeout / 10)
            for connection in self.all_connections:
                if connection.whole:
                    connection.discard()

    async def close(self, name):
        await self.leave(name, "close")

    async def reset(self, name):
        await self.leave(name, "reset")

    async def leave(self, name, how):
        await self.flush()
        self.find(name).must_be_quiet()
        self.find(name).part(how)

    async def end(self, name):
        await self.flush()
        connection = self.find(name)
        connection.must_be_quiet()
        self.say(name, "is", "half-closed: we have nothing more to say")
        connection.transport.write_eof()

    async def forget(self, name):
        await self.flush()
        self.find(name).forgotten = True
        self.find(name).discard()

    async def pause(self, seconds):
        await asyncio.sleep(seconds)
        if self.failure:
            raise self.failure

    async def finish(self):
        """Nothing may be left over."""
        await self.flush()
        for pause in (SILENCE, 0):
            for connection in self.all_connections:
                if connection.state != "parted":
                    connection.must_be_quiet()
            await self.pause(pause)

    def leave_all(self):
        for connection in self.all_connections:
            if connection.state == "open" and connection.whole:
                connection.transport.sendto(b"".join(farewell(self, connection.name)))
            connection.state = "parted"
            connection.transport.close()


async def run(player):
    try:
        await play(player)
        await player.finish()
    finally:
        player.leave_all()


def trusting():
    """TLS with a server of one's own: its certificate is not looked at."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def address(text):
    host, _, port = text.rpartition(":")
    if not port.isdigit() or not 0 < int(port) < 65536 or not host:
        raise argparse.ArgumentTypeError("%r is no address: write HOST:PORT" % text)
    return host.strip("[]"), int(port)


def main():
    parser = argparse.ArgumentParser(description=TITLE, epilog="Exit status: 0 it comes true, 1 it does not, 3 nobody is there.")
    parser.add_argument("server", type=address, nargs="?", default=SERVER, metavar="HOST:PORT", help="default: %s" % SERVER)
    parser.add_argument("--timeout", type=float, default=TIMEOUT, metavar="SECONDS", help="how long a step may take (default: %(default)s)")
    parser.add_argument("--recorded-names", action="store_true", help="use the names of the run that failed, not new ones")
    options = parser.parse_args()
    host, port = options.server
    names = NAMES if options.recorded_names else {}
    tls = trusting() if TLS else None
    player = Player(host, port, options.timeout, names, aside(), CASELESS, AGREED, SEGMENTS, DATAGRAMS, tls)
    print("%s\n" % TITLE)
    try:
        asyncio.run(run(player))
    except Failed as failure:
        print("\nThis server fails: %s." % failure)
        for line in failure.details:
            print("    %s" % line)
        return 1
    except Declined as what:
        print("\nThis server declines it, which it may: %s." % what)
        return 0
    except Unreachable as why:
        print("%s" % why, file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 130
    print("\nAll of it came true: this server passes.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
