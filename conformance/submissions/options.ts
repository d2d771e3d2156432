/**
 * The options of `chat conform --submissions`.
 *
 * @module
 */

import { optional } from "@optique/core/modifiers";
import { fields } from "../../lib/cli/fields.ts";
import { count, duration, folder, size, word } from "../../lib/cli/values.ts";
import { ChatError } from "../../lib/core/error.ts";
import type { ConformOptions } from "../conform_options.ts";
import type { SubmissionsOptions } from "./submissions.ts";

const { flag, setting } = fields;

/** What each submission may take where nothing is said: a JVM and a build tree fit into it. */
const DEFAULTS = { time: 120_000, memory: 2 ** 31, processes: 200, disk: 2 ** 29 };
const BUILD_TIMEOUT = 120_000;
const OUTPUT = "marks";

/** The options. None has a default here, so that one that is given without --submissions shows. */
export const SUBMISSIONS = {
  submissions: optional(
    setting(
      "--submissions",
      folder(),
      "Mark a course: each folder in this one is a submission, for which {dir} stands.",
    ),
  ),
  output: optional(setting("--output", folder(), "Where the marks go; ./marks by default.")),
  startOver: flag("--start-over", "Play all of them, also those that are finished."),
  parallel: optional(
    setting("--parallel", count("N", 1, 64), "How many submissions are played at a time; 1 by default."),
  ),
  buildCommand: optional(
    setting("--build-cmd", word("COMMAND"), "What builds each first, in its folder; with --watch, before each run."),
  ),
  buildTimeout: optional(setting("--build-timeout", duration(), "How long that may take; 2m by default.")),
  maxMemory: optional(setting("--max-memory", size(), "The memory that each may take; 2G by default.")),
  maxProcesses: optional(
    setting("--max-processes", count("N", 1, 100_000), "The processes that each may have; 200 by default."),
  ),
  maxDisk: optional(setting("--max-disk", size(), "How much each may write; 512M by default.")),
};

/** What they were given. */
export interface GivenSubmissions {
  /** The folder in which each folder is a submission. */
  readonly submissions: string | undefined;
  /** The folder for the marks. */
  readonly output: string | undefined;
  /** Whether what is finished is played again. */
  readonly startOver: boolean;
  /** How many are played at a time. */
  readonly parallel: number | undefined;
  /** What builds each. */
  readonly buildCommand: string | undefined;
  /** How long that may take, in milliseconds. */
  readonly buildTimeout: number | undefined;
  /** The memory that each may take, in bytes. */
  readonly maxMemory: number | undefined;
  /** How many processes each may have. */
  readonly maxProcesses: number | undefined;
  /** How much each may write, in bytes. */
  readonly maxDisk: number | undefined;
}

/** What of a run's options says how one program is looked at, and not how a course is marked. */
const FOR_ONE = {
  list: "--list",
  writeGrading: "--write-grading",
  stress: "--stress",
  watch: "--watch",
  reports: "--report",
  expect: "--expect",
  writeExpect: "--write-expect",
  reproduce: "--reproduce",
} as const satisfies Partial<Record<keyof ConformOptions, string>>;

/**
 * Reads them together with the options of each run; nothing if no course is to be marked.
 *
 * @throws {ChatError} `usage` for options that do not go together.
 */
export function readSubmissions(given: GivenSubmissions, conform: ConformOptions): SubmissionsOptions | undefined {
  const { submissions, startOver, ...rest } = given;
  if (submissions === undefined) {
    const used = Object.entries({ ...NAMES, startOver: "--start-over" }).find(([key]) => {
      const value = given[key as keyof GivenSubmissions];
      return value !== undefined && value !== false;
    });
    if (used === undefined) return undefined;
    throw new ChatError("usage", `${used[1]} is for a course: say where its programs are with --submissions DIR`);
  }
  const odd = Object.entries(FOR_ONE).find(([key]) => {
    const value = conform[key as keyof typeof FOR_ONE];
    return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
  });
  if (odd !== undefined) {
    throw new ChatError(
      "usage",
      `${odd[1]} is for one program, and --submissions marks several: leave one of them out`,
    );
  }
  if (conform.serverCommand === undefined && conform.client === undefined) {
    const how = "--server-cmd 'python3 server.py {port}', which is run in each folder, or --client-cmd";
    throw new ChatError("usage", `say what starts each submission: ${how}`);
  }
  if (conform.targets.length > 1) {
    throw new ChatError("usage", "each submission is one server: name one --target");
  }
  if ((conform.dialect ?? conform.client?.dialect ?? conform.targets[0]?.dialect) === undefined) {
    throw new ChatError(
      "usage",
      "all submissions are marked by the same clauses: say what they speak with --dialect NAME",
    );
  }
  const { output = OUTPUT, parallel = 1, buildCommand, buildTimeout, maxMemory, maxProcesses, maxDisk } = rest;
  if (buildTimeout !== undefined && buildCommand === undefined) {
    throw new ChatError("usage", "--build-timeout is for a build: say what builds them with --build-cmd COMMAND");
  }
  return {
    submissions,
    output,
    startOver,
    parallel,
    buildCommand,
    buildTimeout: buildTimeout ?? BUILD_TIMEOUT,
    limits: {
      time: conform.maxTime ?? DEFAULTS.time,
      memory: maxMemory ?? DEFAULTS.memory,
      processes: maxProcesses ?? DEFAULTS.processes,
      disk: maxDisk ?? DEFAULTS.disk,
    },
    conform,
  };
}

/** What the options are called. */
const NAMES = {
  output: "--output",
  parallel: "--parallel",
  buildCommand: "--build-cmd",
  buildTimeout: "--build-timeout",
  maxMemory: "--max-memory",
  maxProcesses: "--max-processes",
  maxDisk: "--max-disk",
} as const satisfies Partial<Record<keyof GivenSubmissions, string>>;
