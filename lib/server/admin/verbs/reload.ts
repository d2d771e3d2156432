/**
 * `/reload`: files are read again, as for SIGHUP.
 *
 * @module
 */

import type { LogLevel } from "../../log/log.ts";
import type { OverheardLog } from "../../log/overheard_log.ts";
import type { ReloadReport } from "../../reload.ts";
import { json } from "../http/reply.ts";
import type { Verb } from "./verb.ts";

/** What reads files again. */
export interface Reloading {
  /** Reads them; what comes of it is in the log as well. */
  readonly again: () => Promise<ReloadReport>;
  /** That log. */
  readonly log: Pick<OverheardLog, "listen">;
}

/** One line of the log. */
interface LogLine {
  readonly level: LogLevel;
  readonly text: string;
  readonly about?: Readonly<Record<string, unknown>> | undefined;
}

/** Reads all files again, and answers with what has changed, what has not, and what the log says of it. */
export function reload({ again, log }: Reloading): Verb {
  return {
    name: "reload",
    fields: [],
    async act(_fields, changed) {
      const lines: LogLine[] = [];
      changed("an operator has files read again");
      const stop = log.listen((level, text, about) => lines.push({ level, text, about }));
      try {
        const report = await again();
        const [fault] = report.faults;
        if (fault === undefined) return json(200, { ...report, lines });
        const message = `not all could be read again: ${fault}`;
        return json(409, { error: { code: "not-reloaded", message }, ...report, lines });
      } finally {
        stop();
      }
    },
  };
}
