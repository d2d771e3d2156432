/**
 * `/reload`: files are read again, as for SIGHUP.
 *
 * @module
 */

import type { LogLevel } from "../../log/log.ts";
import type { OverheardLog } from "../../log/overheard_log.ts";
import { json } from "../http/reply.ts";
import type { Verb } from "./verb.ts";

/** What reads files again. */
export interface Reloading {
  /** Reads them; what comes of it is in the log. */
  readonly again: () => Promise<void>;
  /** That log. */
  readonly log: Pick<OverheardLog, "listen">;
}

/** One line of the log. */
interface LogLine {
  readonly level: LogLevel;
  readonly text: string;
  readonly about?: Readonly<Record<string, unknown>> | undefined;
}

/** Reads all files again, and answers with what the log says of it. */
export function reload({ again, log }: Reloading): Verb {
  return {
    name: "reload",
    fields: [],
    async act(_fields, changed) {
      const lines: LogLine[] = [];
      changed("an operator has files read again");
      const stop = log.listen((level, text, about) => lines.push({ level, text, about }));
      try {
        await again();
      } finally {
        stop();
      }
      const hasFailed = lines.some(({ level }) => level === "error");
      const error = { code: "not-reloaded", message: "not all could be read again: lines says what, and why" };
      return json(hasFailed ? 409 : 200, { ...hasFailed && { error }, lines });
    },
  };
}
