# How a client is started, what it shows, and what is typed.

import codecs, os, queue, shlex, shutil, signal, subprocess, tempfile, threading

LOOKS = 0.3  # so long does a user look, at most, what comes of what was sent before typing
WATCHED, SPINNING = 0.4, 0.6  # seconds, and the share of them that a client may compute which waits
CONTROL = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-Z\\^-~])|[\x00-\x07\x0e-\x1f\x7f]")
PAUSES = {"calm": 0.05, "unrest": 0.5, "start": 3.0}  # of a client in a terminal, before something is typed
client = None
KEPT = 1 << 18  # characters of what was shown last
unnamed = []  # connections that no step has taken yet


class Client:
    """The program: where it runs, all that it has shown, and how it stands."""

    def __init__(self, place, folder, listener):
        words = [fill(word, place) for word in options.command]
        self.folder, self.listener, self.text, self.raw, self.seen = folder, listener, "", "", 0
        self.whole, self.dropped, self.is_over = 0, 0, False
        self.echoes, self.shown_at, self.acted_at, self.was_sent, self.peer = [], 0, 0, False, None
        self.began, self.accepted, self.pieces = time.monotonic(), 0, queue.Queue(64)
        group = {} if os.name == "nt" else {"start_new_session": True}
        env = {**os.environ, "PYTHONUNBUFFERED": "1", **({"PYTHONIOENCODING": "utf-8"} if os.name == "nt" else {})}
        pipe = subprocess.PIPE
        self.program = subprocess.Popen(
            in_terminal(words) if PTY else words, cwd=folder, env=env, stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0, **group
        )
        self.readers = [threading.Thread(target=self.read_all, args=(one,), daemon=True) for one in (self.program.stdout, self.program.stderr)]
        for reader in self.readers:
            reader.start()

    def read_all(self, stream):
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        for data in iter(lambda: os.read(stream.fileno(), 1 << 16), b""):
            self.pieces.put(decoder.decode(data))

    def update(self):
        """Takes what was shown: without escapes, and without what a terminal echoes."""
        for _ in range(self.pieces.qsize()):
            self.raw += self.pieces.get()
            self.shown_at = time.monotonic()
        # Lines that are whole stay what they are.
        end = len(self.raw) if len(self.raw) > KEPT else self.raw.rfind("\n") + 1
        self.text = self.text[: self.whole] + plain(self.raw[:end])
        self.raw, self.whole = self.raw[end:], len(self.text)
        self.text += plain(self.raw[:-1] if self.raw.endswith("\r") else self.raw)
        for echo in list(self.echoes):
            at = self.text.find(echo[0], max(echo[1] - self.dropped, 0))
            if at >= 0:  # as many characters as before, so that what follows stays where it is
                self.text = self.text[:at] + "\0" * len(echo[0]) + self.text[at + len(echo[0]) :]
            if 0 <= at < self.whole:
                self.echoes.remove(echo)
        too_many = max(len(self.text) - KEPT, 0)
        self.text, self.dropped, self.whole = self.text[too_many:], self.dropped + too_many, max(self.whole - too_many, 0)
        new = self.since(self.seen)
        self.seen = max(self.seen, self.length())
        if new:
            say("terminal", "shows", show(new.encode()))

    def length(self):
        """How many characters it has shown."""
        return self.dropped + len(self.text)

    def since(self, position):
        return self.text[max(position - self.dropped, 0) :].replace("\0", "")

    def status(self):
        """Its exit status, once all that it has shown is read; None while it runs."""
        status = self.program.poll()
        if status is not None and not self.is_over:
            self.is_over = True
            self.update()
            for reader in self.readers:  # what it has started may hold them open
                reader.join(0.25)
            self.update()
        return status

    def type(self, text):
        if PTY:
            # Who reads from a terminal may throw away what was typed before it was ready.
            until = time.monotonic() + PAUSES["unrest"]
            while self.status() is None and time.monotonic() < (
                min(self.shown_at + PAUSES["calm"], until) if self.shown_at else self.began + PAUSES["start"]
            ):
                receive(GAP)
            self.echoes += [(line, self.length()) for line in text.split("\n") if line]
        with contextlib.suppress(OSError):  # it reads no more: what should come of it does not, and says so
            self.program.stdin.write((text.replace("\n", "\r") if PTY else text).encode())

    def computed(self):
        """How many seconds it has computed, with all that it has started; None where the system does not tell."""
        rows = []
        if sys.platform.startswith("linux"):
            for pid in filter(str.isdigit, os.listdir("/proc")):
                with contextlib.suppress(OSError), open("/proc/%s/stat" % pid, errors="replace") as file:
                    fields = file.read().rpartition(")")[2].split()
                    rows.append((int(pid), int(fields[1]), (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")))
        elif os.name != "nt":
            for row in subprocess.run(["ps", "-A", "-o", "pid=,ppid=,time="], stdout=subprocess.PIPE).stdout.decode().splitlines():
                pid, parent, spent = row.split()[:3]
                parts = [float(part) for part in re.split("[-:]", spent)]
                rows.append((int(pid), int(parent), sum(part * 60**i for i, part in enumerate(reversed(parts)))))
        family = [row for row in rows if row[0] == self.program.pid]
        for pid, _, _ in family:
            family += [row for row in rows if row[1] == pid]
        return sum(spent for _, _, spent in family) if family else None

    def stop(self):
        """Ends it, and all that it has started."""
        if os.name == "nt":
            subprocess.run(["taskkill", "/T", "/F", "/PID", str(self.program.pid)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        else:
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                os.killpg(self.program.pid, signal.SIGTERM)
                self.program.wait(0.5)
            with contextlib.suppress(OSError):
                os.killpg(self.program.pid, signal.SIGKILL)
        self.program.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def plain(written):
    """What a user reads of it: without escapes, and without what was taken back."""
    text = CONTROL.sub("", written.replace("\r\n", "\n")).replace("\r", "\n")
    while "\b" in text:
        text = re.sub("[^\n\b]?\b", "", text, count=1)
    return text


def fill(text, place):
    return re.sub(r"\{([a-z][a-z-]*)\}", lambda found: place.get(found[1], found[0]), text)


def in_terminal(words):
    sized = ["sh", "-c", 'stty cols 1000 rows 50 2>/dev/null; exec "$@"', "sh", *words]
    if sys.platform.startswith("linux"):
        return ["script", "-qfec", " ".join(map(shlex.quote, sized)), "/dev/null"]
    return ["script", "-q", "/dev/null", *sized]
