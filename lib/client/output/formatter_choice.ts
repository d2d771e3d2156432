/**
 * Which look it is that somebody has chosen.
 *
 * @module
 */

import { checkedClockFormat } from "./clock_format.ts";
import { JsonLook } from "./json_formatter.ts";
import { type Look, PLAIN } from "./formatter.ts";
import { PersonLook } from "./text_formatter.ts";
import type { Surroundings } from "../environment.ts";

/** What can be chosen. */
export interface LookOptions {
  /** How the time is written, in the form of `clockText`, or `off`; for people hours and minutes by default, for scripts off. */
  readonly time?: string | undefined;
  /** Whether there are colours: by default where a person reads and has not asked for none with `NO_COLOR`. */
  readonly color?: string | undefined;
  /** Whether the bell rings for messages that are not known to be for everybody. */
  readonly bell?: boolean | undefined;
  /** Whether each event is a line of JSON. */
  readonly json?: boolean | undefined;
}

const USUAL_TIME = "%H:%M";

/**
 * The look for what was chosen and who reads it.
 *
 * @throws {ChatError} `bad-value` if the time cannot be written like that.
 */
export function chooseLook(
  options: LookOptions,
  { frontend, now, hasColors }: Pick<Surroundings, "frontend" | "now" | "hasColors">,
): Look {
  const { interactive } = frontend;
  const { color = "auto", bell = false } = options;
  if (options.json) return new JsonLook(now);
  const time = options.time ?? (interactive ? USUAL_TIME : "off");
  const colors = color === "always" || color === "auto" && interactive && hasColors;
  if (!interactive && time === "off" && !colors && !bell) return PLAIN;
  const format = time === "off" ? undefined : checkedClockFormat(time);
  return new PersonLook({ time: format, colors, bell, now, isShort: interactive });
}
