import { datagramContract } from "../transport/testing/datagram_contract.ts";
import { linkContract } from "../transport/testing/link_contract.ts";
import type { LinkOptions } from "../transport/stream_link.ts";
import type { HalfClosingLink, Link } from "../core/link.ts";
import { CALM_WIRE, ROUGH_WIRE, type WireConditions } from "./conditions.ts";
import { linkPair, type LinkPairOptions } from "./connection.ts";
import { World } from "./world.ts";

const SERVER = { hostname: "192.0.2.9", port: 4000 };

/** A pair by way of a network, in virtual time that passes by itself. */
async function connect(conditions: WireConditions, options: LinkOptions = {}) {
  const world = new World({ seed: 1 });
  const stop = world.runtime.drive();
  world.net.conditions = conditions;
  const accepted = Promise.withResolvers<Link>();
  const listener = world.net.host(SERVER.hostname).listen(SERVER, options, accepted.resolve);
  const near: HalfClosingLink = await world.network.connect(SERVER, options);
  const far = await accepted.promise;
  const dispose = () => {
    listener.close();
    stop();
  };
  return { near, far, dispose };
}

linkContract("a simulated link", (options) => connect(CALM_WIRE, options));
linkContract("a simulated link in a rough network", (options) => connect(ROUGH_WIRE, options));
linkContract("a simulated link that holds little", (options) => connect({ ...CALM_WIRE, capacity: 1000 }, options));

function pairContract(name: string, pairOptions: LinkPairOptions): void {
  linkContract(name, (options) => {
    const [near, far] = linkPair({ ...pairOptions, ...options });
    return Promise.resolve({ near, far, dispose: () => {} });
  });
}

pairContract("a link of a pair in real time", {});
pairContract("a link of a pair whose pieces are cut in two", {
  segment: (bytes) => [bytes.subarray(0, bytes.length / 2), bytes.subarray(bytes.length / 2)],
});

datagramContract("a simulated port", () => {
  const world = new World({ seed: 1 });
  return {
    open: () => world.network.openPort({ hostname: "192.0.2.1", port: 0 }),
    until: (holds) => {
      for (let i = 0; i < 100 && !holds(); i++) world.runtime.advance(10);
      return holds() ? Promise.resolve() : Promise.reject(new Error("it did not come to that"));
    },
  };
});
