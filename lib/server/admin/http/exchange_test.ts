import { assertEquals, assertMatch } from "@std/assert";
import type { Link } from "../../../core/link.ts";
import { World } from "../../../simulation/world.ts";
import { AdminServer } from "../admin_server.ts";
import { heard } from "../testing/admin_world.ts";
import { Exchange, type Responder } from "./exchange.ts";
import { json } from "./reply.ts";

const SERVER = { hostname: "192.0.2.9", port: 9100 };

/** Opens a server that answers as it is told, and asks it. */
async function ask(reply: Responder["reply"], request: string): Promise<string> {
  const world = new World({ seed: 7 });
  const errors: unknown[] = [];
  const responder: Responder = { refuse: () => undefined, reply, failed: (error) => errors.push(error) };
  return await world.run(async () => {
    const surroundings = { runtime: world.runtime, network: world.net.host(SERVER.hostname) };
    const server = await AdminServer.open({ endpoint: SERVER }, surroundings, responder, () => {});
    const link = await world.network.connect(SERVER, { lingerTimeout: 100 });
    const answer = heard(link);
    link.write(new TextEncoder().encode(request));
    const { head, text } = await answer;
    await server.close();
    return [head.split("\r\n")[0], text, ...errors.map(String)].join("|");
  });
}

Deno.test("an answer that is longer than what may wait comes whole", async () => {
  const body = "0123456789".repeat(300_000);
  const whole = await ask(() => ({ status: 200, contentType: "text/plain", body }), "GET / HTTP/1.1\r\n\r\n");
  assertEquals(whole === `HTTP/1.1 200 OK|${body}`, true);
});

Deno.test("an answer without an end begins at once, so that who asks next in the same turn is counted behind it", async () => {
  let readers = 0;
  const stream: Responder["reply"] = () =>
    readers > 0
      ? json(503, "full")
      : { contentType: "text/event-stream", begin: () => (readers++, () => void readers--) };
  const responder: Responder = { refuse: () => undefined, reply: stream, failed: () => {} };
  const written: string[] = [];
  const link: Link = {
    remote: SERVER,
    start() {},
    write: (bytes) => written.push(new TextDecoder().decode(bytes).slice(0, 12)),
    flushed() {},
    pause() {},
    resume() {},
    end() {},
    abort() {},
  };
  const world = new World({ seed: 7 });
  await world.run(() => {
    const exchanges = [1, 2].map(() => new Exchange(link, responder, world.runtime, () => {}));
    for (const exchange of exchanges) exchange.receive(new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n"));
    assertEquals(written.slice(0, 2), ["HTTP/1.1 200", "HTTP/1.1 503"]);
    for (const exchange of exchanges) exchange.closed("left");
    assertEquals(readers, 0);
    return Promise.resolve();
  });
});

Deno.test("a body comes as it was sent, and what is behind it is nobody's", async () => {
  const head = "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";
  const echo: Responder["reply"] = (_head, body) => json(200, new TextDecoder().decode(body));
  assertEquals(await ask(echo, `${head}helloGET / HTTP/1.1\r\n\r\n`), 'HTTP/1.1 200 OK|"hello"\n');
});

Deno.test("an error of our own is answered with 500, told, and ends nothing else", async () => {
  const fault = () => {
    throw new RangeError("a mistake");
  };
  const answer = await ask(fault, "GET / HTTP/1.1\r\n\r\n");
  assertMatch(answer, /^HTTP\/1.1 500 Internal Server Error\|.*"code":"fault".*\n\|RangeError: a mistake$/);
});
