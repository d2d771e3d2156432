/**
 * Recorded steps as the text of a transcript.
 *
 * @module
 */

import { visibleText } from "../../lib/core/visible.ts";
import type { RecordedStep } from "./recorded_steps.ts";
import { writeSnippets } from "./snippet.ts";

/** What stands above the steps. */
export interface TranscriptHead {
  /** How it was made, and what is not as it was: a line each. */
  readonly remarks: readonly string[];
  /** What a server does that passes. */
  readonly title: string;
  /** The clause for which it counts. */
  readonly clause: string;
}

/** A transcript, and which step each of its lines belongs to. */
export interface WrittenTranscript {
  /** The text. */
  readonly text: string;
  /** The step of a line, counted from 1. */
  stepAt(line: number): RecordedStep | undefined;
}

/** Writes a transcript. */
export function writeTranscript(
  { remarks, title, clause }: TranscriptHead,
  steps: readonly RecordedStep[],
): WrittenTranscript {
  const head = [...remarks.map((text) => remark(text)), `title: ${title}`, `clause: ${clause}`, ""];
  const lines: string[] = [...head];
  const owners = new Map<number, RecordedStep>();
  const add = (step: RecordedStep, depth: number) => {
    for (const text of linesOf(step)) {
      lines.push(`${"  ".repeat(depth)}${text}`);
      owners.set(lines.length, step);
    }
    if (step.kind !== "any-order") return;
    for (const [first, ...then] of step.items) {
      add(first, depth + 1);
      for (const one of then) add(one, depth + 2);
    }
  };
  for (const step of steps) add(step, 0);
  return { text: `${lines.join("\n")}\n`, stepAt: (line) => owners.get(line) };
}

function remark(text: string): string {
  return text === "" ? "#" : `# ${visibleText(text.replace(/\s*\n\s*/g, " "))}`;
}

function linesOf(step: RecordedStep): string[] {
  switch (step.kind) {
    case "line":
      return [step.text];
    case "remark":
      return [remark(step.text)];
    case "send":
      return [`${step.connection} > ${writeSnippets(step.snippets)}`];
    case "expect":
      return [`${step.isPatient ? "eventually " : ""}${step.connection} < ${writeSnippets(step.snippets)}`];
    case "closed":
      return [`${step.isPatient ? "eventually " : ""}${step.connection} closed`];
    case "silent":
      return [`${step.connection} silent`];
    case "fence":
      return [`fence ${step.connection}:`, ...step.lines.map((line) => `  ${line}`)];
    case "any-order":
      return ["all:"];
  }
}
