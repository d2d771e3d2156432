/**
 * What a program says: each line an object (docs/connect.md lists the fields). A body may have line breaks, or be any bytes.
 *
 * @module
 */

/** What one object asks for. */
export type Instruction =
  /** A message to somebody, or to everybody where nobody is named. */
  | { readonly kind: "message"; readonly to: string | undefined; readonly body: Uint8Array }
  /** A message to a group that we are in. */
  | { readonly kind: "group"; readonly group: string; readonly body: Uint8Array }
  /** A line as it could be typed. */
  | { readonly kind: "command"; readonly line: string }
  /** Nothing that can be followed: why, and what could be written instead. */
  | { readonly kind: "rejected"; readonly why: string; readonly hint: string };

const MESSAGE = '{"to":NAME,"text":TEXT}, or "base64" for "text", null for everybody';
const GROUP = '{"group":NAME,"text":TEXT}';
const COMMAND = '{"command":LINE}';
const FORMS = `${MESSAGE}; ${GROUP}; ${COMMAND}`;

/** What says what an object is for; each has one of these. */
const KINDS = ["to", "group", "command"] as const;
const FIELDS: readonly string[] = [...KINDS, "text", "base64"];

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Whether a line is meant as an object; any other line is one of the dialect's. */
export function isJsonLine(line: string): boolean {
  return line.trimStart().startsWith("{");
}

/**
 * Reads a line that is meant as an object.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const body = new TextEncoder().encode("a\nb");
 * assertEquals(readJsonLine('{"to":"bob","text":"a\\nb"}'), { kind: "message", to: "bob", body });
 * assertEquals(readJsonLine('{"to":null,"base64":"YQpi"}'), { kind: "message", to: undefined, body });
 * assertEquals(readJsonLine('{"command":"list_groups"}'), { kind: "command", line: "list_groups" });
 * ```
 */
export function readJsonLine(line: string): Instruction {
  let said: unknown;
  try {
    said = JSON.parse(line);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return rejected(`it is no JSON: ${error.message}`);
  }
  return readObject(said as Readonly<Record<string, unknown>>);
}

function readObject(said: Readonly<Record<string, unknown>>): Instruction {
  const unknown = Object.keys(said).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) return rejected(`there is no field ${JSON.stringify(unknown)}`);
  const [kind, other] = KINDS.filter((kind) => Object.hasOwn(said, kind));
  if (kind === undefined) return rejected('"to", "group" or "command" is missing');
  if (other !== undefined) return rejected(`"${kind}" and "${other}" exclude each other`);
  if (kind === "command") return readCommand(said);
  const name = readName(said[kind], kind);
  if (typeof name === "object") return name;
  const body = readBody(said, kind === "to" ? MESSAGE : GROUP);
  if (!(body instanceof Uint8Array)) return body;
  return kind === "to" ? { kind: "message", to: name, body } : { kind: "group", group: name ?? "", body };
}

function readCommand({ command, text, base64 }: Readonly<Record<string, unknown>>): Instruction {
  if ((text ?? base64) !== undefined) return rejected('"command" has no "text" or "base64"', COMMAND);
  if (typeof command !== "string") return rejected('"command" is no text', COMMAND);
  if (/[\r\n]/.test(command)) return rejected('"command" has more than one line', COMMAND);
  return { kind: "command", line: command };
}

/** A name, `undefined` for everybody, or what is wrong with it. */
function readName(name: unknown, field: "to" | "group"): string | undefined | Instruction {
  const form = field === "to" ? MESSAGE : GROUP;
  if (field === "to" && name === null) return undefined;
  // frame's IDs are numbers.
  if (field === "to" && Number.isSafeInteger(name)) return String(name);
  if (typeof name !== "string") return rejected(`"${field}" is no name`, form);
  if (name === "") return rejected(`"${field}" is empty`, form);
  if (/\p{Cc}/u.test(name) || !name.isWellFormed()) {
    return rejected(`"${field}" is no name: it has control characters`, form);
  }
  return name;
}

function readBody({ text, base64 }: Readonly<Record<string, unknown>>, form: string): Uint8Array | Instruction {
  if (text === undefined && base64 === undefined) return rejected('"text" or "base64" is missing', form);
  if (text !== undefined && base64 !== undefined) return rejected('"text" and "base64" exclude each other', form);
  if (base64 !== undefined) {
    if (typeof base64 !== "string" || !BASE64.test(base64)) return rejected('"base64" is no base64', form);
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  }
  if (typeof text !== "string") return rejected('"text" is no text', form);
  // Half of a pair cannot be sent as it was written.
  if (!text.isWellFormed()) return rejected('"text" has half of a surrogate pair', form);
  return new TextEncoder().encode(text);
}

function rejected(why: string, hint = FORMS): Instruction {
  return { kind: "rejected", why, hint };
}
