import { assertEquals } from "@std/assert";
import { parseHead } from "./request_head.ts";

/** What is said of a head: its method and path, or the status with which it is refused. */
function read(...lines: string[]): string {
  const head = parseHead(lines.join("\r\n"));
  return "why" in head ? String(head.status) : `${head.method} ${head.path} ${head.bodyLength}`;
}

Deno.test("a head is read, its fields by their names in any case", () => {
  const head = parseHead("POST /kick?why=noise&x HTTP/1.1\r\nHOST: a\r\nX-Two: 1\r\nx-two:  2 \r\nContent-Length: 7");
  if ("why" in head) throw new TypeError(head.why);
  assertEquals([head.method, head.path, head.query.get("why"), head.bodyLength], ["POST", "/kick", "noise", 7]);
  assertEquals([head.fields.get("host"), head.fields.get("x-two")], ["a", "1, 2"]);
  assertEquals(read("GET /?a?b HTTP/1.0"), "GET / 0");
});

Deno.test("what is no request, or of no known length, is refused", () => {
  const get = "GET / HTTP/1.1";
  const refused: readonly string[][] = [
    [""],
    ["GET /"],
    ["GET / HTTP/2.0"],
    ["get / HTTP/1.1"],
    ["GET  / HTTP/1.1"],
    ["GET http://localhost/ HTTP/1.1"],
    ["GET /\u00e4 HTTP/1.1"],
    [get, "Host : a"],
    [get, " Host: a"],
    [get, "Host: a", " b"],
    [get, "Content-Length: 1", "Content-Length: 1"],
    [get, "Content-Length: 1, 1"],
    [get, "Content-Length: -1"],
    [get, "Content-Length: 0x10"],
    [get, "Content-Length:"],
    [get, "no field"],
  ];
  for (const lines of refused) assertEquals(read(...lines), "400", JSON.stringify(lines));
  assertEquals(read("POST / HTTP/1.1", "Transfer-Encoding: chunked"), "411");
});
