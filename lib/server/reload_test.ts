import { assertEquals } from "@std/assert";
import { ChatError } from "../core/error.ts";
import type { LiveOptions } from "./live_options.ts";
import { type ReloadableOptions, Reloader } from "./reload.ts";

/** What a configuration file says, and what that is as options. */
interface Said {
  [name: string]: readonly string[];
}

/** A server that is started with a configuration, and one that is read when it is asked to read again. */
function started(before: Said, options: Partial<ReloadableOptions> = {}) {
  const adopted: Partial<LiveOptions>[] = [];
  const log: string[] = [];
  let next: { said: Said; options: Partial<ReloadableOptions> } | ChatError = { said: before, options };
  const all = (some: Partial<ReloadableOptions>) =>
    ({ allow: [], deny: [], logLevel: "info", ...some }) as unknown as ReloadableOptions;
  const reloader = new Reloader({
    server: {
      adopt: (live) => {
        if (live.deny?.includes("nonsense")) throw new ChatError("bad-network", '"nonsense" is no network');
        adopted.push(live);
      },
      renew: () => Promise.resolve(),
      readNetworks: () => {},
    },
    options: all(options),
    setLog: (level, format) => Promise.resolve(log.push(`the log is ${level}, ${format}`)),
    configuration: {
      file: "chat.yaml",
      said: new Map(Object.entries(before)),
      read: () => {
        if (next instanceof ChatError) return Promise.reject(next);
        return Promise.resolve({ said: new Map(Object.entries(next.said)), options: all(next.options) });
      },
    },
  }, (level, text, about) => log.push(`${level} ${text} ${JSON.stringify(about)}`));
  /** Reads again: what the file says then, with the options that come of it. */
  const again = (said: Said | ChatError, options: Partial<ReloadableOptions> = {}) => {
    next = said instanceof ChatError ? said : { said, options };
    adopted.length = log.length = 0;
    return reloader.all();
  };
  return { again, adopted, log };
}

Deno.test("what can change holds at once, and what cannot is named in one line, each time", async () => {
  const { again, adopted, log } = started({ rate: ["--rate=5"], relay: ["--relay=4100"] }, { rate: 5 });
  const now = { rate: ["--rate=6"], relay: ["--relay=4200"], room: ["--room=off"], deny: ["--deny=192.0.2.1"] };
  const options = { rate: 6, deny: ["192.0.2.1"] };
  assertEquals(await again(now, options), { changed: ["deny", "rate"], kept: ["relay", "room"], faults: [] });
  assertEquals(adopted, [{ deny: ["192.0.2.1"], rate: 6 }]);
  assertEquals(log, [
    'info the configuration was read again {"file":"chat.yaml","changed":"deny, rate"}',
    'warning options that were changed hold when the server is started again {"options":"relay, room"}',
  ]);
  assertEquals(await again(now, options), { changed: [], kept: ["relay", "room"], faults: [] });
  // What it says no more is as if it had never been said.
  assertEquals((await again({ relay: ["--relay=4100"] }, { rate: 10_000 })).changed, ["deny", "rate"]);
  assertEquals(adopted, [{ deny: [], rate: 10_000 }]);
});

Deno.test("a configuration that cannot be used changes nothing, and says why", async () => {
  const { again, adopted, log } = started({});
  const broken = new ChatError("usage", '"chat.yaml":3: "rat" is no option: did you mean rate?');
  assertEquals(await again(broken), { changed: [], kept: [], faults: [broken.message] });
  assertEquals(log, [
    `error nothing has changed: the configuration cannot be used ${
      JSON.stringify({ file: "chat.yaml", why: broken.message })
    }`,
  ]);
  const bad = { deny: ["--deny=nonsense"], rate: ["--rate=6"], relay: ["--relay=1"] };
  const { faults, ...rest } = await again(bad, { deny: ["nonsense"], rate: 6 });
  assertEquals([faults, rest, adopted], [['"nonsense" is no network'], { changed: [], kept: [] }, []]);
  // It is still to be changed.
  assertEquals((await again({ rate: ["--rate=6"] }, { rate: 6 })).changed, ["rate"]);
});

Deno.test("the largest message stays with the longest queue, which takes another start", async () => {
  const { again, adopted } = started({});
  const both = { "max-message": ["--max-message=2000000"], "max-queue": ["--max-queue=4000000"] };
  assertEquals((await again(both, { maxMessage: 2_000_000 })).kept, ["max-message", "max-queue"]);
  assertEquals(adopted, [{}]);
  assertEquals((await again({ "max-message": ["--max-message=9"] }, { maxMessage: 9 })).changed, ["max-message"]);
  assertEquals(adopted, [{ maxMessage: 9 }]);
});

Deno.test("the log's level changes; a certificate that was not there before does not come", async () => {
  const { again, log } = started({});
  const tls = { certFile: "c.pem", keyFile: "k.pem" };
  const report = await again(
    { "log-level": ["--log-level=debug"], "tls-cert": ["--tls-cert=c.pem"], "tls-key": ["--tls-key=k.pem"] },
    { logLevel: "debug", logFormat: "json", tls },
  );
  assertEquals(report, { changed: ["log-level"], kept: ["tls-cert", "tls-key"], faults: [] });
  assertEquals(log[0], "the log is debug, json");
});

Deno.test("files of the certificate that cannot be used are a fault, and the rest is read", async () => {
  const { again, log } = started({}, { tls: { certFile: "/nowhere/c.pem", keyFile: "/nowhere/k.pem" } });
  const { changed, faults } = await again({ rate: ["--rate=6"] }, {
    rate: 6,
    tls: { certFile: "/nowhere/c.pem", keyFile: "k" },
  });
  assertEquals([changed, faults.length], [["rate"], 1]);
  assertEquals(log.at(-1)!.startsWith("error the certificate was not renewed"), true);
});
