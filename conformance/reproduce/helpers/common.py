# What the steps above are made of: the same in every script.

import argparse, contextlib, random, re, select, socket, ssl, string, struct, sys, time
from collections import namedtuple
from re import escape

GAP = 0.02  # seconds between two segments, so that they arrive as two
MESSAGE_GAP = 0.1  # seconds between two messages that nothing divides
v = {}  # the value of each name
connections = {}  # the latest of each name
opened = []  # all there ever were
limit = float("inf")  # when what is tried again must have come true


class Failed(Exception):
    """A step did not come true."""


class Unsupported(Exception):
    """It declines what the protocol leaves open."""


class Connection:
    """A connection, or a port for datagrams: what has arrived and no step has taken, and how it stands."""

    def __init__(self, name, sock):
        self.name, self.sock, self.inbox, self.arrived, self.sent, self.heard = name, sock, [], [], 0, 0
        self.counts, self.closed, self.may_close, self.datagrams = True, False, False, DATAGRAMS
        self.last, self.first_end, self.asked = b"", b"", 0  # the last byte heard, that of its first words, the last message

    def __str__(self):
        return "%s: %s%s" % (self.name, show(b"".join(self.inbox)), "(closed)" if self.closed else "")


class Want(namedtuple("Want", "c pattern names open_ended began until line")):
    """What is to arrive on a connection: a pattern, or (None) its end."""

    def text(self):
        return "(closed)" if self.pattern is None else show(self.pattern).replace("\\\\", "\\")

    def look(self):
        """Whether it has come true: how many bytes match, what they give the names, and on which connection."""
        if self.pattern is None:
            return (0, {}, self.c) if self.c.closed and not self.c.inbox else None
        found = match(self.c, self.pattern, *self.names)
        return found and (*found, self.c)

    def take(self, length, c):
        take(c, length)
        c.sent, c.may_close = 0, self.pattern is None

    def is_in_vain(self):
        c = self.c
        return c.closed or c.inbox and (c.datagrams or self.pattern is None and not IGNORED)


def line():
    """The line of the steps that is being played."""
    frame = sys._getframe()
    while frame.f_lineno >= line.__code__.co_firstlineno:
        frame = frame.f_back
    return frame.f_lineno


def fail(reason, *details, at=None):
    raise Failed("\n    ".join(["line %d: %s." % (at or line(), reason), *map(str, details)]))


def show(data):
    text = repr(data)[2:-1]
    return text if len(text) < 500 else "%s... (%d bytes)" % (text[:500], len(data))


def say(name, what, text=""):
    print("%-12s %-9s %s" % (name, what, text), flush=True)


def make_up(*names):
    """Fresh names."""
    for name in names:
        end = "".join(random.choice(string.ascii_lowercase + string.digits) for _ in range(6))
        fresh = re.sub("[^a-z0-9]", "", name.lower())[:8] + end
        v[name] = (NAMES.get(name, fresh) if options.recorded_names else fresh).encode()


def receive(seconds):
    """Takes what has arrived, or waits so long for the first that arrives."""
    readable = {c.sock: c for c in opened if not c.closed}
    if not readable:
        return time.sleep(max(seconds, 0))
    for sock in select.select(list(readable), [], [], max(seconds, 0))[0]:
        read(readable[sock])


def read(c):
    """Takes what has arrived on a connection."""
    try:
        data = c.sock.recv(1 << 16)
    except (BlockingIOError, ssl.SSLWantReadError):
        return
    except OSError:
        data = b""
    if not data and not DATAGRAMS:
        say(c.name, "is", "closed by the %s" % ROLE)
        drop(c)
    elif data and c.counts:
        say(c.name, "receives", show(data))
        c.inbox = c.inbox + [data] if DATAGRAMS else [b"".join(c.inbox) + data]
        c.heard, c.last = time.monotonic(), data[-1:]
        c.arrived.append(c.heard)
        if sum(map(len, c.inbox)) > 1 << 20:
            fail("the %s sends without end on %s" % (ROLE, c.name))


