/**
 * The real world behind its ports: Deno's clock, timers and sockets.
 *
 * @module
 */

import type { Surroundings } from "../core/runtime.ts";
import { REAL_TIME } from "./real_time.ts";
import { connectTcp, listenTcp } from "./tcp.ts";
import { openUdp } from "./udp/udp.ts";

/** What a program runs in. What has to do with TLS, its network takes besides: see {@linkcode connectTcp} and {@linkcode listenTcp}. */
export const REAL_WORLD: Surroundings = {
  runtime: REAL_TIME,
  network: { connect: connectTcp, listen: listenTcp, openPort: openUdp },
};
