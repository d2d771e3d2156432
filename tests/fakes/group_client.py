"""A group client for tests: python3 group_client.py NAME HOST PORT CLIENT_PORT. It shares no code with ours."""

import json
import os
import queue
import socket
import sys
import threading

name, server, own = sys.argv[1], (sys.argv[2], int(sys.argv[3])), int(sys.argv[4])
# What it sends goes out of another port than the one that it listens on, as in the document's program.
listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
listening.bind(("", own))
sending = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
table = {}
group = None
# The group that it has asked to join: who reads the answer is in it from then on.
joining = None
kept = []
answers = queue.Queue()
acks = queue.Queue()


def datagram(*lines):
    return "\n".join(str(line) for line in lines).encode()


def handle(lines):
    global table, group
    kind, values = lines[1].lower(), lines[3::2]
    if kind == "update":
        rows = json.loads(lines[3])
        table = {row["name"]: row for row in rows.values()}
        print("[Client table updated.]")
    elif kind == "send":
        sender, _, address, port, text = values[:5]
        sending.sendto(datagram("header:", "ack", "message:", f"[Message received by {name}.]"), (address, int(port)))
        if group is None:
            print(f"{sender}: {text}")
        else:
            kept.append(f"{sender}: {text}")
            print("[A private message is waiting: leave the group to read it.]")
    elif kind == "send_group":
        sending.sendto(datagram("header:", "ack", "message:", values[0], "port:", own), server)
        print(values[0])
    elif kind in ("list_groups", "list_members"):
        print(values[0])
    elif kind == "ack" and values[0].startswith("[Message received by ") and "Server" not in values[0]:
        acks.put(values[0])
    elif kind in ("ack", "nack", "dereg", "leave"):
        if kind == "ack" and joining is not None:
            group = joining
        print(values[0])
        answers.put((kind, values[0]))


def listen():
    while True:
        data, _ = listening.recvfrom(65536)
        try:
            handle(data.decode("utf-8").split("\n"))
        except (ValueError, IndexError, KeyError, AttributeError):
            continue


def end(status):
    sys.stdout.flush()
    os._exit(status)


def ask(*lines):
    while not answers.empty():
        answers.get()
    for _ in range(5):
        sending.sendto(datagram(*lines), server)
        try:
            return answers.get(timeout=0.5)
        except queue.Empty:
            continue
    print("[Server not responding]")
    print("[Exiting]")
    end(1)


def send(to, text):
    row = table.get(to)
    if row is None or row["status"] != "yes":
        print(f"[{to} is not there.]")
        return
    lines = ("header:", "send", "current_user:", name, "name:", to, "ip:", row["ip"], "port:", own, "message:", text)
    sending.sendto(datagram(*lines), (row["ip"], int(row["port"])))
    try:
        print(acks.get(timeout=0.5))
    except queue.Empty:
        print(f"[No ACK from {to}, message not delivered]")
        sending.sendto(datagram("header:", "dereg", "port:", row["port"]), server)


def obey(line):
    global group, joining
    word, _, rest = line.partition(" ")
    if word in ("send", "create_group", "list_groups", "join_group") and group is not None:
        print(f"[{word} is for those who are in no group.]")
    elif word in ("send_group", "list_members", "leave_group") and group is None:
        print(f"[{word} is for those who are in a group.]")
    elif word == "send":
        send(*rest.split(" ", 1))
    elif word == "dereg":
        ask("header:", "dereg", "port:", own)
    elif word == "create_group":
        ask("header:", word, "port:", own, "group_name:", rest, "current_user:", name)
    elif word == "list_groups":
        ask("header:", word, "port:", own, "current_user:", name)
    elif word == "join_group":
        joining = rest
        ask("header:", word, "port:", own, "group_name:", rest, "current_user:", name)
        joining = None
    elif word == "send_group":
        place = ("server_ip", server[0], "server_port", server[1], "group_name", group)
        ask("header:", word, "sender:", name, "port:", own, "message:", rest, *place)
    elif word == "list_members":
        ask("header:", word, "port:", own, "current_user:", name, "group_name:", group)
    elif word == "leave_group":
        ask("header:", word, "port:", own, "current_user:", name, "group_name:", group)
        group = None
        while kept:
            print(kept.pop(0))
    else:
        print("[There is no such command.]")


threading.Thread(target=listen, daemon=True).start()
kind, _ = ask("header:", "register", "username:", name, "ip:", "127.0.0.1", "port:", own)
if kind == "nack":
    end(1)
for line in sys.stdin:
    obey(line.rstrip("\n"))
end(0)
