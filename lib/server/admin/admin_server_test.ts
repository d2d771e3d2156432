import { assert, assertEquals, assertMatch } from "@std/assert";
import { AdminWorld, heard, TOKEN } from "./testing/admin_world.ts";

const HOST = "Host: 192.0.2.9:9100";
const BEARER = `Authorization: Bearer ${TOKEN}`;

/** A request of these lines. */
function request(...lines: string[]): string {
  return `${lines.join("\r\n")}\r\n\r\n`;
}

Deno.test("health and metrics are anybody's; all else needs the right Host, the token, and JSON", async () => {
  await AdminWorld.run(async (there) => {
    const cases: readonly [status: number, ...lines: string[]][] = [
      [200, "GET /healthz HTTP/1.0"],
      [200, "GET /readyz HTTP/1.1", "Host: evil.example"],
      [200, "HEAD /metrics HTTP/1.1"],
      [405, "POST /healthz HTTP/1.1"],
      [401, "GET /elsewhere HTTP/1.1", HOST],
      [401, "GET /elsewhere HTTP/1.1", HOST, "Authorization: Bearer wrong"],
      [401, "GET /elsewhere HTTP/1.1", HOST, `Authorization: Basic ${TOKEN}`],
      [421, "GET /elsewhere HTTP/1.1", BEARER],
      [421, "GET /elsewhere HTTP/1.1", BEARER, "Host: evil.example"],
      [421, "GET /elsewhere HTTP/1.1", BEARER, "Host: evil.example:9100"],
      // Two of a field are none.
      [401, "GET /elsewhere HTTP/1.1", HOST, "Authorization: Bearer wrong", BEARER],
      [421, "GET /elsewhere HTTP/1.1", BEARER, HOST, "Host: evil.example"],
      [400, "POST /elsewhere HTTP/1.1", BEARER, HOST, "Content-Length: 0", "Content-Length: 5"],
      [404, "GET /elsewhere HTTP/1.1", BEARER, HOST],
      [404, "GET /elsewhere HTTP/1.1", BEARER, "Host: localhost:9100"],
      [415, "POST /elsewhere HTTP/1.1", BEARER, HOST, "Content-Type: text/plain"],
      [404, "POST /elsewhere HTTP/1.1", BEARER, HOST, "Content-Type: application/json; charset=utf-8"],
    ];
    for (const [status, ...lines] of cases) {
      assertEquals((await there.send(request(...lines))).status, status, lines.join(" | "));
    }
    const wrongMethod = await there.send(request("DELETE /readyz HTTP/1.1"));
    assertMatch(wrongMethod.head, /\r\nAllow: GET, HEAD/);
    assertMatch(wrongMethod.text, /^\{"error":\{"code":"wrong-method","message":"[^"]+"\}\}\n$/);
    assertEquals((await there.send(request("HEAD /healthz HTTP/1.1"))).text, "");
  });
});

Deno.test("a request may come in any pieces", async () => {
  await AdminWorld.run(async (there) => {
    const whole = request("GET /healthz HTTP/1.1", "X: y");
    const answer = '{"alive":true}\n';
    assertEquals((await there.send(...whole)).text, answer);
    for (let cut = 1; cut < whole.length; cut++) {
      assertEquals((await there.send(whole.slice(0, cut), whole.slice(cut))).text, answer, `cut at ${cut}`);
    }
  });
});

Deno.test("what is too long, too slow or no HTTP is told so, and closed", async () => {
  await AdminWorld.run(async (there) => {
    const post = ["POST /healthz HTTP/1.1", "Content-Type: application/json", HOST];
    const cases: readonly [status: number, ...pieces: string[]][] = [
      [400, "REGISTER TOSEND alice\n\n\r\n\r\n"],
      [431, `GET / HTTP/1.1\r\nX: ${"x".repeat(20_000)}`],
      [431, ...new Array<string>(20).fill("x".repeat(1_000))],
      [408, "GET /healthz HTTP/1.1\r\n"],
      [408, "GET /healthz HTTP/1.1\r\nContent-Length: 5\r\n\r\nabc"],
      [413, request(...post.with(0, "GET /healthz HTTP/1.1"), "Content-Length: 65537")],
      [411, request(...post, "Transfer-Encoding: chunked")],
    ];
    for (const [status, ...pieces] of cases) {
      assertEquals((await there.send(...pieces)).status, status, pieces.join("").slice(0, 60));
    }
  });
});

Deno.test("connections on which nothing is asked keep nobody out, and go after a while", async () => {
  await AdminWorld.run(async (there) => {
    const idle = await Promise.all(Array.from({ length: 200 }, async () => heard(await there.knock())));
    assertEquals((await there.send(request("GET /healthz HTTP/1.1"))).status, 200);
    const statuses = (await Promise.all(idle)).map(({ status }) => status);
    const told = statuses.filter((status) => status === 408).length;
    assert(told > 0 && told <= 64, `${told} were told that they were too slow`);
    assertEquals(statuses.filter((status) => status !== 408 && status !== 0), []);
  });
});

Deno.test("connections that have had their answers, and are not closed by who asked, keep nobody out", async () => {
  await AdminWorld.run(async (there) => {
    for (let i = 0; i < 64; i++) {
      const link = await there.knock();
      link.start({ receive() {}, ended() {}, closed() {} });
      link.write(new TextEncoder().encode(request("GET /healthz HTTP/1.1")));
    }
    await there.pass(100);
    assertEquals((await there.send(request("GET /healthz HTTP/1.1"))).status, 200);
  });
});

Deno.test("a server that drains is alive and not ready, and says why", async () => {
  await AdminWorld.run(async (there) => {
    assertEquals((await there.send(request("GET /readyz HTTP/1.1"))).text, '{"ready":true}\n');
    await there.server.drain();
    const { status, text } = await there.send(request("GET /readyz HTTP/1.1"));
    assertEquals([status, text], [503, '{"ready":false,"why":["the server is drained"]}\n']);
    assertEquals((await there.send(request("GET /healthz HTTP/1.1"))).status, 200);
  });
});
