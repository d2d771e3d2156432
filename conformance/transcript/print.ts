/**
 * Steps as a person would write them.
 *
 * @module
 */

import { isClientStep, printClientStep } from "./client_steps.ts";
import { printPieces } from "./pieces.ts";
import type { Place } from "./place.ts";
import type { Step } from "./syntax.ts";

const INDENT = "  ";

/** A printed line. */
export interface PrintedLine {
  /** How many blocks it stands in. */
  readonly depth: number;
  /** The line, without its indentation. */
  readonly text: string;
  /** Where the step stands whose line it is. */
  readonly place: Place;
}

/**
 * Prints steps, each with its blocks, a line each; reading the result gives the same steps.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const place = { file: "a.chat", line: 1 };
 * assertEquals(printSteps([{ kind: "connect", connection: "alice", place }]), "connect alice\n");
 * ```
 */
export function printSteps(steps: readonly Step[]): string {
  return printLines(steps).map(({ depth, text }) => `${INDENT.repeat(depth)}${text}\n`).join("");
}

/** Prints steps like {@linkcode printSteps}, as lines that know where they come from. */
export function printLines(steps: readonly Step[], depth = 0): PrintedLine[] {
  return steps.flatMap((step) => [{ depth, text: printHead(step), place: step.place }, ...printBlock(step, depth + 1)]);
}

/** Prints the first line of a step, without what is indented below it. */
export function printHead(step: Step): string {
  if (isClientStep(step)) return printClientStep(step);
  switch (step.kind) {
    case "send":
      return `${step.connection} ${step.bytewise ? ">>" : ">"} ${printPieces(step.pieces)}`;
    case "expect":
      return `${eventually(step)}${step.connection} < ${printPieces(step.pieces)}`;
    case "closed":
      return `${eventually(step)}${step.connection} closed`;
    case "silent":
      return `${step.connection} silent`;
    case "connect":
    case "close":
    case "end":
    case "reset":
    case "forget":
      return `${step.kind} ${step.connection}`;
    case "name":
      return `name ${step.names.join(" ")}`;
    case "distinct":
      return `distinct ${step.names.join(" ")}`;
    case "let":
      return `let ${step.name} = ${printPieces(step.pieces)}`;
    case "unsupported":
      return `unsupported ${step.reason}`;
    case "needs":
      return `needs ${step.clauses.join(", ")}`;
    case "all":
      return "all:";
    case "soon":
      return `${eventually(step)}soon:`;
    case "choice":
      return `choice ${step.name}:`;
    case "fence":
      return `fence ${step.connection}:`;
  }
}

function printBlock(step: Step, depth: number): PrintedLine[] {
  switch (step.kind) {
    case "all":
      return step.items.flatMap(({ first, then }) => [...printLines([first], depth), ...printLines(then, depth + 1)]);
    case "choice":
      return step.branches.flatMap(({ label, first, then }) => [
        { depth, text: `when ${label}:`, place: step.place },
        ...printLines([first, ...then], depth + 1),
      ]);
    case "soon":
    case "fence":
      return printLines(step.steps, depth);
    default:
      return [];
  }
}

function eventually(step: { readonly patient: boolean }): string {
  return step.patient ? "eventually " : "";
}
