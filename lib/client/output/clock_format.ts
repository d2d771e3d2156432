/**
 * How the time is written in front of what people read.
 *
 * @module
 */

import { ChatError } from "../../core/error.ts";

const two = (number: number) => String(number).padStart(2, "0");

/** The numbers that strftime(3) knows; what would need a language (names of days) is left out. */
const FIELDS: Readonly<Record<string, (time: Date) => string>> = {
  "H": (time) => two(time.getHours()),
  "I": (time) => two((time.getHours() + 11) % 12 + 1),
  "M": (time) => two(time.getMinutes()),
  "S": (time) => two(time.getSeconds()),
  "Y": (time) => String(time.getFullYear()),
  "m": (time) => two(time.getMonth() + 1),
  "d": (time) => two(time.getDate()),
  "p": (time) => time.getHours() < 12 ? "AM" : "PM",
  "T": (time) => clockText("%H:%M:%S", time),
  "F": (time) => clockText("%Y-%m-%d", time),
  "%": () => "%",
};

const FIELD = /%(.?)/gsu;

/**
 * The local time in a format of {@linkcode checkedClockFormat}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(clockText("[%F %H:%M]", new Date(2026, 1, 3, 4, 5)), "[2026-02-03 04:05]");
 * ```
 */
export function clockText(format: string, time: Date): string {
  return format.replace(FIELD, (_all, letter: string) => FIELDS[letter]!(time));
}

/**
 * Gives a format back if all of its fields are known and it can be printed.
 *
 * @throws {ChatError} `bad-value` otherwise.
 */
export function checkedClockFormat(format: string): string {
  const unknown = [...format.matchAll(FIELD)].find(([, letter]) => !Object.hasOwn(FIELDS, letter!));
  const isPrintable = format !== "" && !/[\p{C}]/u.test(format);
  if (unknown === undefined && isPrintable) return format;
  const what = unknown === undefined ? "" : `, without ${unknown[0]}`;
  throw new ChatError("bad-value", `${JSON.stringify(format)} is no format${what}: write one like %H:%M, or off`);
}
