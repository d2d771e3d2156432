/**
 * Finds out which dialect a server speaks: by what it says first, or by what it answers to a registration. One connection,
 * on which nothing is done that a well-behaved client would not do.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import type { HalfClosingLink, LinkHandler } from "../../lib/core/link.ts";
import { visibleBytes } from "../../lib/core/visible.ts";
import { ByteQueue } from "../play/byte_queue.ts";
import { otherProtocol } from "../play/hint.ts";
import { FreshNames } from "../play/names.ts";

/** What a server speaks, and how that was found out. */
export interface Detected {
  /** The dialect's name. */
  readonly dialect: string;
  /** What the server said, in one line that is fit for a terminal: `it waits for its client, and answers …`. */
  readonly because: string;
}

/** A server that greets has done so by now, in milliseconds; one that is later is found out by what it says then. */
const GREETING = 150;
/** What follows the first bytes within this time belongs to them, in milliseconds. */
const SETTLING = 50;
/** A server that has something to say to a last word has done so by now, in milliseconds. */
const LAST_WORD = 200;
/** A server may take so long to close its side, in milliseconds. */
const PARTING = 1_000;
/** What a client that has left leaves behind is tidied up by then, in milliseconds. */
const TIDYING = 50;
/** More than this is no greeting, in bytes. */
const MAX_HEARD = 64 * 1024;
/** How much of what was received is shown, in bytes. */
const SHOWN = 60;

const NEWLINE = 10;
const encoder = new TextEncoder();
const latin1 = new TextDecoder("latin1");

/**
 * Finds out what the server at the other end of a link, which must not have been started, speaks, and takes leave of it.
 * A server that waits for its client may take `timeout` milliseconds to answer.
 *
 * @throws {ChatError} `undetected`, with what was seen, if it cannot be told.
 */
export async function detect(link: HalfClosingLink, timeout: number): Promise<Detected> {
  const server = new Listener(link);
  const name = new FreshNames().next("probe");
  let detected: Detected | undefined;
  try {
    detected = await listen(server) ?? await probe(server, name, timeout);
    return detected;
  } finally {
    await leave(server, name, detected?.dialect);
  }
}

/** What the server is by what it says unasked, if it says anything. */
async function listen(server: Listener): Promise<Detected | undefined> {
  if (!await server.hears(GREETING)) {
    if (server.isOver) throw undetected("it closes the connection without a word");
    return undefined;
  }
  await server.settles();
  const said = heard(server);
  const greeting = readGreeting(said);
  if (greeting !== undefined) return { dialect: greeting.dialect, because: `it speaks first, ${greeting.what}` };
  return { dialect: "slash", because: `it speaks first, neither an ID nor the greeting of a room: ${show(server)}` };
}

/** What the server is by what it answers to the first message of a relay client. */
async function probe(server: Listener, name: string, timeout: number): Promise<Detected> {
  const message = `REGISTER TOSEND ${name}\n\n`;
  server.say(message);
  const asked = "it waits for its client to speak";
  if (!await server.hears(timeout)) {
    if (server.isOver) throw undetected(`${asked}, and closes the connection when that says REGISTER TOSEND`);
    throw undetected(`${asked}, and does not answer REGISTER TOSEND within ${timeout / 1000} s`);
  }
  await server.settles();
  const said = heard(server);
  if (said.startsWith(message)) throw undetected("it sends back what it is sent");
  const answered = `${asked}, and answers REGISTER TOSEND with ${show(server)}`;
  if (/^\s*(?:REGISTERED\b|ERROR\b)/i.test(said)) return { dialect: "relay", because: answered };
  const greeting = readGreeting(said);
  if (greeting !== undefined) return { dialect: greeting.dialect, because: `it speaks late, ${greeting.what}` };
  if (/\/(?:help|users|dm|bm|quit)\b|\balias|\bcommand/i.test(said)) return { dialect: "slash", because: answered };
  throw undetected(answered);
}

/** The greetings that their dialects spell out. */
function readGreeting(said: string): { readonly dialect: string; readonly what: string } | undefined {
  const id = /^([0-9]{1,5}?)(?:\s*$|1?\]\[)/.exec(said)?.[1];
  if (id !== undefined) return { dialect: "frame", what: `digits and nothing else, which is an ID: ${id}` };
  if (/^greetings\b.*\bname\b/is.test(said)) {
    return { dialect: "room", what: `the greeting of a room: ${visibleBytes(encoder.encode(said), SHOWN)}` };
  }
  return undefined;
}

/** All that was heard; throws if it belongs to no chat at all. */
function heard(server: Listener): string {
  if (server.isFlooded) throw undetected(`it sends without end: ${show(server)}`);
  const said = latin1.decode(server.heard);
  const other = otherProtocol(said);
  if (other !== undefined) throw undetected(other);
  return said;
}

function show(server: Listener): string {
  return `"${visibleBytes(server.heard, SHOWN)}"`;
}

function undetected(seen: string): ChatError {
  return new ChatError("undetected", `cannot tell what the server speaks: ${seen}; say which with --dialect`);
}

/** Leaves as the dialect's own client does, and lets the server tidy up. */
async function leave(server: Listener, name: string, dialect: string | undefined): Promise<void> {
  // A slash server that ends what it says in no line break takes what it reads at once for a message.
  const end = server.heard.at(-1) === NEWLINE ? "\n" : "";
  const says = dialect === "room" ? [name, "#quit"] : dialect === "slash" ? [`${name}${end}`, `/quit${end}`] : [];
  for (const word of says) {
    server.say(word);
    await server.hears(LAST_WORD);
    await server.settles();
  }
  await server.leave();
  await new Promise((resolve) => setTimeout(resolve, TIDYING));
}

/** Hears what a server says. */
class Listener implements LinkHandler {
  /** Whether it says more than anybody asked for. */
  isFlooded = false;
  /** Whether the server has nothing more to say. */
  isOver = false;
  readonly #link: HalfClosingLink;
  readonly #closed = Promise.withResolvers<void>();
  readonly #heard = new ByteQueue();
  #isNew = false;
  #changed = Promise.withResolvers<void>();

  constructor(link: HalfClosingLink) {
    this.#link = link;
    link.start(this);
  }

  /** All that the server has said since something was last said to it. */
  get heard(): Uint8Array {
    return this.#heard.bytes;
  }

  say(text: string): void {
    this.#heard.clear();
    this.#isNew = false;
    this.#link.write(encoder.encode(text));
  }

  /** Waits until the server says something, and says whether it did within so many milliseconds. */
  async hears(milliseconds: number): Promise<boolean> {
    if (!this.#isNew && !this.isOver) {
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, milliseconds);
      await Promise.race([this.#changed.promise, late.promise]);
      clearTimeout(timer);
    }
    const isNew = this.#isNew;
    this.#isNew = false;
    return isNew;
  }

  /** Waits until the server has said nothing for a moment. */
  async settles(): Promise<void> {
    while (!this.isFlooded && await this.hears(SETTLING));
  }

  async leave(): Promise<void> {
    this.#link.end("done");
    const timer = setTimeout(() => this.#link.abort("done"), PARTING);
    await this.#closed.promise;
    clearTimeout(timer);
  }

  receive(bytes: Uint8Array): void {
    if (this.heard.length + bytes.length > MAX_HEARD) this.isFlooded = true;
    else this.#heard.append(bytes);
    this.#isNew = true;
    this.#tell();
  }

  ended(): void {
    this.isOver = true;
    this.#tell();
  }

  closed(): void {
    this.isOver = true;
    this.#closed.resolve();
    this.#tell();
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
