/**
 * A transcript's text as a header and a tree of lines: comments gone, continued lines joined, blocks nested.
 *
 * @module
 */

import { mistake, type Place } from "./place.ts";

/** A line with what is indented below it. */
export interface Line {
  /** Where it stands. */
  readonly place: Place;
  /** Its text, without indentation, comment and white space at the end. */
  readonly text: string;
  /** The lines indented below it. */
  readonly children: readonly Line[];
}

/** `key: value` in a header. */
export interface HeaderEntry {
  /** Where it stands. */
  readonly place: Place;
  /** What is before the colon. */
  readonly key: string;
  /** What is behind it, without white space around it. */
  readonly value: string;
}

/** A file that was read. */
export interface Source {
  /** The header, in order. */
  readonly header: readonly HeaderEntry[];
  /** All that follows. */
  readonly lines: readonly Line[];
}

const HEADER = /^([a-z-]+):(?:\s+(.*))?$/;
/** Lines whose text holds bytes: they have no comment, and may go on in the next line. */
const WITH_BYTES =
  /^(?:eventually\s+)?\S+\s+(?:>>|>|<)(?:\s|$)|^let\s+\S+\s*=|^(?:type|shows|hides|file)\s|^accept\s+\S+\s+[^#\s]|^(?:reads|ends)\s.*\sas\s|^greeted\s/;
const COMMENT = /(?:^|\s)#.*$/;
/** Ends in a backslash that is not itself escaped. */
const GOES_ON = /(?:^|[^\\])(?:\\\\)*\\$/;

/** Reads the text of a file; throws a {@linkcode mistake} where its indentation makes no sense. */
export function readSource(text: string, file: string): Source {
  const raw = splitLines(text);
  const { header, end } = takeHeader(raw, file);
  return { header, lines: nest(readLines(raw, end, file)) };
}

/** Reads the header of a file alone. */
export function readSourceHeader(text: string, file: string): readonly HeaderEntry[] {
  return takeHeader(splitLines(text), file).header;
}

function splitLines(text: string): string[] {
  return text.replace(/^\uFEFF/, "").split(/\r?\n/);
}

/** The header, and the line that it ends before. */
function takeHeader(raw: readonly string[], file: string): { header: HeaderEntry[]; end: number } {
  const header: HeaderEntry[] = [];
  let at = 0;
  for (; at < raw.length; at++) {
    const line = raw[at]!.trimEnd();
    if (line.startsWith("#") || (line === "" && header.length === 0)) continue;
    const match = HEADER.exec(line);
    if (match === null) break;
    header.push({ place: { file, line: at + 1 }, key: match[1]!, value: match[2] ?? "" });
  }
  return { header, end: at };
}

interface Indented {
  readonly line: Line & { readonly children: Line[] };
  readonly indent: number;
}

function readLines(raw: readonly string[], start: number, file: string): Indented[] {
  const lines: Indented[] = [];
  for (let at = start; at < raw.length; at++) {
    const place = { file, line: at + 1 };
    const indentation = /^\s*/.exec(raw[at]!)![0];
    let text = raw[at]!.slice(indentation.length).trimEnd();
    if (WITH_BYTES.test(text)) {
      while (GOES_ON.test(text)) {
        at++;
        if (at === raw.length) throw mistake(place, "the line goes on (it ends in a backslash), but the file ends");
        text = text.slice(0, -1) + raw[at]!.trim();
      }
    } else text = text.replace(COMMENT, "").trimEnd();
    if (text === "") continue;
    if (/[^ ]/.test(indentation)) throw mistake(place, "indent with spaces, not with tabs");
    lines.push({ line: { place, text, children: [] }, indent: indentation.length });
  }
  return lines;
}

function nest(lines: readonly Indented[]): Line[] {
  const top: Line[] = [];
  const open: { readonly indent: number; readonly children: Line[] }[] = [{ indent: 0, children: top }];
  let previous: Indented | undefined;
  for (const next of lines) {
    const { line, indent } = next;
    if (previous !== undefined && indent > previous.indent) open.push({ indent, children: previous.line.children });
    while (open.length > 1 && indent < open.at(-1)!.indent) open.pop();
    if (indent !== open.at(-1)!.indent) throw mistake(line.place, "the indentation fits no line above");
    open.at(-1)!.children.push(line);
    previous = next;
  }
  return top;
}
