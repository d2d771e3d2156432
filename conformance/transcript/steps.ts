/**
 * Lines to steps, once macros and parameters are gone.
 *
 * @module
 */

import type { Line } from "./lines.ts";
import { isAwaitable, parseClientStep } from "./client_steps.ts";
import { VERBS } from "./macros.ts";
import { isIdentifier, parsePieces } from "./pieces.ts";
import { mistake, type Place } from "./place.ts";
import {
  type All,
  type Branch,
  type Choice,
  type Closed,
  type Expect,
  type Fence,
  type Item,
  type Send,
  type Silent,
  type Soon,
  type Step,
  UNRECORDED,
} from "./syntax.ts";

const CONNECTION = /^[A-Za-z][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*$/;
const ON_CONNECTION = /^(\S+)\s+(>>|>|<|closed|silent)(?:\s+(.*))?$/s;
const LET = /^let\s+(\S+)\s*=\s*(.*)$/s;
const LABEL = /^[A-Za-z][A-Za-z0-9-]*$/;
/** More different lines than a dialect's fixtures have; what is read beside them is forgotten at some time. */
const MAX_KNOWN_LINES = 8_192;

/** Lines that have been read: macros make the same ones again and again, twenty times each. A step is never changed. */
const knownLines = new Map<string, Step>();

/** Reads the lines of a block; throws a {@linkcode mistake} for the first that is not well formed. */
export function parseSteps(lines: readonly Line[]): Step[] {
  return lines.map(parseStep);
}

/** Reads a list divided by commas: `relay/register-tosend, relay/register-torecv`. */
export function parseList(text: string): string[] {
  return text.split(",").map((word) => word.trim()).filter((word) => word !== "");
}

function parseStep(line: Line): Step {
  const block = parseBlock(line);
  if (block !== undefined) return block;
  const step = parseSimple(line.text, line.place);
  if (line.children.length > 0) throw mistake(line.children[0]!.place, "nothing can be indented below this line");
  return step;
}

function parseBlock(line: Line): Step | undefined {
  const { text, place } = line;
  if (!text.endsWith(":")) return undefined;
  const opening = /^(?:(eventually)\s+)?(all|soon|choice|fence|when)(?:\s+(\S+?))?\s*:$/.exec(text);
  if (opening === null) return undefined;
  const [, eventually, kind, name] = opening;
  const patient = eventually !== undefined;
  if (patient && kind !== "soon") {
    throw mistake(place, `eventually goes before <, closed and soon:, not before ${kind}:`);
  }
  if ((name === undefined) !== (kind === "all" || kind === "soon")) {
    throw mistake(place, name === undefined ? `${kind} needs a name: ${kind} NAME:` : `${kind}: takes no name`);
  }
  if (line.children.length === 0) throw mistake(place, "nothing is indented below this line");
  switch (kind) {
    case "all":
      return { kind: "all", items: line.children.map(parseItem), place } satisfies All;
    case "soon":
      return { kind: "soon", steps: parseRetried(line.children), patient, place } satisfies Soon;
    case "choice":
      return parseChoice(line, name!);
    case "fence":
      return {
        kind: "fence",
        connection: connectionName(name!, place),
        steps: parseSteps(line.children),
        place,
      } satisfies Fence;
    default:
      throw mistake(place, "when: stands below choice NAME:");
  }
}

/** What is tried again must be over when it fails, so that it has no branches of its own. */
function parseRetried(lines: readonly Line[]): Step[] {
  return parseSteps(lines).map((step) => {
    if (["connect", "send", "expect", "closed", "close", "reset"].includes(step.kind)) return step;
    throw mistake(step.place, "soon: holds only connect, close, reset, >, < and closed");
  });
}

function parseItem(line: Line): Item {
  const first = parseSimple(line.text, line.place);
  if (!isAwaitable(first)) {
    throw mistake(line.place, "all: holds only < and closed, and for clients accept, shows and ends");
  }
  return { first, then: parseSteps(line.children) };
}

function parseChoice(line: Line, name: string): Choice {
  if (name !== UNRECORDED && !isIdentifier(name)) {
    throw mistake(line.place, `${name} cannot be the name of a choice`);
  }
  const branches = line.children.map(parseBranch);
  if (branches.length < 2) throw mistake(line.place, "a choice has two branches or more");
  const labels = new Set<string>();
  for (const [i, { label }] of branches.entries()) {
    if (labels.has(label)) throw mistake(line.children[i]!.place, `there is a branch ${label} already`);
    labels.add(label);
  }
  const silent = branches.filter(({ first }) => first.kind === "silent");
  if (silent.length > 1) throw mistake(silent[1]!.first.place, "only one branch can begin with silence");
  return { kind: "choice", name, branches, place: line.place };
}

function parseBranch(line: Line): Branch {
  const label = /^when\s+(\S+?)\s*:$/.exec(line.text)?.[1];
  if (label === undefined || !LABEL.test(label)) throw mistake(line.place, "a branch of a choice begins: when LABEL:");
  if (line.children.length === 0) throw mistake(line.place, "nothing is indented below this line");
  const [first, ...then] = parseSteps(line.children);
  if (!isAwaitable(first) && first?.kind !== "silent") {
    const what = "<, closed or silent, and for clients accept, shows or ends";
    throw mistake(line.children[0]!.place, `a branch begins with what decides: ${what}`);
  }
  return { label, first, then };
}

/** What a line says depends on nothing but its text. */
function parseSimple(text: string, place: Place): Step {
  const known = knownLines.get(text);
  if (known !== undefined) return { ...known, place };
  const step = readSimple(text, place);
  if (knownLines.size >= MAX_KNOWN_LINES) knownLines.clear();
  knownLines.set(text, step);
  return step;
}

function readSimple(text: string, place: Place): Step {
  const patient = /^eventually\s+/.exec(text);
  if (patient !== null) {
    const step = readSimple(text.slice(patient[0].length), place);
    if (step.kind === "expect" || step.kind === "closed") return { ...step, patient: true };
    throw mistake(place, "eventually goes before <, closed and soon:");
  }
  const client = parseClientStep(text, place, (word) => connectionName(word, place));
  if (client !== undefined) return client;
  const onConnection = ON_CONNECTION.exec(text);
  if (onConnection !== null) return parseOnConnection(onConnection, place);
  const [verb, ...words] = text.split(/\s+/);
  switch (verb) {
    case "connect":
    case "close":
    case "end":
    case "reset":
    case "forget":
      if (words.length !== 1) throw mistake(place, `${verb} takes one connection: ${verb} NAME`);
      return { kind: verb, connection: connectionName(words[0]!, place), place };
    case "name":
      return { kind: "name", names: identifiers(words, place), place };
    case "let": {
      const [, name, bytes] = LET.exec(text) ?? [];
      if (name === undefined || bytes === undefined) {
        throw mistake(place, "a value is defined like this: let NAME = BYTES");
      }
      return { kind: "let", name: identifiers([name], place)[0]!, pieces: parsePieces(bytes, "data", place), place };
    }
    case "distinct":
      if (words.length === 0) throw mistake(place, "distinct takes the names of values: distinct NAME …");
      for (const word of words) {
        if (!isIdentifier(word.replaceAll("*", "x"))) throw mistake(place, `${word} cannot be a name for braces`);
      }
      return { kind: "distinct", names: words, place };
    case "unsupported":
      if (words.length === 0) throw mistake(place, "unsupported says what the server declines: unsupported TEXT");
      return { kind: "unsupported", reason: words.join(" "), place };
    case "needs":
      return { kind: "needs", clauses: parseList(words.join(" ")), place };
    case "macro":
      throw mistake(place, "macros are defined at the top, not in a block");
  }
  if (/^(all|soon|choice|when|fence)\b/.test(text)) {
    throw mistake(place, "a block begins: all:, soon:, choice NAME:, when LABEL:, fence CONNECTION:");
  }
  throw mistake(place, `"${verb}" is neither a step nor a macro`);
}

function parseOnConnection(match: RegExpExecArray, place: Place): Send | Expect | Closed | Silent {
  const connection = connectionName(match[1]!, place);
  const [operator, bytes = ""] = [match[2], match[3]];
  switch (operator) {
    case ">":
    case ">>": {
      const pieces = parsePieces(bytes, "data", place);
      if (pieces.length === 0) throw mistake(place, `nothing is sent: bytes stand behind ${operator}`);
      return { kind: "send", connection, pieces, bytewise: operator === ">>", place };
    }
    case "<": {
      const pieces = parsePieces(bytes, "pattern", place);
      if (pieces.length === 0) throw mistake(place, "nothing is expected: a pattern stands behind <");
      return { kind: "expect", connection, pieces, patient: false, place };
    }
  }
  if (bytes !== "") throw mistake(place, `nothing stands behind ${operator}`);
  if (operator === "closed") return { kind: "closed", connection, patient: false, place };
  return { kind: "silent", connection, place };
}

function connectionName(word: string, place: Place): string {
  if (!CONNECTION.test(word)) throw mistake(place, `${word} cannot be the name of a connection`);
  if (VERBS.has(word)) throw mistake(place, `${word} is a word of the language and cannot be the name of a connection`);
  return word;
}

function identifiers(words: readonly string[], place: Place): string[] {
  if (words.length === 0) throw mistake(place, "a name is missing");
  for (const word of words) if (!isIdentifier(word)) throw mistake(place, `${word} cannot be a name for braces`);
  return [...words];
}
