/**
 * The command that plays a failure again as it was.
 *
 * @module
 */

import { addressText } from "../../lib/core/address.ts";
import type { Endpoint } from "../../lib/core/link.ts";
import { findDialect } from "../../lib/dialects/registry.ts";
import { isConcurrent } from "../fixtures/clauses.ts";
import { type FaultKind, fittingFaults } from "../stress/faults.ts";
import type { Result, TargetRun } from "../results/verdict.ts";

/** What of a run's options decides what becomes of a fixture, as they were given: see `ConformOptions`. */
export interface Invocation {
  /** Whether a failed `should` counts. */
  readonly strict: boolean;
  /** The deadline of a step, in milliseconds. */
  readonly timeout: number;
  /** How many fixtures are played at a time, at most. */
  readonly jobs?: number;
  /** What starts the server. */
  readonly serverCommand?: string | undefined;
  /** The servers that were asked for. */
  readonly targets?: readonly { readonly hostname: string; readonly port?: number | undefined }[];
  /** The client that is tested. */
  readonly client?: {
    readonly command: string;
    readonly input?: string | undefined;
    readonly listen?: Endpoint | undefined;
    readonly hasTerminal?: boolean | undefined;
  } | undefined;
  /** How long a server may take to start, in milliseconds. */
  readonly startTimeout?: number;
  /** Whether it is started for each fixture. */
  readonly fresh?: boolean;
  /** What many clients do at once. */
  readonly stress?:
    | { readonly duration: number; readonly users: number; readonly faults: readonly FaultKind[] }
    | undefined;
  /** Whether fixtures are played in a random order. */
  readonly shuffle?: boolean;
  /** Whether nothing is accommodated. */
  readonly noAccommodate?: boolean;
  /** Whom to trust, if TLS is spoken. */
  readonly tls?: { readonly caFile?: string | undefined; readonly insecure: boolean } | undefined;
  /** Folders with fixtures. */
  readonly fixtures: readonly string[];
  /** Whether the embedded ones are played as well. */
  readonly embedded?: boolean;
}

/** What options are when they are not given. */
const DEFAULTS = { timeout: 5_000, jobs: 8, startTimeout: 10_000 };
/** Words that no shell changes. */
const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * The command that plays a failed fixture again, with the one beside or after which alone it fails, as it was: the same server, the same
 * options, the same seed. For a shell of Unix; it is not yet fit for a terminal.
 */
export function commandAgain(result: Result, run: TargetRun, given: Invocation): string {
  const { fixture: { name, variation, clause }, recurrence, deviations } = result;
  const { fixtures, embedded = true, strict, fresh, noAccommodate, shuffle } = given;
  // A variant is not selected by its name, but made of what is.
  const own = variation === undefined ? name : name.slice(0, -variation.length - 1);
  const culprit = recurrence?.when === "after" || recurrence?.when === "beside" ? recurrence.culprit : undefined;
  const stress = isConcurrent(clause) ? given.stress : undefined;
  const words = [
    "chat",
    "conform",
    ...targetWords(run, given),
    ...flags({
      "--strict": strict,
      "--fresh": fresh && run.target.role !== "client",
      "--no-accommodate": noAccommodate,
      "--no-embedded": !embedded,
    }),
    ...unlessUsual("--timeout", given.timeout, DEFAULTS.timeout, timeText),
    ...unlessUsual("--start-timeout", given.startTimeout, DEFAULTS.startTimeout, timeText),
    ...unlessUsual("--jobs", given.jobs, DEFAULTS.jobs, String),
    ...flags({ "--shuffle": shuffle, "--segmentation": deviations !== undefined }),
    ...(stress === undefined ? [] : ["--stress", timeText(stress.duration), "--users", String(stress.users)]),
    ...(stress === undefined ? [] : ["--faults", faultsText(run, stress.faults)]),
    ...fixtures.flatMap((folder) => ["--fixtures", folder]),
    ...[...culprit === undefined ? [] : [culprit], own].flatMap((one) => ["--filter", one]),
    ...(run.seed === undefined ? [] : ["--seed", String(run.seed)]),
  ];
  return words.map(quoted).join(" ");
}

/** Those that were done: the ones that do not fit the dialect were not. */
function faultsText({ target }: TargetRun, faults: readonly FaultKind[]): string {
  return fittingFaults(faults, findDialect(target.dialect)?.transport === "udp").join(",") || "none";
}

/** A client is tested alone, or, as a pair, with the server. */
function targetWords(run: TargetRun, given: Invocation): string[] {
  const { dialect, role } = run.target;
  const both = [...role === "client" ? [] : serverWords(run, given), ...role === undefined ? [] : clientWords(given)];
  const security = role === undefined ? securityWords(given) : [];
  return [...both, "--dialect", dialect, ...security];
}

function clientWords({ client }: Invocation): string[] {
  if (client === undefined) return [];
  const { command, input, listen, hasTerminal } = client;
  return [
    ...["--client-cmd", command],
    ...(input === undefined ? [] : ["--client-input", input]),
    ...(listen === undefined ? [] : ["--listen", addressText(listen)]),
    ...flags({ "--pty": hasTerminal }),
  ];
}

function securityWords({ tls }: Invocation): string[] {
  const trust = tls === undefined ? [] : ["--tls", ...(tls.caFile === undefined ? [] : ["--ca", tls.caFile])];
  return [...trust, ...flags({ "--insecure": tls?.insecure })];
}

function serverWords({ target }: TargetRun, { serverCommand, targets = [] }: Invocation): string[] {
  const { hostname, port, role, further = [] } = target;
  if (serverCommand === undefined) {
    const places = [{ hostname, port }, ...further].flatMap((place) => ["--target", addressText(place)]);
    return [...places, ...flags({ "--spread": further.length > 0 })];
  }
  // Which port it has is left open, unless it was said.
  const asked = role === "pair"
    ? targets[0]
    : targets.find((one) => one.hostname === hostname && (one.port ?? port) === port);
  const isSaid = asked?.port !== undefined || hostname !== "127.0.0.1";
  const where = asked?.port === undefined ? hostname : addressText({ hostname, port: asked.port });
  return ["--server-cmd", serverCommand, ...(isSaid ? ["--target", where] : [])];
}

function flags(given: Readonly<Record<string, boolean | undefined>>): string[] {
  return Object.entries(given).flatMap(([name, isGiven]) => isGiven === true ? [name] : []);
}

function unlessUsual(
  name: string,
  value: number | undefined,
  usual: number,
  show: (value: number) => string,
): string[] {
  return value === undefined || value === usual ? [] : [name, show(value)];
}

/** A length of time as options take it: `1500ms`, `5s`. */
function timeText(milliseconds: number): string {
  return milliseconds % 1_000 === 0 ? `${milliseconds / 1_000}s` : `${milliseconds}ms`;
}

function quoted(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
