/**
 * What goes over the wire, as messages: requests to a server, answers of a server, and what clients say to each other.
 *
 * @module
 */

import { encodeFields, type Field, readValues, type Values } from "./fields.ts";

/** The fields behind the header of each request, in their order, and the names that we write for them. */
export const REQUESTS = {
  register: { user: "username:", ip: "ip:", port: "port:" },
  dereg: { port: "port:" },
  create_group: { port: "port:", group: "group_name:", user: "current_user:" },
  list_groups: { port: "port:", user: "current_user:" },
  join_group: { port: "port:", group: "group_name:", user: "current_user:" },
  send_group: {
    user: "sender:",
    port: "port:",
    message: "message:",
    serverIp: "server_ip",
    serverPort: "server_port",
    group: "group_name",
  },
  list_members: { port: "port:", user: "current_user:", group: "group_name:" },
  leave_group: { port: "port:", user: "current_user:", group: "group_name:" },
  send: { user: "current_user:", to: "name", ip: "ip", port: "port:", message: "message:" },
} as const;

/** The same for what a server answers and tells. */
export const ANSWERS = {
  ack: { message: "Message:" },
  nack: { message: "Message:" },
  update: { payload: "Payload:" },
  dereg: { message: "Message:" },
  list_groups: { message: "Message:" },
  list_members: { message: "Message:" },
  leave: { message: "Message:" },
  send_group: { message: "Message:", serverIp: "Server_ip:", serverPort: "Server_port:" },
} as const;

/** Messages with these fields, told apart by their `verb`: ports are numbers, all else is text. */
export type Messages<Layouts> = {
  readonly [Verb in keyof Layouts]:
    & { readonly verb: Verb }
    & { readonly [Name in keyof Layouts[Verb]]: Name extends "port" | "serverPort" ? number : string };
}[keyof Layouts];

/** What a client asks of a server; a `send` is also what one client says to another. */
export type Request = Messages<typeof REQUESTS>;

/** A `send`: who says what to whom, and where the answer is awaited. */
export type Direct = Extract<Request, { verb: "send" }>;

/** A client has got a group message: its text, and the client's port if it says it. */
export interface Acknowledgement {
  /** Tells it apart from a {@linkcode Request}. */
  readonly verb: "ack";
  /** The text that was got. */
  readonly message: string;
  /** The port at which the client listens. */
  readonly port: number | undefined;
}

/** What a server says. */
export type Answer = Messages<typeof ANSWERS>;

/** Why a datagram cannot be read. */
export type Fault = "not-text" | "too-short" | "unknown-header" | "bad-port";

/** Writes a request. A marked one says the same in other bytes, so that it can be told from the same request before it. */
export function encodeRequest(request: Request, isMarked = false): Uint8Array {
  return encode(isMarked ? "Header:" : "header:", REQUESTS[request.verb], request);
}

/** Writes what a server says. */
export function encodeAnswer(answer: Answer): Uint8Array {
  return encode("Header:", ANSWERS[answer.verb], answer);
}

/** Writes that a group message was got. */
export function encodeAcknowledgement(message: string, port: number): Uint8Array {
  return encodeFields([["Header:", "ack"], ["Message:", message], ["Port:", String(port)]]);
}

/**
 * Reads what a server receives, or says why it cannot be read.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = new TextEncoder().encode("Header\njoin_group\nport\n2000\nGROUP\nskii\nuser:\nsana");
 * assertEquals(decodeRequest(bytes), { verb: "join_group", port: 2000, group: "skii", user: "sana" });
 * ```
 */
export function decodeRequest(bytes: Uint8Array): Request | Acknowledgement | Fault {
  const values = readValues(bytes);
  if (values === undefined) return "not-text";
  if (values.at(0) !== "ack") return decode<Request>(REQUESTS, values);
  const message = values.at(1);
  return message === undefined ? "too-short" : { verb: "ack", message, port: parsePort(values.at(2)) };
}

/** Reads what a client receives from a server or from another client, or says why it cannot be read. */
export function decodeAnswer(bytes: Uint8Array): Answer | Direct | Fault {
  const values = readValues(bytes);
  if (values === undefined) return "not-text";
  return decode<Answer | Direct>({ ...ANSWERS, send: REQUESTS.send }, values);
}

type Layout = Readonly<Record<string, string>>;

function encode(header: string, layout: Layout, message: { readonly verb: string }): Uint8Array {
  const values: Readonly<Record<string, string | number>> = { ...message };
  const fields = Object.entries(layout).map(([key, name]): Field => [name, String(values[key])]);
  return encodeFields([[header, message.verb], ...fields]);
}

function decode<Message>(layouts: Readonly<Record<string, Layout>>, values: Values): Message | Fault {
  const verb = values.at(0);
  if (verb === undefined) return "too-short";
  if (!Object.hasOwn(layouts, verb)) return "unknown-header";
  const message: Record<string, string | number> = { verb };
  for (const [i, key] of Object.keys(layouts[verb]!).entries()) {
    // Only a direct message may have several lines: there, it is all that is left.
    const value = verb === "send" && key === "message" ? values.from(i + 1) : values.at(i + 1);
    if (value === undefined) return "too-short";
    const isPort = key === "port" || key === "serverPort";
    const read = isPort ? parsePort(value) : value;
    if (read === undefined) return "bad-port";
    message[key] = read;
  }
  return message as Message;
}

/** A port, 1 to 65535, in decimal digits. */
function parsePort(text: string | undefined): number | undefined {
  if (text === undefined || !/^[0-9]{1,5}$/.test(text)) return undefined;
  const port = Number(text);
  return port >= 1 && port <= 65_535 ? port : undefined;
}
