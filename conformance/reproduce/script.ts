/**
 * A failure as a script of Python 3 that plays it again, with nothing but the standard library.
 *
 * @module
 */

import { addressText } from "../../lib/chat/address.ts";
import { visibleText } from "../../lib/chat/visible.ts";
import type { DatagramManners } from "../fixture.ts";
import type { Wire } from "../play/recording.ts";
import { showDetails } from "../reports/failures.ts";
import { paint } from "../reports/paint.ts";
import type { Piece } from "../transcript/syntax.ts";
import type { Recorded, Result, Target } from "../verdict.ts";
import { booleanLiteral, bytesLiteral, dictionary, optional, stringLiteral } from "./python.ts";
import { writePieces, writeSteps } from "./steps.ts";

/** How a failure came about, as far as its result does not say. */
export interface Circumstances {
  /** Who failed. */
  readonly target: Target;
  /** Whether TLS was spoken. */
  readonly tls: boolean;
  /** The deadline of a step, in milliseconds. */
  readonly timeout: number;
  /** The choices that the server made in the whole run. */
  readonly recorded: readonly Recorded[];
  /** When the run began. */
  readonly began: Date;
}

/** Silence that says something, and the pause between two segments, in milliseconds: a loopback is slow on a busy machine. */
const SILENCE = 100;
const GAP = 20;
const PLAIN = paint(false);

/** Writes a script; `player` is the text of `player.py`. */
export function writeScript(result: Result, circumstances: Circumstances, player: string): string {
  const { fixture, failure, wire } = result;
  const { target, timeout, tls } = circumstances;
  const constants = {
    TITLE: stringLiteral(visibleText(`${fixture.name}: ${fixture.title}`)),
    SERVER: stringLiteral(addressText(target)),
    TLS: booleanLiteral(tls),
    DATAGRAMS: booleanLiteral(fixture.datagrams !== undefined),
    TIMEOUT: String(timeout / 1000),
    SILENCE: String(Math.min(SILENCE, timeout / 10) / 1000),
    GAP: String(GAP / 1000),
    NAMES: dictionary(wire?.names ?? [], (name) => bytesLiteral(new TextEncoder().encode(name))),
    CASELESS: optional(fixture.caseless, bytesLiteral),
    AGREED: dictionary(agreements(result, circumstances), stringLiteral),
    SEGMENTS: dictionary(fixture.variation === undefined ? [] : segmentsOf(wire), (sizes) => `[${sizes.join(", ")}]`),
  };
  return `#!/usr/bin/env python3
${head(result, circumstances)}

${Object.entries(constants).map(([name, value]) => `${name} = ${value}`).join("\n")}


async def play(p):
${writeSteps(fixture.steps, failure)}

${writeAside(fixture.aside)}

${writeFarewell(fixture.datagrams)}

${player}`;
}

function head(result: Result, { target, began }: Circumstances): string {
  const { fixture: { name, title, clause } } = result;
  const lines = [
    `${name}: ${title}`,
    `It shows the clause ${clause.slug} (${clause.level}): ${clause.text}`,
    "",
    `Written by chat conform --reproduce, ${began.toISOString().slice(0, 16).replace("T", " ")} UTC, when ${
      addressText(target)
    } failed:`,
    "",
    ...showDetails(result, PLAIN).map((line) => `  ${line}`),
    "",
    "Plays the same again: python3 THIS-FILE [HOST:PORT] [--recorded-names]. It needs Python 3.8 or newer, and nothing",
    "else. It prints what it sends, expects and receives; exit status 0 says that all of it came true, 1 that it did not.",
    "It plays this transcript alone: what a server does only when it has other clients as well does not show.",
  ];
  return lines.map((line) => `# ${visibleText(line)}`.trimEnd()).join("\n");
}

/** Where the failure is that the server decided otherwise than before, how it decided before. */
function agreements({ failure, chosen }: Result, { recorded }: Circumstances): [string, string][] {
  if (failure?.kind !== "inconsistent") return [];
  const names = new Set(chosen.map(({ choice }) => choice));
  return recorded.filter(({ choice }) => names.has(choice)).map(({ choice, value }) => [choice, value]);
}

/** The sizes of the segments that were sent on each connection. */
function segmentsOf(wire: Wire | undefined): Map<string, number[]> {
  const sent = (wire?.events ?? []).filter(({ kind }) => kind === "sent");
  const sizes = Map.groupBy(sent, ({ connection }) => connection);
  return new Map([...sizes].map(([name, events]) => [name, events.map(({ bytes, cut }) => bytes.length + cut)]));
}

function writeAside(pieces: readonly Piece[] | undefined): string {
  return [
    "def aside():",
    '    """What the server may say at any time."""',
    `    return ${optional(pieces, (pieces) => `[${writePieces(pieces)}]`)}`,
  ].join("\n");
}

function writeFarewell(manners: DatagramManners | undefined): string {
  const pieces = writePieces(manners?.farewell ?? [], (name) => `p[name + ${stringLiteral(`.${name}`)}]`);
  return [
    "def farewell(p, name):",
    '    """The last word of a port: closing one tells nobody anything."""',
    `    return [${pieces}]`,
  ].join("\n");
}
