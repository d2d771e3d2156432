/**
 * What runs in a thread of the self-test: see {@linkcode startThread}. Its first message is a {@linkcode ThreadStart}, the
 * others are numbers of servers, of which each is answered before the next is sent.
 *
 * @module
 */

/// <reference lib="deno.worker" />

import { tryHere } from "./examine.ts";
import { loadSubjects } from "./subjects.ts";
import type { ThreadStart } from "./threads.ts";

const { promise: started, resolve: start } = Promise.withResolvers<ThreadStart>();
const tryServer = started.then(async ({ selection, seed }) => tryHere(await loadSubjects(selection), seed));

self.onmessage = async ({ data }: MessageEvent<ThreadStart | number>) => {
  if (typeof data !== "number") return start(data);
  self.postMessage(await (await tryServer)(data));
};
