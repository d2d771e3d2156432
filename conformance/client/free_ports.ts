/**
 * Ports for clients under test to listen on.
 *
 * @module
 */

import type { DatagramHandler, DatagramPort } from "../../lib/core/datagrams.ts";
import { ChatError } from "../../lib/core/error.ts";
import type { Endpoint } from "../../lib/core/link.ts";
import type { Network, Runtime } from "../../lib/core/runtime.ts";

/** Ports below those that systems give to whoever asks for any that is free; so many are kept that were tried. */
const PORTS = { begin: 20_000, end: 30_000, kept: 32 };

/** Gives each port for datagrams once. */
export class FreePorts {
  readonly #network: Network;
  readonly #free: number[] = [];
  #next: number;

  /** `chance` chooses where to begin. */
  constructor(network: Network, chance: Pick<Runtime, "random">) {
    this.#network = network;
    this.#next = PORTS.begin + Math.floor(chance.random() * (PORTS.end - PORTS.begin));
  }

  /**
   * A port for datagrams that is free until the client takes it: no system gives it to whoever asks for any that is free. It was tried a
   * while ago: a program that is being started holds for a moment what was open here.
   */
  async next(hostname: string): Promise<number> {
    while (this.#free.length <= PORTS.kept) {
      const port = this.#next++;
      if (this.#next === PORTS.end) this.#next = PORTS.begin;
      if (await isFree(this.#network, { hostname, port })) this.#free.push(port);
    }
    return this.#free.shift()!;
  }
}

/** Opens a port for datagrams and closes it again; says whether that could be done. */
async function isFree(network: Network, endpoint: Endpoint): Promise<boolean> {
  let port: DatagramPort;
  try {
    port = network.openPort(endpoint);
  } catch (error) {
    if (error instanceof ChatError && error.code === "port-in-use") return false;
    throw error;
  }
  const closed = Promise.withResolvers<void>();
  const handler: DatagramHandler = { receive: () => {}, closed: () => closed.resolve() };
  port.start(handler);
  port.close("done");
  await closed.promise;
  return true;
}