def wait(seconds):
    until = time.monotonic() + seconds
    receive(0)
    while time.monotonic() < until:
        receive(until - time.monotonic())


def send(name, data, cut=(), bytewise=False):
    """Sends bytes: whole, cut after so many of them, or byte by byte."""
    c = connections[name]
    data = fit_line_end(c, data)
    say(name, "sends", show(data))
    cuts = range(1, len(data)) if bytewise else [at for at in cut if at < len(data)]
    for begin, end in zip([0, *cuts], [*cuts, len(data)]):
        wait(c.sent + GAP - time.monotonic())
        if c.closed and c.counts:
            if begin and cut:
                return  # the other side has seen enough: what it makes of that is for the next steps to say
            fail("the %s has closed %s, so that nothing can be sent on it" % (ROLE, name))
        segment, until = data[begin:end], time.monotonic() + options.timeout
        while segment and not c.closed:
            try:
                segment = segment[c.sock.send(segment) :]
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                if time.monotonic() > until:
                    fail("the %s does not read what it is sent on %s" % (ROLE, name))
                receive(GAP)
            except OSError:
                break  # what has become of the connection is for the next steps to say
        c.sent = c.asked = time.monotonic()


def fit_line_end(c, data):
    """Leaves out the line end for a server whose own first words have none, and keeps messages to it apart."""
    if LINE_END is None:
        return data
    until = time.monotonic() + min(0.5, options.timeout / 10)
    while not c.asked and not c.closed and time.monotonic() < (min(until, c.heard + SILENCE) if c.heard else until):
        receive(GAP)
    c.first_end = c.first_end or c.last
    if c.first_end == LINE_END:
        return data
    wait(c.asked + MESSAGE_GAP - time.monotonic())
    return data[:-1] if data.endswith(LINE_END) else data


def match(c, pattern, *names):
    """How many bytes match and what they give the names; `.{name}` are as many bytes as the value of the name says."""
    sizes = {}

    def exactly(found):
        name = found[1].decode()
        size = sizes.get(name) if name in names else v[name]
        return b".*" if size is None else b".{%s}" % size if size.isdigit() and len(size) < 8 else b"(?!)"

    for _ in range(len(names) + 2) if c.inbox or not c.datagrams else ():
        sized = re.sub(rb"\.\{([A-Za-z][\w-]*)\}", exactly, pattern)
        found = (re.fullmatch if c.datagrams else re.match)(sized, b"".join(c.inbox[:1]), re.DOTALL)
        if not found:
            return None
        kept = {name: value for name, value in zip(names, found.groups()) if value is not None}
        if sized == pattern or kept.items() <= sizes.items():
            return found.end(), kept
        sizes.update(kept)


def take(c, length):
    rest = b"".join(c.inbox[:1])[length:]
    c.inbox[:1] = [rest] if rest else []


def leave_out(c):
    """Leaves out something that the server may say at any time. Says whether it did."""
    found = match(c, *IGNORED) if IGNORED and c.sock and c.inbox else None
    if found and found[0]:
        take(c, found[0])
    return bool(found and found[0])


def want(name, pattern, *names, patience=1, open_ended=False):
    """Something to wait for: a pattern, whose groups give these names their values, or (None) the end."""
    now = time.monotonic()
    until = min(now + patience * options.timeout, limit)
    w = Want(connections[name], pattern, names, open_ended, now, until, line())
    say(name, "expects", w.text())
    return w


def first_of(*wants, unless_silent=None):
    """Waits for the first of these to come true, and says which; None if that connection is silent before."""
    began = time.monotonic()
    receive(0)
    while True:
        now, waiting, undecided = time.monotonic(), set(), set()
        for i, w in enumerate(wants):
            found = w.look()
            c = found[2] if found else w.c
            # What may still grow, or become what is waited for before it, is taken when nothing came for a while.
            if found and (is_whole(c, w.began) or not w.open_ended and c not in waiting):
                w.take(found[0], c)
                v.update(found[1])
                return i
            waiting.add(c)
            undecided |= {c} if found else set()
        if any(is_whole(c) and leave_out(c) for c in waiting - undecided):
            continue
        if unless_silent and now > began + 4 * SILENCE and is_quiet(connections[unless_silent]):
            return None
        late = [w for w in wants if now > w.until] or wants
        if now > late[0].until or all(w.is_in_vain() for w in wants):
            reason = "what is expected did not come in time" if now > late[0].until else "something else came"
            pairs = ["expected  %s: %s\n    received  %s" % (w.c.name, w.text(), w.c) for w in late[:4]]
            fail(reason, *pairs, at=late[0].line)
        receive(GAP)


