/**
 * The command `chat connect --ping`.
 *
 * @module
 */

import { ChatError } from "../core/error.ts";
import { REAL_TIME } from "../transport/real_time.ts";
import { connectTcp } from "../transport/tcp.ts";
import { readTrust } from "../transport/tls/tls.ts";
import { openUdpTo } from "../transport/udp/udp_client.ts";
import { type ExitStatus, LEFT, MISUSED, UNREACHABLE } from "./exit_status.ts";
import { type PingOptions, pingServer } from "./ping.ts";

/** Whom to ask, and how the answer is told. */
export interface PingCommandOptions extends PingOptions {
  /** Whether what came of it is a line of JSON. */
  readonly json: boolean;
}

/** Where it is told; what cannot be written throws. */
export interface PingIo {
  /** Standard output. */
  out(text: string): void;
  /** Standard error. */
  err(text: string): void;
}

/** Asks a server whether it is there, says so in one line, and returns the exit status: 0, or 3 for a server that is not. */
export async function ping({ json, ...options }: PingCommandOptions, io: PingIo): Promise<ExitStatus> {
  const tell = (about: Readonly<Record<string, unknown>>) =>
    io.out(`${JSON.stringify({ time: new Date(REAL_TIME.wallClock()).toISOString(), ...about })}\n`);
  try {
    const { server, dialect, took } = await pingServer(options, {
      runtime: REAL_TIME,
      dial: async (server, signal, tls) => await connectTcp(server, { signal, tls: tls && readTrust(tls) }),
      openPort: (server, signal) => openUdpTo(server, { signal }),
    });
    const milliseconds = Math.round(took * 10) / 10;
    if (json) tell({ event: "pong", server, dialect, milliseconds });
    else io.out(`${server} speaks ${dialect}: answered in ${milliseconds} ms\n`);
    return LEFT;
  } catch (error) {
    if (!(error instanceof ChatError) || error.code === "unwritable") throw error;
    if (json) tell({ event: "problem", text: error.message });
    else io.err(`chat: ${error.message}\n`);
    return error.code === "unreachable" || error.code === "shortage" ? UNREACHABLE : MISUSED;
  }
}
