import { assert, assertEquals } from "@std/assert";
import { Chance } from "./chance.ts";
import { CALM_DATAGRAMS, type DatagramConditions } from "./conditions.ts";
import { DatagramNetwork } from "./datagrams.ts";
import { VirtualTime } from "./virtual_time.ts";

/** Sends a thousand numbered datagrams, ten milliseconds apart, and says in which order they arrived. */
function passThrough(seed: number, conditions: DatagramConditions): number[] {
  const time = new VirtualTime(seed);
  const network = new DatagramNetwork(time, new Chance(seed), conditions);
  const near = network.open({ hostname: "192.0.2.1", port: 2000 });
  const far = network.open({ hostname: "192.0.2.2", port: 4000 });
  const arrived: number[] = [];
  far.start({ receive: (bytes) => arrived.push(bytes[0]! * 256 + bytes[1]!), closed: () => {} });
  for (let i = 0; i < 1000; i++) {
    near.send(new Uint8Array([i >> 8, i & 255]), far.local);
    time.advance(10);
  }
  time.advance(1000);
  return arrived;
}

const ROUGH: DatagramConditions = { loss: 0.2, duplication: 0.1, delay: [0, 100] };

Deno.test("a simulated network loses, duplicates and reorders about as much as it is told", () => {
  const arrived = passThrough(7, ROUGH);
  const distinct = new Set(arrived).size;
  assert(distinct > 740 && distinct < 860, `${distinct} of 1000 arrived`);
  const copies = arrived.length - distinct;
  assert(copies > 40 && copies < 130, `${copies} copies`);
  assert(arrived.some((number, i) => number < (arrived[i - 1] ?? 0)), "none overtook another");
});

Deno.test("the same seed does the same, another seed something else", () => {
  assertEquals(passThrough(7, ROUGH), passThrough(7, ROUGH));
  assert(`${passThrough(7, ROUGH)}` !== `${passThrough(8, ROUGH)}`);
});

Deno.test("a calm network keeps everything, in order", () => {
  assertEquals(passThrough(7, CALM_DATAGRAMS), Array.from({ length: 1000 }, (_, i) => i));
});
