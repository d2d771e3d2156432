/**
 * What goes over the wire (PROTOCOLS.md, group): fields, and messages of them (requests to a server, answers of a server, and
 * what clients say to each other), and the table of who is there.
 *
 * @module
 */

import { visibleText } from "../../core/visible.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The fields behind the header of each request, in their order, and the names that are written for them. */
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

/** A client has got a group message. */
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
export type DatagramFault = "not-text" | "too-short" | "unknown-header" | "bad-port";

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
export function decodeRequest(bytes: Uint8Array): Request | Acknowledgement | DatagramFault {
  const values = readValues(bytes);
  if (values === undefined) return "not-text";
  if (values.at(0) !== "ack") return decode<Request>(REQUESTS, values);
  const message = values.at(1);
  return message === undefined ? "too-short" : { verb: "ack", message, port: parsePort(values.at(2)) };
}

/** Reads what a client receives from a server or from another client, or says why it cannot be read. */
export function decodeAnswer(bytes: Uint8Array): Answer | Direct | DatagramFault {
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

function decode<Message>(layouts: Readonly<Record<string, Layout>>, values: Values): Message | DatagramFault {
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

/** A field: its name as it is written, and its value. */
type Field = readonly [name: string, value: string];

/**
 * A value as it may stand on its line: nothing in it ends the line for anybody, nothing reaches a terminal raw, and it is
 * not empty, since the document's own client stumbles over an empty last line.
 */
export function fieldText(value: string): string {
  return value === "" ? " " : visibleText(value, { keep: "\t" });
}

/** Writes fields as a datagram, a line for each name and each value. */
function encodeFields(fields: readonly Field[]): Uint8Array {
  return encoder.encode(fields.map(([name, value]) => `${name}\n${fieldText(value)}`).join("\n"));
}

/** The values of a datagram. */
interface Values {
  /** The value in this place, counted from 0; `undefined` if the datagram is too short. */
  at(place: number): string | undefined;
  /** The value in this place with all lines that follow it, without a line break at the end. */
  from(place: number): string | undefined;
}

/** Reads the values of a datagram, by position; `undefined` if it is not UTF-8. Lines may end in `\r\n`. */
function readValues(bytes: Uint8Array): Values | undefined {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return undefined; // the decoder's way to say that it is not UTF-8
  }
  const from = (place: number) => {
    const start = startOfLine(text, 2 * place + 1);
    return start === undefined ? undefined : text.slice(start).replace(/\r?\n$/, "");
  };
  const at = (place: number) => {
    const rest = from(place);
    const end = rest?.indexOf("\n") ?? -1;
    return end < 0 ? rest?.replace(/\r$/, "") : rest!.slice(0, end).replace(/\r$/, "");
  };
  return { at, from };
}

/** Where a line starts, counted from 0. */
function startOfLine(text: string, line: number): number | undefined {
  let start = 0;
  for (let i = 0; i < line; i++) {
    const end = text.indexOf("\n", start);
    if (end < 0) return undefined;
    start = end + 1;
  }
  return start;
}

/** One row of the table. */
export interface Row {
  /** Who it is. */
  readonly name: string;
  /** The address at which they are. */
  readonly ip: string;
  /** The port at which they listen. */
  readonly port: number;
  /** Whether they are there. */
  readonly isOnline: boolean;
  /** The group that they are in, or {@linkcode NORMAL}; `undefined` where a table does not say. */
  readonly mode: string | undefined;
}

const ASCII = /^[ -~]*$/;

/** The mode of whoever is in no group. No group can be called that. */
export const NORMAL = "normal";

/**
 * Writes a table, of at most `room` bytes: rows that do not fit any more are left out, the last first.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const rows = [{ name: "sana", ip: "192.0.2.1", port: 3000, isOnline: true, mode: NORMAL }];
 * const text = '{"0":{"name":"sana","ip":"192.0.2.1","port":3000,"status":"yes","mode":"normal"}}';
 * assertEquals(encodeTable(rows, 1000), text);
 * assertEquals(encodeTable(rows, 50), "{}");
 * ```
 */
export function encodeTable(rows: Iterable<Row>, room: number): string {
  const pieces: string[] = [];
  let size = 2;
  for (const { name, ip, port, isOnline, mode } of rows) {
    const status = isOnline ? "yes" : "no";
    // Escaped here, and not with the datagram: the text must stay JSON.
    const row = JSON.stringify({ name: visibleText(name), ip, port, status, mode: visibleText(mode ?? NORMAL) });
    const piece = `"${pieces.length}":${row}`;
    size += sizeOf(piece) + 1;
    if (size > room) break;
    pieces.push(piece);
  }
  return `{${pieces.join(",")}}`;
}

/** How many bytes a text has: its length, if it is ASCII, as nearly all rows are. */
function sizeOf(text: string): number {
  return ASCII.test(text) ? text.length : encoder.encode(text).length;
}

/** Reads a table; `undefined` if it is none. Rows that make no sense are left out; of two for one name the later counts. */
export function decodeTable(text: string): ReadonlyMap<string, Row> | undefined {
  let table: unknown;
  try {
    table = JSON.parse(text);
  } catch {
    return undefined; // the parser's way to say that it is no JSON
  }
  if (typeof table !== "object" || table === null) return undefined;
  const rows = new Map<string, Row>();
  for (const value of Object.values(table)) {
    const row = readRow(value);
    if (row !== undefined) rows.set(row.name, row);
  }
  return rows;
}

function readRow(value: unknown): Row | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { name, ip, port, status, mode }: Readonly<Record<string, unknown>> = { ...value };
  const number = Number(port);
  if (typeof name !== "string" || typeof ip !== "string" || !Number.isInteger(number)) return undefined;
  if (number < 1 || number > 65_535) return undefined;
  return { name, ip, port: number, isOnline: status === "yes", mode: typeof mode === "string" ? mode : undefined };
}
