/**
 * What the fixtures for relay clients are tested with.
 *
 * @module
 */

import { RELAY } from "../../../lib/dialects/relay/dialect.ts";
// Loaded at the first start otherwise, for which virtual time does not wait.
import "../../../lib/dialects/relay/client.ts";
import { fromUtf8 } from "../latin1.ts";
import { type MutantTable, readMutants } from "../mutant.ts";
import type { MutantSet } from "../mutant_set.ts";
import { puttingInto } from "../put_in.ts";
import { oursAs } from "./ours.ts";
import { deviatingClients, PlainClient, rightClients, type Socket, USELESS_CLIENTS, utf8 } from "./plain.ts";
import { type MakeClientProgram, startProgram } from "./program.ts";

/** A relay client: small, right, and made to be overridden. */
class PlainRelayClient extends PlainClient {
  out: Socket | undefined;
  in: Socket | undefined;
  isReady = false;
  isSending = false;
  hasBegun = false;
  lines: string[] = [];

  start(): void {
    this.open((socket) => this.register(socket, "TOSEND"), (socket) => this.readAnswers(socket));
  }

  begun(): void {
    this.hasBegun = true;
  }

  register(socket: Socket, side: "TOSEND" | "TORECV"): void {
    this.write(socket, this.registration(side));
  }

  registration(side: string): string {
    return `REGISTER ${side} ${this.io.place.name}\n\n`;
  }

  line(text: string): void {
    this.hasBegun = false;
    this.lines.push(text);
    this.next();
  }

  /** One message after the other, each when the one before it is answered. */
  next(): void {
    while (this.isReady && !this.isSending && this.lines.length > 0) {
      const [, to, text] = /^@(\S+) (.+)$/.exec(this.lines.shift()!) ?? [];
      if (to === undefined || text === undefined) this.malformed();
      else this.send(to, text);
    }
  }

  malformed(): void {
    this.io.show("write @user message");
  }

  send(to: string, text: string): void {
    this.isSending = true;
    const body = utf8(text);
    this.write(this.out!, `SEND ${to}\nContent-length: ${this.lengthOf(text)}\n\n${body}`);
  }

  lengthOf(text: string): number {
    return utf8(text).length;
  }

  readAnswers(socket: Socket): void {
    for (let head = takeHead(socket); head !== undefined; head = takeHead(socket)) this.answered(socket, head);
  }

  answered(socket: Socket, head: string): void {
    if (this.out === undefined) return this.registered(socket, head);
    this.told(head);
    this.isSending = false;
    this.next();
  }

  registered(socket: Socket, head: string): void {
    if (head.startsWith("ERROR")) return this.refused(head);
    this.out = socket;
    this.open((socket) => this.register(socket, "TORECV"), (socket) => this.readForwards(socket));
  }

  refused(head: string): void {
    this.show(`the name is refused: ${head}`);
    this.io.end(1);
  }

  told(head: string): void {
    this.io.show(head.startsWith("SENT") ? "delivered" : `not delivered: ${head}`);
  }

  readForwards(socket: Socket): void {
    while (this.readForward(socket));
  }

  /** Reads one message, and says whether there was one. */
  readForward(socket: Socket): boolean {
    const end = socket.unread.indexOf("\n\n");
    if (end < 0) return false;
    const head = socket.unread.slice(0, end);
    if (this.in === undefined) {
      socket.unread = socket.unread.slice(end + 2);
      this.receiving(socket, head);
      return true;
    }
    const [, length] = /\nContent-length: (\d+)$/.exec(head) ?? [];
    if (length === undefined) {
      socket.unread = socket.unread.slice(end + 2);
      this.incomplete(socket, head);
      return true;
    }
    const rest = socket.unread.slice(end + 2);
    const size = this.sizeOf(Number(length), rest);
    if (size === undefined) return false;
    socket.unread = rest.slice(size);
    this.forwarded(socket, senderIn(head), rest.slice(0, size));
    return true;
  }

  /** How many bytes of what follows the header are the body, once they are there. */
  sizeOf(length: number, rest: string): number | undefined {
    return rest.length < length ? undefined : length;
  }

  receiving(socket: Socket, head: string): void {
    if (head.startsWith("ERROR")) return this.refused(head);
    this.in = socket;
    this.isReady = true;
    this.next();
  }

  incomplete(socket: Socket, _head: string): void {
    this.write(socket, "ERROR 103 header incomplete\n\n");
  }

  forwarded(socket: Socket, from: string, body: string): void {
    this.shown(from, body);
    this.write(socket, this.acknowledgement(from));
  }

  shown(from: string, body: string): void {
    this.show(`${from}: ${body}`);
  }

  acknowledgement(from: string): string {
    return `RECEIVED ${from}\n\n`;
  }
}

