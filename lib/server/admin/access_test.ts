import { assertEquals } from "@std/assert";
import { RecordedLink } from "../../dialects/testing/recorded_link.ts";
import { operatorOf } from "./access.ts";
import type { AdminPlace } from "./admin_place.ts";
import { parseHead } from "./http/request_head.ts";

const PORT: AdminPlace = { endpoint: { hostname: "127.0.0.1", port: 9100 } };
const TOKENS = { areSome: true, nameOf: (given: string) => given === "good" ? "ops" : undefined };

/** Who asks, or the status of what is answered to them. */
function ask(place: AdminPlace, ...fields: string[]): string | number {
  const head = parseHead(["POST /kick HTTP/1.1", ...fields].join("\r\n"));
  if ("why" in head) throw new TypeError(head.why);
  const found = operatorOf(head, new RecordedLink(), { place, tokens: TOKENS });
  return "status" in found ? found.status : found.token ?? found.peer;
}

Deno.test("a script at a socket needs nothing, and a page of somebody else gets nowhere by a tunnel to it", () => {
  const socket = { path: "/run/chat/admin.sock" };
  const cases: readonly [answer: string | number, ...fields: string[]][] = [
    ["unix"],
    ["unix", "Host: localhost", "Content-Type: application/x-www-form-urlencoded"],
    ["unix", "Host: unix"],
    ["unix", "Host: 127.0.0.1:9100", "Origin: http://127.0.0.1:9100"],
    [403, "Host: 127.0.0.1:9100", "Origin: http://evil.example"],
    [403, "Host: 127.0.0.1:9100", "Origin: http://127.0.0.1:8080"],
    [403, "Host: localhost", "Origin: null"],
    [421, "Host: evil.example:9100"],
    [421, "Host: evil.example:9100", "Origin: http://evil.example:9100"],
  ];
  for (const [answer, ...fields] of cases) assertEquals(ask(socket, ...fields), answer, fields.join(" | "));
});

Deno.test("at a port it takes the token, the right Host, and JSON", () => {
  const good = ["Host: 127.0.0.1:9100", "Authorization: Bearer good", "Content-Type: application/json"];
  assertEquals(ask(PORT, ...good), "ops");
  assertEquals(ask(PORT, ...good, "Origin: http://127.0.0.1:9100"), "ops");
  assertEquals(ask(PORT, ...good, "Origin: http://evil.example"), 403);
  assertEquals(ask(PORT, ...good.with(0, "Host: evil.example")), 421);
  assertEquals(ask(PORT, ...good.with(1, "Authorization: Bearer bad")), 401);
  assertEquals(ask(PORT, ...good.with(2, "Content-Type: text/plain")), 415);
});
