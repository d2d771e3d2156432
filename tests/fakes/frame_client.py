"""A frame client for tests: python3 frame_client.py HOST PORT. It has the document's menu, and shares no code with ours."""

import os
import re
import socket
import sys
import threading

FRAME = re.compile(rb"(\d{1,3})\]\[(\d{1,3})\]\[(?:(\d{1,3})\]\[|(ACK))")


def log(which, other, text):
    with open(f"node{own}_{which}.txt", "a", encoding="utf-8") as file:
        file.write(f"{other}: {text}\n")


def receive(rest):
    global own
    try:
        while True:
            match = FRAME.match(rest)
            if match is not None and match[4] is not None:
                rest = rest[match.end():]
                continue
            if match is None or len(rest) < match.end() + int(match[3]):
                piece = link.recv(4096)
                if not piece:
                    break
                rest += piece
                continue
            message = rest[match.end():match.end() + int(match[3])].decode("utf-8", "replace")
            rest = rest[match.end() + int(match[3]):]
            source, destination = int(match[1]), int(match[2])
            if destination != own:
                print("Received a data that does not belong here")
            else:
                print(f"from {source}: {message}")
                log("output", source, message)
    except OSError:
        pass
    print("The server has closed the connection.")
    sys.stdout.flush()
    os._exit(1)


link = socket.create_connection((sys.argv[1], int(sys.argv[2])))
first = b""
# A frame may be right behind the ID: its destination says which of the digits are the ID.
while not first or b"]" in first and not re.match(rb"\d+\]\[\d+\]", first):
    piece = link.recv(4096)
    if not piece:
        print("The server has closed the connection.")
        sys.exit(1)
    first += piece
digits = re.match(rb"\d*", first)[0]
destination = re.match(rb"\d+\]\[(\d+)\]", first)
length = len(destination[1]) if destination is not None else len(digits)
own, rest = int(digits[:length]), first[length:]
print(f"My ID is {own}.")
threading.Thread(target=receive, args=(rest,), daemon=True).start()

while True:
    try:
        choice = input("1 send a message, 2 disconnect and exit: ").strip()
        if choice == "2":
            break
        if choice != "1":
            continue
        text = input("Message: ")
        body = text.encode()
        if len(body) > 255:
            print(f"That message has {len(body)} bytes, and 255 is the limit.")
            continue
        to = int(input("Destination: "))
    except EOFError:
        break
    except ValueError:
        print("A destination is a number.")
        continue
    link.sendall(f"{own}][{to}][{len(body)}][".encode() + body if body else f"{own}][{to}][ACK".encode())
    log("input", to, text)
link.close()
sys.stdout.flush()
os._exit(0)
