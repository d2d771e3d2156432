/**
 * Bodies of messages that say which message they are, so that whatever arrives can be held against what was sent.
 *
 * @module
 */

/** What a body is filled with. `words` and `lookalike` are one line of text. */
export type Filling = "words" | "lookalike" | "lines" | "bytes";

const FILLINGS: Readonly<Record<Filling, Uint8Array>> = {
  words: latin1("the quick brown fox jumps over the lazy dog "),
  lookalike: latin1("SENT ALL 2][3][5][hello /dm you: #quit Welcome you! ERROR 102 /users "),
  lines: latin1("one\n\nSEND ALL\nContent-length: 3\n\nabc\n\nRECEIVED you\n\nREGISTERED TOSEND you\n\n2][3][ACK\n"),
  bytes: Uint8Array.from({ length: 256 }, (_, i) => i),
};
const NAMES = Object.keys(FILLINGS) as Filling[];
/** The longest mark that a body begins with, in bytes. */
export const MARK = 24;
const MARKED = /^#(\d{1,9}):(\d{1,8}):(\d);/;

/** The body of a message, of as many bytes; never fewer than its mark takes, which says the message's number. */
export function bodyOf(id: number, size: number, filling: Filling): Uint8Array {
  const mark = `#${id}:${size}:${NAMES.indexOf(filling)};`;
  const body = new Uint8Array(Math.max(size, mark.length));
  for (let i = 0; i < mark.length; i++) body[i] = mark.charCodeAt(i);
  const pattern = FILLINGS[filling];
  const rest = body.subarray(mark.length);
  for (let i = 0; i < Math.min(pattern.length, rest.length); i++) {
    rest[i] = pattern[(mark.length + i + id) % pattern.length]!;
  }
  // The rest repeats it: copied, since this is where much of the time of a run would go.
  for (let done = pattern.length; done < rest.length; done *= 2) rest.copyWithin(done, 0, done);
  // A line of text that ends in a blank may lose it, and nobody is to blame.
  if (filling === "words" || filling === "lookalike") { if (body.at(-1) === 32) body[body.length - 1] = 46; }
  return body;
}

/** The number of the message whose body this is, if it is that, byte for byte. */
export function readBody(bytes: Uint8Array): number | undefined {
  const [, id, size, filling] = MARKED.exec(latin1Text(bytes.subarray(0, MARK))) ?? [];
  const name = NAMES[Number(filling)];
  if (id === undefined || name === undefined || Number(size) > Math.max(bytes.length, MARK)) return undefined;
  const expected = bodyOf(Number(id), Number(size), name);
  if (expected.length !== bytes.length) return undefined;
  for (let i = 0; i < expected.length; i++) if (expected[i] !== bytes[i]) return undefined;
  return Number(id);
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

function latin1Text(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
