/**
 * The sheet of a dialect that is handed out to whoever writes it: what to write, in which order, and what it is worth.
 *
 * @module
 */

import type { Clause, Clauses } from "../fixtures/clauses.ts";
import { countText } from "../reports/words.ts";
import type { Role } from "../transcript/check.ts";
import type { Stage } from "./stage.ts";

/** What is written for one side of a dialect. */
export interface SheetPart {
  /** Whose. */
  readonly role: Role;
  /** In which order it is written. */
  readonly stages: readonly Stage[];
  /** What it has to keep. */
  readonly clauses: Clauses;
}

/** A dialect, and what belongs on its sheet. */
export interface SheetData {
  /** Its name. */
  readonly dialect: string;
  /** How its bytes travel, and on which port. */
  readonly transport: "tcp" | "udp";
  /** Its own port. */
  readonly port: number;
  /** The server first. */
  readonly parts: readonly SheetPart[];
  /** What a clause is worth where a course says nothing else. */
  readonly points: (clause: Clause) => number;
}

const COMMANDS: Readonly<Record<Role, string>> = {
  server: "--server-cmd 'python3 server.py {port}'",
  client: "--client-cmd 'python3 client.py {host} {port} {name}'",
};

/** Writes the sheet, in Markdown. */
export function sheetOf({ dialect, transport, port, parts, points }: SheetData): string {
  const head = [
    `# ${dialect}: the sheet`,
    "",
    `Written by \`deno task generate\` from \`fixtures/${dialect}\`. Goes with [the messages](../../protocols/${dialect}.md), over`,
    `${transport.toUpperCase()}, port ${port} by default. A *must* is what the protocol says, a *should* what its purpose asks for; a *may* is left open, and`,
    "is only written down. Points are those of the suite's default; yours may be others.",
  ];
  return `${[...head, ...parts.flatMap((part) => partOf(dialect, part, points))].join("\n")}\n`;
}

function partOf(dialect: string, { role, stages, clauses }: SheetPart, points: SheetData["points"]): string[] {
  const staged = stages.map((stage) => ({
    ...stage,
    clauses: stage.clauses.flatMap((slug) => clauses.get(slug) ?? []),
  }));
  const most = sum(staged.flatMap(({ clauses }) => clauses), points);
  return [
    "",
    `## The ${role}: ${countText(most, "point")}`,
    "",
    "```",
    `chat conform --stages --dialect ${dialect} ${COMMANDS[role]}`,
    "```",
    "",
    "says which stage is next, and what is missing in it.",
    ...staged.flatMap((stage, i) => stageOf(i + 1, stage, points)),
  ];
}

function stageOf(
  number: number,
  { title, text, clauses }: Omit<Stage, "clauses"> & { readonly clauses: readonly Clause[] },
  points: SheetData["points"],
): string[] {
  return [
    "",
    `### ${number}. ${title} (${countText(sum(clauses, points), "point")})`,
    "",
    text,
    "",
    "| clause | level | points | what |",
    "| --- | --- | --- | --- |",
    ...clauses.map((clause) =>
      `| \`${clause.slug}\` | ${clause.level} | ${points(clause)} | ${clause.text.replaceAll("|", "\\|")} |`
    ),
  ];
}

function sum(clauses: readonly Clause[], points: SheetData["points"]): number {
  return clauses.reduce((sum, clause) => sum + points(clause), 0);
}
