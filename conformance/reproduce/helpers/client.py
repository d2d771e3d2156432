# Whom a client connects to, and what its user does and reads.


class Screen:
    """What was shown from a position on, as something to wait at."""

    name, sock, datagrams, sent, may_close = "terminal", None, False, 0, False

    def __init__(self):
        self.begin = client.acted_at

    @property
    def inbox(self):
        text = client.since(self.begin)[-(1 << 15) :]
        return [text.encode()] if text else []

    closed = property(lambda self: client.status() is not None)
    heard = property(lambda self: client.shown_at)
    __str__ = Connection.__str__


class Arrivals:
    """What the client has connected and no step has taken, as something to wait at."""

    name, sock, datagrams, inbox, heard = "connection", None, False, (), 0
    closed = property(lambda self: client.status() is not None and all(c.closed for c in unnamed))

    def __str__(self):
        return "\n              ".join(map(str, unnamed)) or "the client has connected nothing%s" % ended()


class Shows(Want):
    """What was shown holds a pattern."""

    def look(self):
        text = b"".join(self.c.inbox)
        # A prompt says nothing.
        is_prompt = self.pattern in (b".*", b"(.*)") and not any(map(str.isalpha, text.decode("utf-8", "replace")))
        found = None if is_prompt else match(self.c, self.pattern, *self.names)
        return found and (*found, self.c)

    def take(self, length, c):
        pass  # a user may read it again


class Accepts(Want):
    """A connection that no step has taken begins with a pattern."""

    def look(self):
        for c in unnamed:
            found = match(c, self.pattern, *self.names) if self.pattern else (0, {})
            if found:
                return (*found, c)

    def text(self):
        return super().text() if self.pattern else "(a connection)"

    def take(self, length, c):
        super().take(length, c)
        unnamed.remove(c)
        opened.append(c)
        say(self.line_name, "is", c.name)
        c.name, connections[self.line_name], c.may_close = self.line_name, c, False

    def name_it(self, name):
        self.line_name = name
        return self


class Ends(Want):
    """The program ends, with that exit status."""

    def is_right(self):
        status = client.status()
        return status is not None and (self.pattern is None or (status != 0 if self.pattern == "nonzero" else status == self.pattern))

    def look(self):
        return (0, {}, self.c) if self.is_right() else None

    def take(self, length, c):
        pass

    def is_in_vain(self):
        return client.status() is not None

    def text(self):
        return "the program ends" + ("" if self.pattern is None else ", exit status %s" % self.pattern)


class Port:
    """A port for datagrams that answers who has sent the last, unless it is said where the client listens."""

    def __init__(self, sock, peer=None):
        self.sock, self.peer, self.is_named = sock, peer, peer is not None
        self.fileno, self.close = sock.fileno, sock.close

    def recv(self, size):
        data, peer = self.sock.recvfrom(size)
        self.peer = self.peer if self.is_named else peer
        return data

    def send(self, data):
        return self.sock.sendto(data, self.peer) if self.peer else len(data)


def listen(host, port):
    kind = socket.SOCK_DGRAM if DATAGRAMS else socket.SOCK_STREAM
    family, _, _, _, where = socket.getaddrinfo(host, port, type=kind)[0]
    sock = socket.socket(family, kind)
    if not DATAGRAMS and os.name != "nt":
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(where)
    if not DATAGRAMS:
        sock.listen()
    sock.setblocking(False)
    return sock


def start():
    """Listens, and starts the client."""
    global client
    make_up("user")
    folder = tempfile.mkdtemp(prefix="chat-client-")
    try:
        listener = listen(*options.listen)
        host, port = listener.getsockname()[:2]
        with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as free:
            free.bind(("", 0))
            own = free.getsockname()[1]
        if not LISTENS:
            listener.close()
            listener = None
        server = ("[%s]:%d" if ":" in host else "%s:%d") % (host, port)
        place = {"host": host, "port": str(port), "name": v["user"].decode(), "client-port": str(own), "server": server}
        client = Client(place, folder, listener)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        print("the client cannot be started: %s" % error, file=sys.stderr)
        sys.exit(3)
    say("client", "is", "started: %s" % " ".join(fill(word, place) for word in options.command))
    if options.input:
        client.type(fill(options.input, place))


def receive(seconds):
    """Takes what has arrived and what was shown, or waits so long, but not longer than until somebody should look."""
    client.update()
    readable = {c.sock: c for c in opened + unnamed if not c.closed}
    # Where datagrams arrive is the first connection as soon as there is one.
    listener = [client.listener] if client.listener and not (DATAGRAMS and client.accepted) else []
    sockets = [*readable, *listener]
    wait = max(min(seconds, GAP), 0)
    if not sockets:
        time.sleep(wait)
    for sock in select.select(sockets, [], [], wait)[0] if sockets else ():
        if sock in readable:
            read(readable[sock])
            continue
        client.accepted += 1
        c = Connection("connection-%d" % client.accepted, Port(sock) if DATAGRAMS else sock.accept()[0])
        if not DATAGRAMS:
            c.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            c.sock.setblocking(False)
        say(c.name, "is", "there")
        unnamed.append(c)
        if DATAGRAMS:
            read(c)
    client.update()


def connect(name):
    """A port for datagrams of somebody else whom the client speaks with."""
    sock = listen(options.listen[0], 0)
    v[name + ".address"], v[name + ".port"] = sock.getsockname()[0].encode(), b"%d" % sock.getsockname()[1]
    connections[name] = Connection(name, Port(sock, client.peer))
    opened.append(connections[name])
    say(name, "is", "a port of somebody else")


