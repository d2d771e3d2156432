import { assertEquals, assertMatch } from "@std/assert";
import { pages, readPage } from "./web_pages.ts";

const OWN = { host: "127.0.0.1", isSecure: false, origins: [] };

function request(path: string, method = "GET", host = "127.0.0.1:8080") {
  return { method, path, headers: new Map([["host", host]]) };
}

Deno.test("the page's own files are there, each of its type, and nothing else", () => {
  const respond = pages("/chat", readPage(), OWN);
  const statuses = ["/", "/page.js", "/page.css", "/icon.svg", "/index.html", "/../server.ts", "/nothing"].map((path) =>
    respond(request(path))?.status
  );
  assertEquals(statuses, [200, 200, 200, 200, 404, 404, 404]);
  assertEquals(respond(request("/page.js"))?.headers?.["Content-Type"], "text/javascript; charset=utf-8");
  assertEquals(respond(request("/chat")), undefined);
});

Deno.test("the page may load and connect to its own server alone, and may not be framed", () => {
  const policy = pages("/chat", readPage(), OWN)(request("/"))?.headers?.["Content-Security-Policy"] ?? "";
  assertMatch(policy, /^default-src 'none'; script-src 'self'; /);
  assertMatch(policy, /connect-src 'self' ws:\/\/127\.0\.0\.1:8080 wss:\/\/127\.0\.0\.1:8080;/);
  assertMatch(policy, /frame-ancestors 'none'/);
});

Deno.test("nothing is written, and nobody is answered under a name that is not the server's", () => {
  const respond = pages("/chat", new Map(), { ...OWN, origins: ["https://chat.example"] });
  assertEquals(respond(request("/", "POST"))?.status, 405);
  assertEquals(respond(request("/chat", "GET", "evil.example"))?.status, 421);
  assertEquals(respond(request("/chat", "GET", "chat.example")), undefined);
  assertEquals(respond(request("/", "GET", "a b"))?.status, 400);
});