def is_whole(c, began=0):
    """Whether no more is to be thought of with what has arrived."""
    return c.closed or c.datagrams or time.monotonic() > max(c.heard, began) + SILENCE


def expect(*args, **options):
    first_of(want(*args, **options))


def all_of(*branches):
    """Each of these comes true, in any order; a branch goes on to the next that it waits for."""
    branches = [branch if hasattr(branch, "send") else iter([branch]) for branch in branches]
    waiting = [(next(branch), branch) for branch in branches]
    while waiting:
        i = first_of(*[w for w, _ in waiting])
        waiting[i : i + 1] = [(w, waiting[i][1]) for w in [next(waiting[i][1], None)] if w]


def soon(attempt, patience=1):
    """Tries until it comes true."""
    global limit
    limit, pause = time.monotonic() + patience * options.timeout, GAP
    while True:
        before = len(opened)
        try:
            attempt()
            limit = float("inf")
            return
        except Failed:
            if time.monotonic() + pause > limit:
                raise
        for c in opened[before:]:
            part(c)
        say("", "again", "in %d ms" % (1000 * pause))
        wait(pause)
        pause = min(2 * pause, options.timeout / 10)
        for c in opened if DATAGRAMS else ():
            c.inbox.clear()


def is_quiet(c):
    while leave_out(c):
        pass
    return not c.inbox and (not c.closed or c.may_close)


def must_be_quiet(*connections):
    for c in connections:
        until = time.monotonic() + options.timeout
        while c.counts and not is_quiet(c):
            # It may yet become something that the server may say at any time.
            if c.closed or DATAGRAMS or not IGNORED or time.monotonic() > until:
                fail("no step expects this", c)
            receive(GAP)


def silent(name):
    must_be_quiet(connections[name])
    wait(SILENCE)
    must_be_quiet(connections[name])


def nothing_is_left():
    must_be_quiet(*opened)
    wait(SILENCE)
    must_be_quiet(*opened)


def close(name):
    must_be_quiet(connections[name])
    part(connections[name])


def reset(name):
    must_be_quiet(connections[name])
    say(name, "is", "broken off by us")
    connections[name].counts = False
    break_off(connections[name])


def end(name):
    must_be_quiet(connections[name])
    say(name, "is", "half-closed: we have nothing more to say")
    finish(connections[name])


def forget(name):
    connections[name].counts, connections[name].inbox = False, []


def part(c):
    """Has nothing more to say, and throws away what still comes."""
    say(c.name, "is", "closed by us")
    c.counts = False
    drop(c) if DATAGRAMS else finish(c)


def finish(c):
    with contextlib.suppress(OSError):  # with TLS it says that the server has not finished as well
        c.sock.unwrap() if TLS else c.sock.shutdown(socket.SHUT_WR)


def break_off(c):
    """Closes with a reset, where the run could: nothing lingers."""
    if RESETS and not DATAGRAMS:
        c.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0))
    drop(c)


def drop(c):
    c.sock.close()
    c.closed = True


def main():
    print("%s\n" % TITLE)
    try:
        play()
        print("\nAll of it came true: this %s passes." % ROLE)
    except Failed as failure:
        print("\nThis %s fails at %s" % (ROLE, failure))
        return 1
    except Unsupported as what:
        print("\nThis %s does not support it, which it may: %s." % (ROLE, what))
    except KeyboardInterrupt:
        return 130
    finally:
        leave()
    return 0


def address(text):
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or not int(port) < 65536:
        raise argparse.ArgumentTypeError("%r is no address: write HOST:PORT" % text)
    return host.strip("[]"), int(port)
