/**
 * The server's log: LogTape to standard error, as text or as JSON lines.
 *
 * @module
 */

import {
  configure,
  getJsonLinesFormatter,
  getLogger,
  getTextFormatter,
  type LogRecord,
  type Sink,
  type TextFormatter,
} from "@logtape/logtape";
import { visibleText } from "../../core/visible.ts";
import type { Output } from "../output.ts";

/** How much is logged: this level and those above it. */
export type LogLevel = "debug" | "info" | "warning" | "error";

const LEVELS: readonly LogLevel[] = ["debug", "info", "warning", "error"];

/** The first of these that is logged, for all who have the log: most lines are below it, and LogTape takes its time to say so. */
let lowest = 0;

/** How a line of the log looks. */
export type LogFormat = "text" | "json";

/** Writes a line: a sentence, and what it is about. It is never given a message's body. */
export interface Log {
  /** Writes a line. */
  (level: LogLevel, text: string, about?: Readonly<Record<string, unknown>>): void;
}

/** `2026-11-20 12:00:00.000 +00:00 [INF] relay socket closed user=alice why=left`: nothing in it can forge a line. */
function textFormatter(): TextFormatter {
  return getTextFormatter({
    format: ({ timestamp, level, message, record }) => {
      const about = Object.entries(record.properties)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => ` ${key}=${visibleText(String(value))}`);
      return `${timestamp} [${level}] ${visibleText(message)}${about.join("")}`;
    },
  });
}

/** Writes records to an output. How many it had no room for is logged when there is room again. */
function sinkTo(output: Pick<Output, "write">, format: TextFormatter): Sink {
  let lost = 0;
  return (record) => {
    if (lost > 0 && output.write(format({ ...record, ...LOST, properties: { count: lost } }))) lost = 0;
    if (lost > 0 || !output.write(format(record))) lost++;
  };
}

const LOST_TEXT = "lines of the log were lost: nobody read them in time";
const LOST = { level: "warning", message: [LOST_TEXT], rawMessage: LOST_TEXT } as const satisfies Partial<LogRecord>;

/**
 * Opens the log on an output: lines of this level and those above it are written, in this format. Opened again, it has another level
 * or format, for all who have it.
 */
export async function openLog(lowestLevel: LogLevel, format: LogFormat, output: Pick<Output, "write">): Promise<Log> {
  const formatter = format === "json" ? getJsonLinesFormatter() : textFormatter();
  await configure({
    reset: true,
    sinks: { output: sinkTo(output, formatter) },
    loggers: [
      { category: "chat", sinks: ["output"], lowestLevel },
      { category: ["logtape", "meta"], sinks: ["output"], lowestLevel: "warning" },
    ],
  });
  lowest = LEVELS.indexOf(lowestLevel);
  const logger = getLogger("chat");
  return (level, text, about = {}) => {
    if (LEVELS.indexOf(level) < lowest) return;
    // As a record, because a text would be read as a template: a group's name may have braces.
    logger.emit({ level, message: [text], rawMessage: text, properties: { ...about }, timestamp: Date.now() });
  };
}
