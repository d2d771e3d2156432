# How a server is spoken to.


def dial(host, port, seconds):
    if DATAGRAMS:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        sock = socket.socket(family, kind)
        sock.connect(address)
        return sock
    sock = socket.create_connection((host, port), seconds)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if not TLS:
        return sock
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # A server of one's own: its certificate is not looked at.
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(sock, server_hostname=host)


def connect(name):
    try:
        sock = dial(*options.server, max(min(options.timeout, limit - time.monotonic()), 0.001))
    except OSError as error:
        reason = "%s cannot be connected to %s:%d: %s" % (name, *options.server, error)
        if opened:
            fail(reason)
        print(reason, file=sys.stderr)
        sys.exit(3)
    for who, end in [(name, sock.getsockname()), ("target", sock.getpeername())] if DATAGRAMS else []:
        v[who + ".address"], v[who + ".port"] = end[0].encode(), b"%d" % end[1]
    sock.setblocking(False)
    connections[name] = Connection(name, sock)
    opened.append(connections[name])
    say(name, "is", "connected")


def leave():
    """The last words of ports for datagrams."""
    for c in opened:
        if DATAGRAMS and not c.closed:
            with contextlib.suppress(OSError):
                c.sock.send(farewell(c.name))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(epilog="Exit status: 0 it comes true, 1 it does not, 3 nobody is there.")
    parser.add_argument("server", type=address, nargs="?", default=SERVER, metavar="HOST:PORT", help="default: %(default)s")
    parser.add_argument("--timeout", type=float, default=TIMEOUT, metavar="SECONDS", help="of a step (default: %(default)s)")
    parser.add_argument("--recorded-names", action="store_true", help="the names of the run that failed, not new ones")
    options = parser.parse_args()
    sys.exit(main())
