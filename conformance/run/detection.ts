/**
 * Finds out which dialect a server speaks: by what it says first, or by what it answers to the first words of a client, as the
 * dialects' preludes have them. On a connection nothing is done that a well-behaved client would not do.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import type { HalfClosingLink } from "../../lib/core/link.ts";
import type { Runtime } from "../../lib/core/runtime.ts";
import { visibleBytes } from "../../lib/core/visible.ts";
import { protocolOfServer, wireProtocolOf } from "../../lib/dialects/first_bytes.ts";
import { dialectTold } from "../../lib/dialects/wrong_server.ts";
import { otherProtocol } from "../play/hint.ts";
import { FreshNames } from "../play/names.ts";
import { printPieces } from "../transcript/pieces.ts";
import type { Piece } from "../transcript/syntax.ts";
import { type Candidate, candidatesOver, fits, greeters, isParticular, wordsOf } from "./candidates.ts";
import { ProbedConnection } from "./probed_connection.ts";

/** What a server speaks, and how that was found out. */
export interface Detected {
  /** The dialect's name. */
  readonly dialect: string;
  /** What the server said, in one line that is fit for a terminal: `it waits for its client, and answers …`. */
  readonly because: string;
}

/** Who is asked. */
export interface ProbedTarget {
  /** Time and chance. */
  readonly runtime: Runtime;
  /** A connection, which must not have been started. */
  readonly link: HalfClosingLink;
  /** Opens another one, where a server that has been asked something is to be asked something else. */
  reconnect(): Promise<HalfClosingLink>;
}

/** A server that greets has done so by now, in milliseconds; one that is later is found out by what it says then. */
const GREETING = 150;
/** A server that has something to say to a last word has done so by now, in milliseconds. */
const LAST_WORD = 200;
/** What a client that has left leaves behind is tidied up by then, in milliseconds. */
const TIDYING = 50;
/** How much of what was received is shown, in bytes. */
const SHOWN = 60;

const latin1 = new TextDecoder("latin1");

/** A dialect that fits, and why. */
interface Found {
  readonly candidate: Candidate;
  readonly because: string;
}

/**
 * Finds out what a server speaks, and takes leave of it. One that waits for its client is told the first words of each dialect
 * whose clients speak first, each in a connection of its own, until it answers as that dialect has it. It may take `timeout`
 * milliseconds for an answer. It is one of the registry's dialects unless others are given.
 *
 * @throws {ChatError} `closed-at-once` if its first connection is closed without a word, `undetected`, with what was seen, if it cannot be told; `unreachable` if it cannot be connected to again.
 */
export async function detect(
  { runtime, link, reconnect }: ProbedTarget,
  timeout: number,
  among?: readonly Candidate[],
): Promise<Detected> {
  const candidates = among ?? await candidatesOver("tcp");
  const asking = candidates.filter(({ probe, greeting }) => probe !== undefined && greeting === undefined);
  const names = new FreshNames(runtime);
  const seen: string[] = [];
  for (let i = 0; i === 0 || i < asking.length; i++) {
    const server = new ProbedConnection(runtime, i === 0 ? link : await reconnect());
    const name = names.next("probe");
    const probing = asking[i];
    const found = await leaving(server, name, async () => {
      const greeted = i === 0 ? await listen(server, candidates) : undefined;
      return greeted ?? (probing ? await ask(server, probing, candidates, name, timeout) : "says nothing");
    });
    if (typeof found !== "string") return { dialect: found.candidate.dialect, because: found.because };
    seen.push(found);
  }
  throw undetected(`it waits for its client to speak, and ${seen.join(", and ")}`);
}

/** What the server is by what it says unasked, if it says anything. */
async function listen(server: ProbedConnection, candidates: readonly Candidate[]): Promise<Found | undefined> {
  if (!await server.hears(GREETING)) {
    if (server.isOver) throw undetected("it closes the connection without a word", "closed-at-once");
    return undefined;
  }
  await server.settles();
  checkSane(server);
  const candidate = only(greeters(candidates, server.heard), `it speaks first: ${show(server)}`);
  if (isParticular(candidate)) {
    return { candidate, because: `it speaks first, as ${candidate.dialect} does: ${show(server)}` };
  }
  const others = candidates.filter(isParticular).map(({ dialect }) => dialect);
  return { candidate, because: `it speaks first, and not as ${others.join(" or ")} does: ${show(server)}` };
}

