/**
 * The rules for what group servers alone can do wrong: what the tables say that came, and where answers went.
 *
 * @module
 */

import type { Result } from "../results/verdict.ts";
import { type Evidence, heardBehind } from "./evidence.ts";
import { byClauses, type Rule } from "./rule.ts";

/** What the last table says of somebody that came behind what was sent last of a kind; one that is not kept as a whole may lack rows. */
function statusBehind(result: Result, request: RegExp, name: string): "yes" | "no" | "missing" | undefined {
  const tables = heardBehind(result, request).filter(({ text }) => /^\S+\s+update\r?\n/.test(text));
  for (const { text, isWhole } of tables.reverse()) {
    const row = (text.match(/\{[^{}]*\}/g) ?? []).find((row) => row.includes(`"${name}"`) || row.includes(`'${name}'`));
    if (row !== undefined) return /["']status["']:\s*["']no["']/.test(row) ? "no" : "yes";
    if (isWhole) return "missing";
  }
  return undefined;
}

/** Whether a table was waited for that did not come. */
function awaitsTable({ failure }: Result): boolean {
  return failure!.attempts.some(({ wanted }) => /update/.test(String(wanted)));
}

/** Whether the server itself was gone. */
const hasEnded = ({ failure }: Result) => /the server has (crashed|ended)/.test(failure!.reason);

/** Those failures at which no table says `no` for whoever left, where some table shows what it says instead: still `yes`, or nothing. */
export function deregShownAs(status: "yes" | "missing", evidence: Evidence): Result[] {
  const awaiting = evidence.of("dereg", "dereg-other").filter(awaitsTable);
  const seen = awaiting.map((result) => {
    const name = result.wire?.names.get(result.fixture.clause.slug === "group/dereg-other" ? "bob" : "alice");
    return name === undefined ? undefined : statusBehind(result, /\ndereg\n/, name);
  });
  // A table that was on its way before may still show who has left.
  const shown = seen.includes("missing") ? "missing" : seen.includes("yes") ? "yes" : undefined;
  return evidence.dialect === "group" && shown === status ? awaiting : [];
}

/** Whether somebody is taken out who has acknowledged: the server says so, or does not list them. */
function losesWhoAcknowledged({ fixture, failure, wire }: Result): boolean {
  const { kind, attempts, lastOutput = [] } = failure!;
  if (kind !== "timeout") return false;
  const isUnlisted = attempts.some(({ wanted }) => /list_members/.test(String(wanted)));
  if (/send-unresponsive-(others|next)$/.test(fixture.name) && isUnlisted) return true;
  const names = attempts.map(({ connection }) => wire?.names.get(connection));
  return lastOutput.some((line) =>
    names.some((name) => name !== undefined && line.includes(`[Client ${name} not responsive`))
  );
}

/** Those of group servers: none holds for another dialect. */
export const GROUP_RULES: readonly Rule[] = [
  {
    name: "answers-the-asker",
    find: (evidence) => {
      if (evidence.dialect !== "group") return undefined;
      const explains = evidence.where(({ fixture, failure }) =>
        /-port$/.test(fixture.name) && /^it arrived on sender/.test(failure?.hint ?? "")
      );
      if (explains.length === 0) return undefined;
      const text =
        "answers at the port that a request was sent from: answer at the one that it names, which its client listens on";
      return { text, explains };
    },
  },
  {
    name: "answers-the-named-address",
    find: (evidence) => {
      const explains = evidence.where(({ fixture, failure }) =>
        /^group\/register-address\b/.test(fixture.name) && failure?.kind === "timeout"
      );
      if (explains.length === 0 || !evidence.passes("register")) return undefined;
      const text =
        "answers at the address in the text of register, which may be wrong: answer at the one that the datagram came from";
      return { text, explains };
    },
  },
  {
    name: "drops-rows",
    find: (evidence) => {
      const explains = deregShownAs("missing", evidence);
      if (explains.length === 0) return undefined;
      return { text: "takes who has left out of the table: it stays there, with the status `no`", explains };
    },
  },
  {
    name: "loses-who-acknowledged",
    find: (evidence) => {
      const explains = evidence.of("send", "send-unresponsive").filter(losesWhoAcknowledged);
      if (evidence.dialect !== "group" || explains.length === 0) return undefined;
      return {
        text:
          "takes members out of a group that have acknowledged: go on reading while it waits, as in a loop that sleeps no acknowledgement is read",
        explains,
      };
    },
  },
  byClauses(
    "takes-ports-that-are-none",
    ["malformed"],
    "registers clients with ports that are none (0, 70000): what it sends there fails, and nobody behind them in the table is told anything more",
    (result, { dialect }) =>
      dialect === "group" && /\.port-(zero|large)$/.test(result.fixture.name) && result.failure!.kind === "timeout" &&
      !hasEnded(result),
  ),
];
