/**
 * `chat conform --record`: a transcript of what goes over the wire between clients and a server.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import type { Endpoint } from "../../lib/core/link.ts";
import { findDialect } from "../../lib/dialects/registry.ts";
import { REAL_WORLD } from "../../lib/transport/real_world.ts";
import { readTrust, type TrustFiles } from "../../lib/transport/tls/tls.ts";
import type { ConformIo } from "../io.ts";
import { unlessAborted } from "../play/sleep.ts";
import { STATUS } from "../results/exit_status.ts";
import type { Target } from "../results/verdict.ts";
import { resolveTargets } from "../run/targets.ts";
import { portOf, type TargetSpec } from "../target_spec.ts";
import { REAL_SURROUNDINGS } from "../run/surroundings.ts";
import { loadRecordedDialect, recordSession } from "./record_session.ts";

/** The options of a recording. */
export interface RecordOptions {
  /** Where clients connect. */
  readonly listen: Endpoint;
  /** The server. */
  readonly target: TargetSpec;
  /** How long a step may take when it is played back, in milliseconds. */
  readonly timeout: number;
  /** The authorities that are trusted, if the server speaks TLS. */
  readonly tls?: TrustFiles | undefined;
}

/**
 * Records a session and writes it to standard output as a transcript; all else goes to standard error.
 *
 * @returns the exit status: 0 it passes when it is played back, 1 it does not, 2 wrong usage, 3 the server is not there, 4 nobody came.
 */
export async function recordTranscript(options: RecordOptions, io: ConformIo): Promise<number> {
  const onNote = (text: string) => io.err(`chat conform: ${text}\n`);
  const { listen, timeout } = options;
  const { interrupted } = io;
  try {
    const tls = options.tls && readTrust(options.tls);
    const finding = reach(options.target, { timeout, tls, onNote });
    const target = await (interrupted === undefined ? finding : unlessAborted(finding, interrupted));
    const played = await recordSession(target, await loadRecordedDialect(target.dialect), {
      ...{ listen, timeout, tls, interrupted, onNote, surroundings: REAL_SURROUNDINGS },
      network: REAL_WORLD.network,
    });
    if (played === undefined) {
      onNote("nothing was recorded: no client has connected");
      return STATUS.nothing;
    }
    io.out(played.text);
    return played.failure === undefined ? STATUS.conforms : STATUS.fails;
  } catch (error) {
    if (interrupted?.aborted && !(error instanceof ChatError)) return Number(interrupted.reason);
    if (!(error instanceof ChatError)) throw error;
    onNote(error.message);
    return error.code === "unreachable" ? STATUS.unreachable : STATUS.misused;
  }
}

interface ReachOptions {
  readonly timeout: number;
  readonly tls: ReturnType<typeof readTrust> | undefined;
  readonly onNote: (text: string) => void;
}

/** The server, and what it speaks; makes sure that it is there. */
async function reach(spec: TargetSpec, { timeout, tls, onNote }: ReachOptions): Promise<Target> {
  const dialect = findDialect(spec.dialect ?? "");
  if (dialect?.transport === "tcp") {
    const { hostname } = spec;
    const target = { dialect: dialect.name, hostname, port: portOf(spec) };
    const link = await REAL_SURROUNDINGS.connect(target, { connectTimeout: timeout, tls });
    link.start({ receive: () => {}, ended: () => {}, closed: () => {} });
    link.end("done");
    return target;
  }
  const { target } = await resolveTargets(spec, { timeout, tls, onNote, startTimeout: timeout, onServer: () => {} });
  if (target.detected !== undefined) onNote(`${target.dialect}, ${target.detected}`);
  return target;
}
