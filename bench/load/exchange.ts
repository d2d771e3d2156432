/**
 * What the load generator knows of a protocol: how two ends get ready, and four byte strings.
 *
 * @module
 */

/** Something that a server says now and then besides what it was asked, and what it wants to hear. */
export interface Aside {
  /** What it says. */
  readonly said: Uint8Array;
  /** The answer. */
  readonly answer: Uint8Array;
}

/** Two connections that are ready to exchange confirmed messages. */
export interface Pair {
  /** The connection that sends requests and reads confirmations. */
  readonly sender: Deno.TcpConn;
  /** The connection that reads what was delivered and answers it. */
  readonly receiver: Deno.TcpConn;
  /** What the sender writes for one message. */
  readonly request: Uint8Array;
  /** What then arrives at the receiver. */
  readonly delivered: Uint8Array;
  /** What the receiver answers; empty where the server confirms by itself. */
  readonly answer: Uint8Array;
  /** What then arrives at the sender. */
  readonly confirmed: Uint8Array;
  /** What may come in between. */
  readonly aside?: Aside;
  /** Connections that only have to stay open. */
  readonly others: readonly Deno.TcpConn[];
}

/** Gets so many pairs ready on a server that listens on `port`; the first is pair number `first`. */
export type OpenPairs = (port: number, count: number, bodySize: number, first: number) => Promise<Pair[]>;

/** Opens one pair after the other. */
export function oneByOne<P>(
  open: (port: number, index: number, bodySize: number) => Promise<P>,
): (port: number, count: number, bodySize: number, first: number) => Promise<P[]> {
  return async (port, count, bodySize, first) => {
    const pairs: P[] = [];
    for (let i = 0; i < count; i++) pairs.push(await open(port, first + i, bodySize));
    return pairs;
  };
}

const encoder = new TextEncoder();

/** Connects to the server under load, which is on this machine. */
export async function dial(port: number): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  connection.setNoDelay();
  return connection;
}

/** Writes all bytes of a text or a byte string. */
export async function writeAll(connection: Deno.TcpConn, data: string | Uint8Array): Promise<void> {
  let bytes = typeof data === "string" ? encoder.encode(data) : data;
  while (bytes.length > 0) bytes = bytes.subarray(await connection.write(bytes));
}

/** Reads exactly the bytes expected, or fails with what came instead. */
export async function expect(connection: Deno.TcpConn, expected: string): Promise<void> {
  const buffer = new Uint8Array(encoder.encode(expected).length);
  let size = 0;
  while (size < buffer.length) {
    const count = await connection.read(buffer.subarray(size));
    if (count === null) break;
    size += count;
  }
  const came = new TextDecoder().decode(buffer.subarray(0, size));
  if (came !== expected) throw new Error(`expected ${JSON.stringify(expected)}, got ${JSON.stringify(came)}`);
}

/** Reads until the text that has come so far ends in something, and drops it. */
export async function readUntil(connection: Deno.TcpConn, ending: string): Promise<void> {
  const buffer = new Uint8Array(4096);
  const decoder = new TextDecoder();
  for (let text = ""; !text.endsWith(ending);) {
    const count = await connection.read(buffer);
    if (count === null) throw new Error(`the server closed after ${JSON.stringify(text)}`);
    text = (text + decoder.decode(buffer.subarray(0, count), { stream: true })).slice(-4096);
  }
}

/** The bytes of a text. */
export function bytesOf(text: string): Uint8Array {
  return encoder.encode(text);
}

/** A body of so many bytes. */
export function bodyOf(size: number): string {
  return "x".repeat(size);
}

/** A name of seven characters for the pair number `index`, so that the messages of all pairs are equally long. */
export function nameOf(letter: string, index: number): string {
  return `${letter}${String(index).padStart(6, "0")}`;
}
