/**
 * Which look it is that somebody has chosen.
 *
 * @module
 */

import { checkedClockFormat } from "./clock_format.ts";
import { JsonFormatter } from "./json_formatter.ts";
import { type Formatter, PLAIN } from "./formatter.ts";
import { TextFormatter } from "./text_formatter.ts";
import type { Environment } from "../environment.ts";

/** What can be chosen. */
export interface FormatterOptions {
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
export function chooseFormatter(
  options: FormatterOptions,
  { frontend, now, hasColors }: Pick<Environment, "frontend" | "now" | "hasColors">,
): Formatter {
  const { interactive } = frontend;
  const { color = "auto", bell = false } = options;
  if (options.json) return new JsonFormatter(now);
  const time = options.time ?? (interactive ? USUAL_TIME : "off");
  const colors = color === "always" || color === "auto" && interactive && hasColors;
  if (!interactive && time === "off" && !colors && !bell) return PLAIN;
  const format = time === "off" ? undefined : checkedClockFormat(time);
  return new TextFormatter({ time: format, colors, bell, now, isShort: interactive });
}
