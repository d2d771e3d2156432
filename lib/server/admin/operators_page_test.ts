import { assert, assertEquals, assertMatch } from "@std/assert";
import { pageRoutes } from "./operators_page.ts";
import { visible } from "./page/elements.js";
import { events } from "./page/feed.js";
import { Figures } from "./page/figures.js";

/** What is sent of each file, by its path. */
async function sent(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const { path, reply } of pageRoutes()) {
    const answer = await reply({ head: undefined as never, body: new Uint8Array() }, { peer: "anybody" });
    if (!("body" in answer)) throw new TypeError(`${path} is no file`);
    assertMatch(answer.fields!["Content-Security-Policy"]!, /^default-src 'none'; script-src 'self';/);
    files.set(path, String(answer.body));
  }
  return files;
}

Deno.test("the page is under 30 KB, and has no script of its own, no style, and nothing from elsewhere", async () => {
  const files = await sent();
  const bytes = [...files.values()].reduce((sum, text) => sum + new TextEncoder().encode(text).length, 0);
  assert(bytes < 30_000, `${bytes}`);
  const html = files.get("/")!;
  assertEquals(html.match(/<script(?![^>]* src="page\.js")|<style| style=| on[a-z]+=/g), null);
  const elsewhere = [...files].filter(([, text]) => /https?:(?!\/\/www\.w3\.org\/2000\/svg")|url\(|@import/.test(text));
  assertEquals(elsewhere.map(([path]) => path), []);
  const markup = [...files].filter(([, text]) =>
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/.test(text)
  );
  assertEquals(markup.map(([path]) => path), []);
  // Each file that one of them names is there.
  const named = [...files.values()].flatMap((text) =>
    [...text.matchAll(/"(?:\.\/)?([a-z]+\.(?:js|css))"/g)].map((m) => m[1]!)
  );
  assertEquals(named.filter((name) => !files.has(`/${name}`)), []);
});

Deno.test("what cannot be seen in a text, or turns others around, is spelled", () => {
  assertEquals(visible("a\x1b[31m\n\u202e\u{e0001}\u00a0 é 木"), "a\\x1b[31m\\x0a\\u202e\\u{e0001}\\xa0 é 木");
});

Deno.test("events are read whole, wherever they are cut", async () => {
  const text = 'event: status\ndata: {"a":"é"}\n\nevent: status\ndata: {"b":2}\n\nevent: st';
  const bytes = new TextEncoder().encode(text);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const read: string[] = [];
    const stream = ReadableStream.from([bytes.slice(0, cut), bytes.slice(cut)]);
    for await (const data of events(stream)) read.push(data);
    assertEquals(read, ['{"a":"é"}', '{"b":2}'], `cut at ${cut}`);
  }
});

/** What a server tells, so many seconds after a minute. */
function report(second: number, accepted: number, counts: number[], startedAt = "2026-01-01T00:00:00Z") {
  return {
    at: new Date(Date.UTC(2026, 0, 1, 0, 1, second)).toISOString(),
    startedAt,
    present: 1,
    queuedBytes: 0,
    memory: { rss: 1 },
    eventLoopDelay: { buckets: { bounds: [0.1], counts: [0, 0] } },
    dialects: {
      relay: {
        accepted,
        connections: 2,
        outcomes: { delivered: accepted - 1, gone: 1 },
        acknowledged: { buckets: { bounds: [1, 2], counts } },
      },
      room: { accepted: 0, connections: 0, outcomes: { delivered: 0 }, acknowledged: { count: 0 } },
    },
  };
}

Deno.test("rates are those of the time between two reports, and a server that was started again counts from nothing", () => {
  const figures = new Figures();
  const last = () => figures.add(report(0, 1, [0, 0, 0])).at(-1)!;
  assertEquals([last().acceptedRate, last().p50], [0, undefined]);
  const { acceptedRate, deliveredRate, refusedRate, p50, p99, connections } = figures.add(report(2, 21, [0, 20, 0])).at(
    -1,
  )!;
  assertEquals([acceptedRate, deliveredRate, refusedRate, connections], [10, 10, 0, 2]);
  assertEquals([p50, Math.round(p99! * 100)], [1.5, 199]);
  const samples = figures.add(report(3, 5, [5, 0, 0], "2026-01-01T00:01:02Z"));
  assertEquals([samples.length, samples[0]!.acceptedRate], [1, 0]);
});
