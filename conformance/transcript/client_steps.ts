/**
 * Lines to the steps that only a client under test can be asked for, and back.
 *
 * @module
 */

import { isIdentifier, parsePieces, printPieces } from "./pieces.ts";
import { mistake, type Place } from "./place.ts";
import type { Awaitable, ClientStep, Step } from "./syntax.ts";

/** The words that begin them. */
const WORDS = ["accept", "type", "shows", "hides", "shows-other-than", "ends", "idle", "paced", "file"] as const;

const LINE = /^(accept|type|shows|hides|shows-other-than|ends|idle|paced|file)(?:\s+(.*))?$/s;
const FILE = /^(.*?)\s+contains\s+(.*)$/s;
const PACED = /^(\S+)\s+(\d{1,6})\.\.(\d{1,6})$/;
const STATUS = /^\d{1,3}$/;

/** Whether a step is one of them. */
export function isClientStep(step: Step): step is ClientStep {
  return (WORDS as readonly string[]).includes(step.kind);
}

/** Whether a step can stand first in an item of `all:` or a branch of `choice:`. */
export function isAwaitable(step: Step | undefined): step is Awaitable {
  return step !== undefined && ["expect", "closed", "accept", "shows", "ends"].includes(step.kind);
}

/** Reads one, or gives nothing if the line is none; `connectionName` throws for what cannot be a connection's name. */
export function parseClientStep(
  text: string,
  place: Place,
  connectionName: (word: string) => string,
): ClientStep | undefined {
  const [, word, rest = ""] = LINE.exec(text) ?? [];
  switch (word) {
    case "accept": {
      const [, name = "", pattern = ""] = /^(\S*)\s*(.*)$/s.exec(rest)!;
      if (name === "") throw mistake(place, "accept takes a name: accept NAME, accept NAME PATTERN");
      return {
        kind: "accept",
        connection: connectionName(name),
        pieces: parsePieces(pattern, "pattern", place),
        place,
      };
    }
    case "type": {
      const pieces = parsePieces(rest, "data", place);
      if (pieces.length === 0) throw mistake(place, "nothing is typed: type TEXT; Enter alone is type \\n");
      return { kind: "type", pieces, place };
    }
    case "shows":
    case "hides": {
      const pieces = parsePieces(rest, "pattern", place);
      if (pieces.length === 0) throw mistake(place, `${word} takes what the client shows: ${word} PATTERN`);
      return { kind: word, pieces, place };
    }
    case "shows-other-than": {
      const [first, second, ...more] = rest.split(/\s+/);
      if (first === undefined || second === undefined || more.length > 0 || ![first, second].every(isIdentifier)) {
        throw mistake(place, "shows-other-than takes the names of two things that were shown: shows-other-than A B");
      }
      return { kind: "shows-other-than", names: [first, second], place };
    }
    case "ends":
      if (rest === "") return { kind: "ends", place };
      if (rest !== "nonzero" && !STATUS.test(rest)) {
        throw mistake(place, "ends takes an exit status: ends, ends 0, ends nonzero");
      }
      return { kind: "ends", status: rest === "nonzero" ? rest : Number(rest), place };
    case "idle":
      if (rest !== "") throw mistake(place, "nothing stands behind idle");
      return { kind: "idle", place };
    case "paced": {
      const [, name, low, high] = PACED.exec(rest) ?? [];
      if (name === undefined || Number(low) > Number(high)) {
        throw mistake(place, "paced says how many milliseconds are between what arrives: paced NAME LOW..HIGH");
      }
      return { kind: "paced", connection: connectionName(name), low: Number(low), high: Number(high), place };
    }
    case "file": {
      const [, file, pattern] = FILE.exec(rest) ?? [];
      if (file === undefined || pattern === undefined) {
        throw mistake(place, "a file is looked at like this: file NAME contains PATTERN");
      }
      const pieces = { file: parsePieces(file, "data", place), pieces: parsePieces(pattern, "pattern", place) };
      return { kind: "file", ...pieces, place };
    }
  }
  return undefined;
}

/** Prints one; reading the result gives the same step. */
export function printClientStep(step: ClientStep): string {
  switch (step.kind) {
    case "accept":
      return `accept ${step.connection}${step.pieces.length === 0 ? "" : ` ${printPieces(step.pieces)}`}`;
    case "type":
    case "shows":
    case "hides":
      return `${step.kind} ${printPieces(step.pieces)}`;
    case "shows-other-than":
      return `shows-other-than ${step.names.join(" ")}`;
    case "ends":
      return step.status === undefined ? "ends" : `ends ${step.status}`;
    case "idle":
      return "idle";
    case "paced":
      return `paced ${step.connection} ${step.low}..${step.high}`;
    case "file":
      return `file ${printPieces(step.file)} contains ${printPieces(step.pieces)}`;
  }
}
