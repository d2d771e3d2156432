/**
 * A failure as a script of Python 3 that plays it again, with nothing but the standard library.
 *
 * @module
 */

import { addressText } from "../../lib/core/address.ts";
import { visibleText } from "../../lib/core/visible.ts";
import type { DatagramConventions } from "../fixtures/recognition.ts";
import { showDetails } from "../reports/text/failures.ts";
import { paint } from "../reports/text/paint.ts";
import type { Recorded, Result, Target } from "../results/verdict.ts";
import { writeData } from "./data.ts";
import { type PythonPattern, writePattern, writeRanges } from "./pattern.ts";
import { booleanLiteral, bytesLiteral, dictionary, optional, stringLiteral } from "./python.ts";
import { writeSteps } from "./steps.ts";

/** What the steps of a script are made of, as Python: see `helpers/`. */
export interface Helpers {
  /** For what is played to a server. */
  readonly server: string;
  /** For what is played to a client. */
  readonly client: string;
}

/** How a client was started. */
export interface StartedClient {
  /** The words of its command, with placeholders. */
  readonly command: readonly string[];
  /** What is typed first, with placeholders. */
  readonly input: string;
  /** Whether its user has a terminal. */
  readonly hasTerminal: boolean;
}

/** How a failure came about, as far as its result does not say. */
export interface ScriptContext {
  /** The target that failed. */
  readonly target: Target;
  /** How the client was started, if it is one. */
  readonly client?: StartedClient | undefined;
  /** Whether TLS was spoken. */
  readonly tls: boolean;
  /** The deadline of a step, in milliseconds. */
  readonly timeout: number;
  /** Whether what fixtures reset was only closed: see `TargetRun`. */
  readonly resetsAreCloses?: boolean | undefined;
  /** The choices that the server made in the whole run. */
  readonly recorded: readonly Recorded[];
  /** When the run began. */
  readonly began: Date;
}

/** Silence that says something, in milliseconds: a loopback is slow on a busy machine. */
const SILENCE = 100;
/** The same of what a client shows: see `ClientStage.settlingTime`. */
const SETTLING = 150;
/** What the head of a script says last. */
const FOR_SERVERS = [
  "Plays the same again: python3 THIS-FILE [HOST:PORT] [--recorded-names]. It needs Python 3.8 or newer, and nothing",
  "else. It prints what it sends, expects and receives; exit status 0 says that all of it came true, 1 that it did not.",
  "It plays this transcript alone: what a server does only when it has other clients as well does not show.",
];
const FOR_CLIENTS = [
  "Plays the same again: python3 THIS-FILE [COMMAND] [--input TEXT] [--listen HOST:PORT] [--recorded-names], from where",
  "the command can be started. It needs Python 3.8 or newer, and nothing else. It starts the client in a folder of its",
  "own, is its server and its user, and prints what is sent, typed, expected, received and shown; exit status 0 says",
  "that all of it came true, 1 that it did not.",
];
const PLAIN = paint(false);

/** Writes a script. */
export function writeScript(result: Result, context: ScriptContext, helpers: Helpers): string {
  const { fixture, failure, wire, deviations } = result;
  const { timeout, tls, client } = context;
  const { ignoreCaseAfter, datagrams } = fixture;
  const ignored = fixture.ignored && writePattern(fixture.ignored, ignoreCaseAfter);
  const constants = {
    TITLE: stringLiteral(visibleText(`${fixture.name}: ${fixture.title}`)),
    ROLE: stringLiteral(client === undefined ? "server" : "client"),
    ...whom(result, context),
    TIMEOUT: `${timeout / 1000}  # seconds that a step may take`,
    SILENCE: `${
      Math.min(client === undefined ? SILENCE : SETTLING, timeout / 10) / 1000
    }  # so many seconds without a word say something`,
    NAMES: dictionary(wire?.names ?? [], stringLiteral),
    TLS: booleanLiteral(tls),
    RESETS: booleanLiteral(!context.resetsAreCloses),
    DATAGRAMS: booleanLiteral(datagrams !== undefined || fixture.hasDatagrams === true),
    LINE_END: optional(fixture.lineEnd, (byte) => bytesLiteral(Uint8Array.of(byte))),
    IGNORED: `${optional(ignored, writeIgnored)}  # what may come at any time`,
  };
  const agreed = agreements(result, context);
  const steps = writeSteps(fixture.steps, { failure, deviations, caseless: ignoreCaseAfter, agreed });
  const assigned = Object.entries(constants).map(([name, value]) => `${name} = ${value}`);
  return `#!/usr/bin/env python3
${head(result, context)}

${[...writeRanges(`${steps}${constants.IGNORED}`), ...assigned].join("\n")}


def play():
${client === undefined ? "" : "    start()\n"}${steps}    nothing_is_left()
${datagrams === undefined ? "" : writeFarewell(datagrams)}

${client === undefined ? helpers.server : helpers.client}`;
}

/** The constants that say whom it is played to. */
function whom({ fixture }: Result, { target, client }: ScriptContext): Record<string, string> {
  if (client === undefined) return { SERVER: stringLiteral(addressText(target)) };
  return {
    COMMAND: `[${client.command.map(stringLiteral).join(", ")}]`,
    INPUT: stringLiteral(client.input),
    LISTEN: stringLiteral(addressText(target)),
    LISTENS: booleanLiteral(fixture.isUnreachable !== true),
    PTY: booleanLiteral(client.hasTerminal),
  };
}

function head(result: Result, { target, client, began }: ScriptContext): string {
  const { fixture: { name, title, clause } } = result;
  const lines = [
    `${name}: ${title}`,
    `It shows the clause ${clause.slug} (${clause.level}): ${clause.text}`,
    "",
    `Written by chat conform --reproduce, ${began.toISOString().slice(0, 16).replace("T", " ")} UTC, when ${
      client === undefined ? addressText(target) : client.command.join(" ")
    } failed:`,
    "",
    ...showDetails(result, PLAIN).map((line) => `  ${line}`),
    "",
    ...client === undefined ? FOR_SERVERS : FOR_CLIENTS,
  ];
  return lines.map((line) => `# ${visibleText(line)}`.trimEnd()).join("\n");
}

/** Where the failure is that the server decided otherwise than before, how it decided before. */
function agreements({ failure, chosen }: Result, { recorded }: ScriptContext): Map<string, string> {
  if (failure?.kind !== "inconsistent") return new Map();
  const names = new Set(chosen.map(({ choice }) => choice));
  return new Map(recorded.filter(({ choice }) => names.has(choice)).map(({ choice, value }) => [choice, value]));
}

function writeIgnored({ expression, names }: PythonPattern): string {
  return `[${[expression, ...names.map(stringLiteral)].join(", ")}]`;
}

function writeFarewell({ farewell }: DatagramConventions): string {
  const data = writeData(farewell, (name) => `v[port + ${stringLiteral(`.${name}`)}]`);
  return `

def farewell(port):
    """The last word of a port: closing one tells nobody anything."""
    return ${data}
`;
}