function takeHead(socket: Socket): string | undefined {
  const end = socket.unread.indexOf("\n\n");
  if (end < 0) return undefined;
  const head = socket.unread.slice(0, end);
  socket.unread = socket.unread.slice(end + 2);
  return head;
}

function senderIn(head: string): string {
  return head.split("\n")[0]!.slice("FORWARD ".length);
}

const relay = puttingInto(PlainRelayClient);

const MUTANTS: MutantTable<MakeClientProgram> = {
  "relay/client-register": {
    "registers its name in capitals": relay("registration", (plain) => (side) => plain(side).toUpperCase()),
    "ends a message in one line end": relay("registration", (plain) => (side) => plain(side).slice(0, -1)),
    "opens one connection only": relay("registered", (_plain, client) => (socket) => {
      client.out = socket;
      client.isReady = true;
    }),
    "registers one side only": relay("registration", (plain) => () => plain("TOSEND")),
    "registers two names": relay(
      "registration",
      (plain) => (side) => side === "TORECV" ? plain(side).replace("\n", "x\n") : plain(side),
    ),
  },
  "relay/client-register-refused": {
    "does not say that its name was refused": relay("refused", (_plain, client) => () => client.io.end(1)),
    "sends under a name that was refused": relay((plain, client) => ({
      registered: (socket, head) => {
        if (!head.startsWith("ERROR")) return plain.registered(socket, head);
        client.out = socket;
        client.isReady = true;
        client.show("refused, but never mind");
      },
      receiving: (socket, head) => {
        client.in = socket;
        client.isReady = true;
        if (head.startsWith("ERROR")) client.show("refused, but never mind");
      },
    })),
  },
  "relay/client-register-waits": {
    "sends before both connections are acknowledged": relay("registered", (plain, client) => (socket, head) => {
      plain(socket, head);
      client.isReady = true;
      client.next();
    }),
    "sends before its first connection is acknowledged": relay("register", (plain, client) => (socket, side) => {
      plain(socket, side);
      client.io.runtime.after(20, () => client.write(socket, "SEND bob\nContent-length: 2\n\nhi"));
    }),
  },
  "relay/client-send": {
    "sends a line end behind the body": behind("\n"),
    "leaves out the length": relay("send", (_plain, client) => (to, text) => {
      client.isSending = true;
      client.write(client.out!, `SEND ${to}\n\n${utf8(text)}`);
    }),
    "sends everything to the first it has sent to": relay((plain) => {
      let first: string | undefined;
      return { send: (to, text) => plain.send(first ??= to, text) };
    }),
    "sends each message twice": relay("send", (plain) => (to, text) => {
      plain(to, text);
      plain(to, text);
    }),
    "sends the first word only": relay("send", (plain) => (to, text) => plain(to, text.split(" ")[0]!)),
  },
  "relay/client-send-all": {
    "sends to all in small letters": relay("send", (plain) => (to, text) => plain(to === "ALL" ? "all" : to, text)),
    "takes ALL for nobody": relay("send", (plain, client) => (to, text) => {
      if (to === "ALL") client.malformed();
      else plain(to, text);
    }),
  },
  "relay/client-length-bytes": {
    "counts characters": relay("lengthOf", () => (text) => [...text].length),
    "counts what UTF-16 has": relay("lengthOf", () => (text) => text.length),
  },
  "relay/client-malformed-line": {
    "sends a line without a recipient to all": relay(
      "line",
      (plain) => (text) => plain(text.startsWith("@") ? text : `@ALL ${text}`),
    ),
    "does not say what is wrong with a line": relay("malformed", () => () => {}),
    "takes no line after a wrong one": relay("malformed", (plain, client) => () => {
      plain();
      client.isReady = false;
    }),
    "ends at a wrong line": relay("malformed", (plain, client) => () => {
      plain();
      client.io.end(1);
    }),
  },
  "relay/client-confirmed": {
    "tells a refusal as a success": relay("told", (plain) => () => plain("SENT")),
    "tells no success": relay("told", (plain) => (head) => head.startsWith("SENT") ? undefined : plain(head)),
    "tells no refusal": relay("told", (plain) => (head) => head.startsWith("SENT") ? plain(head) : undefined),
    "tells a success before there is an answer": relay((plain, client) => ({
      send: (to, text) => {
        plain.send(to, text);
        client.io.show("delivered");
      },
      told: () => {},
    })),
  },
  "relay/client-next": {
    "sends nothing after a refusal": relay("answered", (plain, client) => (socket, head) => {
      plain(socket, head);
      if (head.startsWith("ERROR 102")) client.isReady = false;
    }),
    "sends one message and no more": relay((plain) => {
      let sent = 0;
      return { send: (to, text) => sent++ === 0 ? plain.send(to, text) : undefined };
    }),
  },
  "relay/client-receive": {
    "acknowledges nothing": relay("forwarded", (_plain, client) => (_socket, from, body) => client.shown(from, body)),
    "shows nothing": relay("shown", () => () => {}),
    "does not show who says it": relay("shown", (_plain, client) => (_from, body) => client.show(body)),
    "does not show what is said": relay("shown", (_plain, client) => (from) => client.show(`${from} has written`)),
    "acknowledges in its own name": relay("acknowledgement", (plain, client) => () => plain(client.io.place.name)),
    "acknowledges on the wrong connection": relay("forwarded", (_plain, client) => (_socket, from, body) => {
      client.shown(from, body);
      client.write(client.out!, client.acknowledgement(from));
    }),
    "acknowledges twice": relay("acknowledgement", (plain) => (from) => plain(from) + plain(from)),
    "hears one message only": relay((plain) => {
      let heard = 0;
      return { forwarded: (...args) => heard++ === 0 ? plain.forwarded(...args) : undefined };
    }),
  },
  "relay/client-receive-meanwhile": {
    "hears nothing while an answer is outstanding": relay((plain, client) => ({
      readForwards: (socket) => client.isSending ? undefined : plain.readForwards(socket),
      answered: (socket, head) => {
        plain.answered(socket, head);
        if (client.in !== undefined) plain.readForwards(client.in);
      },
    })),
    "hears nothing while its user types": relay((plain, client) => ({
      readForwards: (socket) => client.hasBegun ? undefined : plain.readForwards(socket),
      line: (text) => {
        plain.line(text);
        if (client.in !== undefined) plain.readForwards(client.in);
      },
    })),
  },
  "relay/client-receive-incomplete": {
    "acknowledges what has no length": relay(
      "incomplete",
      (_plain, client) => (socket, head) => client.write(socket, client.acknowledgement(senderIn(head))),
    ),
    "says nothing to what has no length": relay("incomplete", () => () => {}),
    "leaves when a header cannot be read": relay("incomplete", (_plain, client) => () => client.io.end(1)),
  },
  "relay/client-body-exact": {
    "takes a body for a line": relay("sizeOf", () => (length, rest) => {
      const end = rest.indexOf("\n");
      return end < 0 ? (rest.length < length ? undefined : length) : Math.min(end, length);
    }),
    "counts the characters of a body": relay("sizeOf", () => (length, rest) => {
      const text = fromUtf8(rest);
      return [...text].length < length ? undefined : utf8([...text].slice(0, length).join("")).length;
    }),
    "takes a body for over at an empty line": relay("sizeOf", (plain) => (length, rest) => {
      const end = rest.slice(0, length).indexOf("\n\n");
      return end < 0 ? plain(length, rest) : end + 2;
    }),
  },
  "relay/client-stream-split": {
    "takes what one read gives for a message": relay("readForwards", (plain, client) => (socket) => {
      plain(socket);
      if (socket === client.in) socket.unread = "";
    }),
    "acknowledges a message before it is whole": relay("sizeOf", () => (length, rest) => Math.min(rest.length, length)),
    "takes what one read gives for an answer": relay("readAnswers", (_plain, client) => (socket) => {
      const head = socket.unread;
      socket.unread = "";
      client.answered(socket, head);
    }),
  },
  "relay/client-stream-joined": {
    "takes one message from each read": relay("readForwards", (plain, client) => (socket) => {
      if (client.in === undefined) return plain(socket);
      client.readForward(socket);
      socket.unread = "";
    }),
  },
  "relay/client-server-gone": {
    "does not say that the server is gone": relay("gone", () => () => {}),
    "spins when the server is gone": relay("gone", (_plain, client) => () => {
      client.io.show("the server is gone");
      client.io.spin();
    }),
    "connects again and again": relay("gone", (_plain, client) => () => {
      client.io.show("the server is gone");
      client.io.repeat(2, () => void client.io.connect().then((link) => link?.abort("left")));
    }),
  },
  "relay/client-unreachable": {
    "does not say that nobody listens": relay("unreachable", (_plain, client) => () => client.io.end(1)),
    "ends well although nobody listens": relay("unreachable", (_plain, client) => () => {
      client.io.show("the server cannot be reached");
      client.io.end(0);
    }),
    "waits for ever although nobody listens": relay("unreachable", (_plain, client) => () => {
      client.io.show("the server cannot be reached");
    }),
  },
};

/** A client that sends something behind each body. */
function behind(text: string): MakeClientProgram {
  return relay("send", (plain, client) => (to, body) => {
    plain(to, body);
    client.write(client.out!, text);
  });
}

/** The clients. */
export const CLIENT_MUTANT_SET: MutantSet = {
  right: rightClients({ "is ours": oursAs(RELAY), "does what the document says": relay() }),
  useless: USELESS_CLIENTS,
  deviations: deviatingClients({ "newline-behind": behind("\n"), "blank-behind": behind(" ") }),
  mutants: readMutants(MUTANTS, startProgram),
  excuses: {},
};
