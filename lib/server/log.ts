/**
 * The server's log: LogTape to standard error, as text or as JSON lines.
 *
 * @module
 */

import {
  configure,
  dispose,
  getJsonLinesFormatter,
  getLogger,
  getStreamSink,
  getTextFormatter,
  type TextFormatter,
} from "@logtape/logtape";
import { visibleText } from "../chat/visible.ts";

/** How much is logged: this level and those above it. */
export type LogLevel = "debug" | "info" | "warning" | "error";

/** How a line of the log looks. */
export type LogFormat = "text" | "json";

/** Writes a line: a sentence, and what it is about. It is never given a message's body. */
export interface Log {
  /** Writes a line. */
  (level: LogLevel, text: string, about?: Readonly<Record<string, unknown>>): void;
}

/** A log that is open. */
export interface OpenLog extends AsyncDisposable {
  /** Writes a line. */
  readonly log: Log;
}

/** `2026-11-20 12:00:00.000 +00:00 [INF] relay socket closed user=alice why=left`: values cannot forge a line. */
function textFormatter(): TextFormatter {
  return getTextFormatter({
    format: ({ timestamp, level, message, record }) => {
      const about = Object.entries(record.properties)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => ` ${key}=${visibleText(String(value))}`);
      return `${timestamp} [${level}] ${message}${about.join("")}`;
    },
  });
}

/** Standard error as a stream that may be closed without closing standard error itself, which others still write to. */
function standardError(): WritableStream<Uint8Array> {
  return new WritableStream({
    async write(bytes) {
      let rest = bytes;
      while (rest.length > 0) rest = rest.subarray(await Deno.stderr.write(rest));
    },
  });
}

/** Opens the log on standard error. Disposing it writes what is left. */
export async function openLog(lowestLevel: LogLevel, format: LogFormat): Promise<OpenLog> {
  const formatter = format === "json" ? getJsonLinesFormatter() : textFormatter();
  await configure({
    reset: true,
    sinks: { stderr: getStreamSink(standardError(), { formatter }) },
    loggers: [
      { category: "chat", sinks: ["stderr"], lowestLevel },
      { category: ["logtape", "meta"], sinks: ["stderr"], lowestLevel: "warning" },
    ],
  });
  const logger = getLogger("chat");
  return {
    log: (level, text, about) => logger[level](text, about ?? {}),
    [Symbol.asyncDispose]: () => dispose(),
  };
}
