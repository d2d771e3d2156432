/**
 * The real terminal, network and time.
 *
 * @module
 */

import process from "node:process";
import { onStopSignal } from "../cli/signals.ts";
import type { Endpoint } from "../core/link.ts";
import { Clock } from "../transport/clock.ts";
import { connectTcp } from "../transport/tcp.ts";
import { readTrust } from "../transport/tls/tls.ts";
import { openUdpTo } from "../transport/udp/udp_client.ts";
import type { Environment, OpenPort } from "./environment.ts";
import type { Frontend } from "./frontend/frontend.ts";
import { systemJobControl } from "./frontend/job_control.ts";
import { PipedFrontend } from "./frontend/piped.ts";
import { historyPath } from "./state_folder.ts";
import { TerminalFrontend } from "./frontend/terminal.ts";
import { systemTimer } from "./session/waiter.ts";

/** After how long a silence a server is asked whether it is still there, in milliseconds: nobody waits for hours to be told. */
const KEEP_ALIVE = 60_000;

/** Standard input and output, which nobody else may use from then on. */
export function systemEnvironment(): Environment {
  const frontend = systemFrontend();
  return {
    frontend,
    // Scripts keep nothing.
    historyPath: frontend.interactive
      ? historyPath({ os: Deno.build.os, env: (name) => Deno.env.get(name) })
      : undefined,
    timer: systemTimer,
    now: () => new Date(),
    random: () => Math.random(),
    hasColors: !Deno.noColor,
    // Whoever calls this waits for a promise: a file that cannot be read is told that way as well.
    dial: async (server, signal, tls) =>
      await connectTcp(server, { signal, tls: tls && readTrust(tls), keepAlive: KEEP_ALIVE }),
    openPort: openSystemPort,
  };
}

/** A line can be edited where a terminal both takes and shows it, and can move its cursor; anything else is a pipe. */
function systemFrontend(): Frontend {
  const { stdin, stdout, stderr } = process;
  if (!Deno.stdin.isTerminal() || !Deno.stdout.isTerminal() || Deno.env.get("TERM") === "dumb") {
    return new PipedFrontend({ input: Deno.stdin.readable, output: stdout, errors: stderr });
  }
  return new TerminalFrontend({ input: stdin, output: stdout, onSignal: onStopSignal, job: systemJobControl() });
}

async function openSystemPort(server: Endpoint, port: number, signal: AbortSignal): Promise<OpenPort> {
  const opened = await openUdpTo(server, { port, signal });
  const clock = new Clock();
  return { ...opened, deadlines: clock.deadlines, [Symbol.dispose]: () => clock.stop() };
}