/** What the server is by what it answers to the first words of a client, or what was seen if that does not show it. */
async function ask(
  server: ProbedConnection,
  probing: Candidate,
  candidates: readonly Candidate[],
  name: string,
  timeout: number,
): Promise<Found | string> {
  const message = wordsOf(probing.probe!, { name });
  const words = wordsShown(probing.probe!);
  server.say(message);
  if (!await server.hears(timeout)) {
    return server.isOver
      ? `closes the connection when that says ${words}`
      : `does not answer ${words} within ${timeout / 1000} s`;
  }
  await server.settles();
  const said = server.heard;
  const answered = `answers ${words} with ${show(server)}`;
  const because = `it waits for its client to speak, and ${answered}`;
  // A dialect may begin in HTTP: its servers answer in that whatever they are told.
  const isCarriedByHttp = ({ dialect }: Candidate) => wireProtocolOf(dialect) === "HTTP";
  if (isCarriedByHttp(probing) && fits(probing.answer, said, { name })) return { candidate: probing, because };
  const mayBeCarried = !isCarriedByHttp(probing) && candidates.some(isCarriedByHttp);
  if (mayBeCarried && protocolOfServer(latin1.decode(said))?.name === "HTTP") return answered;
  checkSane(server);
  const told = dialectTold(latin1.decode(said));
  const teller = candidates.find(({ dialect }) => dialect === told);
  if (teller !== undefined) return { candidate: teller, because };
  if (fits(probing.answer, said, { name })) return { candidate: probing, because };
  if (startsWith(said, message)) return `sends back what it is sent`;
  const late = candidates.filter((candidate) => isParticular(candidate) && fits(candidate.greeting, said));
  if (late.length > 0) {
    const candidate = only(late, because);
    return { candidate, because: `it speaks late, as ${candidate.dialect} does: ${show(server)}` };
  }
  const others = candidates.filter(({ answer }) => fits(answer, said, { name }));
  return others.length === 0 ? answered : { candidate: only(others, because), because };
}

/** Nothing that is said has an end, or belongs to no chat at all. */
function checkSane(server: ProbedConnection): void {
  if (server.isFlooded) throw undetected(`it sends without end: ${show(server)}`);
  const other = otherProtocol(latin1.decode(server.heard));
  if (other !== undefined) throw undetected(other);
}

/** The one dialect that fits. */
function only(fitting: readonly Candidate[], seen: string): Candidate {
  const [candidate, ...others] = fitting;
  if (candidate !== undefined && others.length === 0) return candidate;
  const names = fitting.map(({ dialect }) => dialect).join(" and ");
  throw undetected(names === "" ? seen : `${seen}, as ${names} do`);
}

/** The words with which a client's first message begins, up to what varies, or the end of its first line. */
function wordsShown(probe: readonly Piece[]): string {
  return printPieces(probe).split(/\{|\\r/, 1)[0]!.trim() || "a name";
}

function show(server: ProbedConnection): string {
  return `"${visibleBytes(server.heard, SHOWN)}"`;
}

function undetected(seen: string, code: "undetected" | "closed-at-once" = "undetected"): ChatError {
  return new ChatError(code, `cannot tell what the server speaks: ${seen}; say which with --dialect`);
}

/** Asks a server something, leaves as the client of the dialect does that it turns out to speak, and lets it tidy up. */
async function leaving(
  server: ProbedConnection,
  name: string,
  hear: () => Promise<Found | string>,
): Promise<Found | string> {
  let found: Found | string | undefined;
  try {
    return found = await hear();
  } finally {
    if (typeof found === "object") await sayFarewell(server, name, found.candidate);
    await server.leave();
    await server.pause(TIDYING);
  }
}

/** The last words of a client that has come as far as its first. */
async function sayFarewell(
  server: ProbedConnection,
  name: string,
  { probe, farewell, lineEnd }: Candidate,
): Promise<void> {
  if (farewell === undefined) return;
  // A server that ends what it says in no line break takes what it reads at once for a message.
  const isWhole = lineEnd === undefined || server.heard.at(-1) === lineEnd;
  for (const data of [probe ?? [], farewell]) {
    const words = wordsOf(data, { name });
    const fitted = isWhole || words.at(-1) !== lineEnd ? words : words.subarray(0, -1);
    if (fitted.length === 0 || server.hasSaid(fitted)) continue;
    server.say(fitted);
    await server.hears(LAST_WORD);
    await server.settles();
  }
}

function startsWith(bytes: Uint8Array, beginning: Uint8Array): boolean {
  return beginning.every((byte, i) => bytes[i] === byte);
}
