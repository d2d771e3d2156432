#!/usr/bin/env python3
"""A group server that shares nothing with ours, as the document has it: values found by position.

Takes a port (0: any free one), prints it, then serves until it is ended.
"""

import json
import socket
import sys
import threading
import time

LOCK = threading.Lock()
TABLE = {}  # "0", "1", ... -> name, ip, port, status, mode
GROUPS = {}  # name -> names of members
CREATORS = {}  # name of a group -> address of who made it
OWED = {}  # ip, port of a member -> how many messages it has not acknowledged

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0))


def answer(to, header, *pairs):
    lines = ["Header:", header]
    for name, value in pairs:
        lines += [name, value]
    sock.sendto("\n".join(lines).encode(), to)


def ack(to, message, header="ack"):
    answer(to, header, ("Message:", message))


def tell_table():
    for row in list(TABLE.values()):
        if row["status"] == "yes":
            answer((row["ip"], int(row["port"])), "update", ("Payload:", json.dumps(TABLE)))


def row_of(**wanted):
    for row in TABLE.values():
        if all(row[key] == value for key, value in wanted.items()):
            return row
    return None


def register(at, values):
    name, port = values[0], values[2]
    if not 0 < int(port) < 65536:
        return
    row = row_of(name=name)
    if row and row["status"] == "yes" and (row["ip"], row["port"]) != (at, port):
        return ack((at, int(port)), "[Cannot register with a name already used.]", "nack")
    if row is None:
        row = TABLE[str(len(TABLE))] = {"name": name, "mode": "normal"}
    row.update(ip=at, port=port, status="yes")
    ack((at, int(port)), "[Welcome, You are registered.]")
    tell_table()


def dereg(at, values):
    port = values[0]
    row = row_of(port=port)
    if row:
        row["status"] = "no"
    answer((at, int(port)), "dereg", ("Message:", "[You are Offline. Bye.]"))
    tell_table()


def create_group(at, values):
    port, group = int(values[0]), values[1]
    if CREATORS.setdefault(group, (at, port)) != (at, port):
        return ack((at, port), f"[Group {group} already exists.]")
    GROUPS.setdefault(group, [])
    ack((at, port), f"[Group {group} created by Server.]")


def list_groups(at, values):
    port = int(values[0])
    ack((at, port), "[Request for available group chats received.]")
    for line in ["[Available group chats:]", *GROUPS]:
        ack((at, port), line, "list_groups")


def join_group(at, values):
    port, group, name = int(values[0]), values[1], values[2]
    if group not in GROUPS:
        return ack((at, port), f"[Group {group} does not exist.]", "nack")
    if name not in GROUPS[group]:
        GROUPS[group].append(name)
    row_of(name=name)["mode"] = group
    ack((at, port), f"[Entered group {group} successfully.]")
    tell_table()


def list_members(at, values):
    port, group = int(values[0]), values[2]
    ack((at, port), "[Request for members in the group received]")
    for line in [f"[Members in the group {group}:]", *(f"({group}) {name}" for name in GROUPS.get(group, []))]:
        ack((at, port), line, "list_members")


def leave_group(at, values):
    port, name, group = int(values[0]), values[1], values[2]
    if name in GROUPS.get(group, []):
        GROUPS[group].remove(name)
        row_of(name=name)["mode"] = "normal"
    ack((at, port), f"[Leave group chat {group}.]", "leave")
    tell_table()


def send_group(at, values):
    sender, port, message, group = values[0], int(values[1]), values[2], values[5]
    if sender not in GROUPS.get(group, []):
        return ack((at, port), f"[You are not in group {group}.]", "nack")
    ack((at, port), "[Message received by Server.]")
    others = [row_of(name=name) for name in GROUPS[group] if name != sender]
    here = [("Server_ip:", "127.0.0.1"), ("Server_port:", str(sock.getsockname()[1]))]
    for row in others:
        to = row["ip"], int(row["port"])
        OWED[to] = OWED.get(to, 0) + 1
        answer(to, "send_group", ("Message:", f"Group_Message <{sender}>: {message}"), *here)
    threading.Thread(target=find_silent, args=(group, others), daemon=True).start()


def find_silent(group, members):
    time.sleep(0.5)
    with LOCK:
        silent = [row for row in members if OWED[row["ip"], int(row["port"])] and row["mode"] == group]
        for row in silent:
            GROUPS[group].remove(row["name"])
            row["mode"] = "normal"
            print(f"[Client {row['name']} not responsive, removed from group {group}]", flush=True)
        if silent:
            tell_table()


def acknowledged(at, values):
    OWED[at, int(values[1])] -= 1


HANDLERS = {
    "register": register,
    "dereg": dereg,
    "create_group": create_group,
    "list_groups": list_groups,
    "join_group": join_group,
    "list_members": list_members,
    "leave_group": leave_group,
    "send_group": send_group,
    "ack": acknowledged,
}


print(sock.getsockname()[1], flush=True)
while True:
    datagram, (at, _) = sock.recvfrom(65536)
    try:
        header, *values = datagram.decode().split("\n")[1::2]
        with LOCK:
            HANDLERS[header](at, values)
    except (UnicodeDecodeError, LookupError, ValueError, TypeError, OverflowError, OSError):
        pass  # malformed
