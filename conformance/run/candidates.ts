/**
 * The dialects that a server might speak, and what their preludes say of how each is recognised.
 *
 * @module
 */

import { DIALECTS } from "../../lib/dialects/registry.ts";
import { loadPrelude } from "../fixtures/library.ts";
import { type Recognition, takesAnything } from "../fixtures/recognition.ts";
import { bytesOfAll, compile } from "../pattern/compile.ts";
import { Matcher } from "../pattern/matcher.ts";
import type { Piece } from "../transcript/syntax.ts";

/** A dialect that a server might speak. */
export interface Candidate extends Recognition {
  /** The dialect. */
  readonly dialect: string;
  /** See `Fixture.lineEnd`. */
  readonly lineEnd?: number | undefined;
}

/** What `{name}` and the like stand for. */
export type Values = Readonly<Record<string, string>>;

const encoder = new TextEncoder();
/** Letters match in upper and lower case: a server that errs in that is recognised all the same, and told so later. */
const CASELESS = new Uint8Array();

/**
 * All dialects of a transport.
 *
 * @throws {ChatError} `fixture` or `fixtures-missing` if a prelude cannot be read.
 */
export async function candidatesOver(transport: "tcp" | "udp"): Promise<readonly Candidate[]> {
  const dialects = DIALECTS.filter((dialect) => dialect.transport === transport);
  return await Promise.all(dialects.map(async ({ name }) => {
    const { recognition, lineEnd } = await loadPrelude(name);
    return { dialect: name, lineEnd, ...recognition };
  }));
}

/** Whether all that a server said, perhaps but for white space around it, is what a pattern describes. */
export function fits(pattern: readonly Piece[] | undefined, said: Uint8Array, values: Values = {}): boolean {
  if (pattern === undefined) return false;
  const program = compile(pattern, { value: (name) => encoder.encode(values[name] ?? ""), caseless: CASELESS });
  return [said, trimmed(said)].some((bytes) => new Matcher(program, true).advance(bytes) === "matched");
}

/** The dialects whose servers may greet like this; those that may greet with anything, where it is nobody else's greeting. */
export function greeters(candidates: readonly Candidate[], said: Uint8Array): readonly Candidate[] {
  const particular = candidates.filter(isParticular).filter(({ greeting }) => fits(greeting, said));
  return particular.length > 0 ? particular : candidates.filter(({ greeting }) => greeting && takesAnything(greeting));
}

/** Whether a dialect has a greeting that not every server could have. */
export function isParticular({ greeting }: Candidate): boolean {
  return greeting !== undefined && !takesAnything(greeting);
}

/** The bytes of what a client says. */
export function wordsOf(data: readonly Piece[], values: Values): Uint8Array {
  return bytesOfAll(data, { value: (name) => encoder.encode(values[name] ?? "") });
}

function trimmed(bytes: Uint8Array): Uint8Array {
  const isBlank = (byte: number | undefined) => byte === 32 || (byte !== undefined && byte >= 9 && byte <= 13);
  let [begin, end] = [0, bytes.length];
  while (begin < end && isBlank(bytes[begin])) begin++;
  while (end > begin && isBlank(bytes[end - 1])) end--;
  return bytes.subarray(begin, end);
}
