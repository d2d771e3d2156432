/**
 * The commands of this program, which are the same in every dialect.
 *
 * @module
 */

import type { CommandForm } from "../../dialects/dialect.ts";

/** The commands, with what they do. */
export const LOCAL_FORMS: readonly CommandForm[] = [
  { form: "/help", does: "tells what can be written" },
  { form: "/names", does: "tells who is there" },
  { form: "/quit", does: "leaves, as Ctrl-D does" },
];

/** A line that a person has entered. */
export type ParsedLine =
  /** For this program. */
  | { readonly kind: "help" | "names" | "quit" }
  /** For the dialect. */
  | { readonly kind: "line"; readonly text: string }
  /** For nobody: what could be written instead. */
  | { readonly kind: "unknown"; readonly form: string };

const COMMANDS: Readonly<Record<string, "help" | "names" | "quit">> = {
  "/help": "help",
  "/names": "names",
  "/quit": "quit",
};

/**
 * Tells for whom a line is. What begins with a slash is for this program, and with two for the dialect, less one. Where the
 * dialect has commands with a slash itself, just ours are taken out.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseLine("/quit", false), { kind: "quit" });
 * assertEquals(parseLine("//quit", false), { kind: "line", text: "/quit" });
 * assertEquals(parseLine("/bm hi", true), { kind: "line", text: "/bm hi" });
 * ```
 */
export function parseLine(line: string, hasSlash: boolean): ParsedLine {
  const word = line.trim();
  if (Object.hasOwn(COMMANDS, word)) return { kind: COMMANDS[word]! };
  if (hasSlash || !line.startsWith("/")) return { kind: "line", text: line };
  if (line.startsWith("//")) return { kind: "line", text: line.slice(1) };
  return { kind: "unknown", form: "/help, /names or /quit, or // in front of a message that begins with a slash" };
}

/** What can be written, line by line: what the dialect offers, and what this program adds. */
export function helpLines(dialect: string, forms: readonly CommandForm[]): string[] {
  const width = Math.max(...[...forms, ...LOCAL_FORMS].map(({ form }) => form.length));
  const line = ({ form, does }: CommandForm) => `  ${form.padEnd(width)}  ${does}`;
  return [
    `${dialect}:`,
    ...forms.map(line),
    "chat:",
    ...LOCAL_FORMS.map(line),
    "  Tab completes, Up brings back earlier lines, Ctrl-R looks for one, Ctrl-Z suspends",
    "  Ctrl-D leaves when all is answered, Ctrl-C at once",
  ];
}