def waiting(kind, c, pattern, *names, patience=1, open_ended=False):
    now = time.monotonic()
    w = kind(c, pattern, names, open_ended, now, min(now + patience * options.timeout, limit), line())
    say(c.name, "expects", w.text())
    return w


def shown(pattern, *names, **how):
    return waiting(Shows, Screen(), pattern, *names, **how)


def accepted(name, pattern=b"", *names, **how):
    return waiting(Accepts, Arrivals(), pattern, *names, **how).name_it(name)


def end_of_program(status=None, **how):
    return waiting(Ends, Screen(), status, **how)


def shows(*args, **how):
    first_of(shown(*args, **how))


def accept(*args, **how):
    first_of(accepted(*args, **how))


def ends(*args, **how):
    first_of(end_of_program(*args, **how))


def knows_port(name):
    """What is sent on this goes where the client says that it listens, as others send it."""
    port = connections[name].sock
    if "port" in v and v["port"].isdigit():
        port.peer, port.is_named = (port.peer[0], int(v["port"])), True
    client.peer = port.peer


def ended():
    status = client.status()
    return "" if status is None else ", and has ended with exit status %d" % status


def acted():
    """What the client shows from here on is about what is done now."""
    client.update()
    client.acted_at = client.length()
    for c in opened:
        c.arrived = []


def acting(step):
    def act(*args, **how):
        client.was_sent = step is SEND
        acted()
        return step(*args, **how)

    return act


SEND = send
send, close, end, reset = acting(send), acting(close), acting(end), acting(reset)


def type_in(data):
    """Types for the user, who looks first what the client shows of what it was sent."""
    until = time.monotonic() + LOOKS
    while client.was_sent and time.monotonic() < until and not client.since(client.acted_at) and client.status() is None:
        receive(GAP)
    client.was_sent = False
    acted()
    say("terminal", "types", show(data))
    client.type(data.decode())


def hides(pattern):
    wait(0.05)
    if Shows(Screen(), pattern, (), False, 0, 0, 0).look():
        fail("the client shows what it must not show", Screen())


def essence(text):
    """What a user reads in it: no prompts, no times, no line ends."""
    lines = [re.sub(r"^\W+|\W+$", "", text, flags=re.ASCII) for text in text.decode("utf-8", "replace").split("\n")]
    return " ".join(re.sub(r"\d+([:.,]\d+)+", "", " ".join(filter(None, lines))).split())


def shows_other_than(first, second):
    if essence(v[first]) == essence(v[second]):
        fail("%s and %s read alike" % (first, second), show(v[second]))


def idle():
    """Neither spins, nor floods, nor connects again and again."""
    before, accepted, length, began = client.computed(), client.accepted, client.length(), time.monotonic()
    wait(min(WATCHED, options.timeout / 4))
    after, passed = client.computed(), time.monotonic() - began
    if client.status() is not None:
        return
    if before is not None and after is not None and after - before > SPINNING * passed:
        fail("the client spins: it computed for %.2f s in %.2f s" % (after - before, passed))
    if client.accepted - accepted > 20:
        fail("the client connects again and again: %d times in %.2f s" % (client.accepted - accepted, passed))
    if client.length() - length > 1 << 14:
        fail("the client shows %d characters in %.2f s" % (client.length() - length, passed))


def paced(name, low, high):
    """So many seconds are between what has arrived since something was last done to the client."""
    times = connections[name].arrived
    for before, after in zip(times, times[1:]):
        if not low <= after - before <= high:
            fail("%.3f s passed between two on %s, and %.3f to %.3f should" % (after - before, name, low, high))


def file_contains(name, pattern):
    """A file of the client's working folder; * stands for any characters of its name."""
    like = re.compile(".*".join(map(escape, name.decode().split("*"))), re.DOTALL)
    until = time.monotonic() + options.timeout
    while True:
        found = [one for one in os.listdir(client.folder) if like.fullmatch(one)]
        for one in found:
            with open(os.path.join(client.folder, one), "rb") as file:
                if re.match(pattern, file.read(), re.DOTALL):
                    return
        if time.monotonic() > until or client.status() is not None:
            fail("it is not in the file %s%s" % (name.decode(), "" if found else ", which is not there"))
        receive(GAP)


def leave():
    if client:
        client.stop()


def command(text):
    if os.name != "nt":
        return resolve(shlex.split(text))
    # There, backslashes are no escapes.
    return resolve([word.strip("\"'") for word in shlex.split(text, posix=False)])


def resolve(words):
    """A file that is named is looked for here: the client runs in a folder of its own."""
    here = [os.path.abspath(word) if not word.startswith("-") and os.path.exists(word) else word for word in words[1:]]
    first = os.path.abspath(words[0]) if re.search(r"[/\\]", words[0]) and os.path.exists(words[0]) else words[0]
    return [first, *here]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(epilog="Exit status: 0 it comes true, 1 it does not, 3 the client cannot be started.")
    parser.add_argument("command", type=command, nargs="?", default=resolve(COMMAND), metavar="COMMAND", help="starts the client, with {host} {port} {name} {client-port} {server}; that of the run by default")
    parser.add_argument("--input", default=INPUT, metavar="TEXT", help="what is typed first (default: %(default)r)")
    parser.add_argument("--listen", type=address, default=LISTEN, metavar="HOST:PORT", help="where the client connects; port 0 is any (default: %(default)s)")
    parser.add_argument("--timeout", type=float, default=TIMEOUT, metavar="SECONDS", help="of a step (default: %(default)s)")
    parser.add_argument("--recorded-names", action="store_true", help="the names of the run that failed, not new ones")
    options = parser.parse_args()
    sys.exit(main())
