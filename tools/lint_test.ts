import { assertEquals } from "@std/assert";
import plugin from "./lint.ts";

function messages(path: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, path, source).map((diagnostic) => diagnostic.message);
}

Deno.test("a dialect that sets a timer, reads a clock or opens a file is reported", () => {
  assertEquals(
    messages("lib/dialects/relay/planted.ts", "setTimeout(f, 1);\nconst now = Date.now();\nDeno.readFileSync('x');"),
    [
      "setTimeout: dialects may not touch clocks",
      "Date.now: dialects may not touch clocks",
      "Date: dialects may not touch runtime",
      "Deno: dialects may not touch runtime",
    ],
  );
});

Deno.test("a dialect that so much as names a type of the runtime is reported", () => {
  assertEquals(messages("lib/dialects/relay/planted.ts", "export type Socket = Deno.Conn;"), [
    "Deno: dialects may not touch runtime",
  ]);
});

Deno.test("the server may use the runtime, but a socket is reported", () => {
  assertEquals(messages("lib/server/planted.ts", "Deno.exit(0);\nDeno.listen({ port: 0 });"), [
    "Deno.listen: server may not touch sockets",
  ]);
});

Deno.test("the transport may open sockets", () => {
  assertEquals(messages("lib/transport/planted.ts", "Deno.listen({ port: 0 });"), []);
});

Deno.test("members that merely share a name with a global are not reported", () => {
  const source =
    "const a = { process: 1, Date: 2 };\na.process;\ninterface B { fetch(): void; performance: number; at: Date }";
  assertEquals(messages("lib/dialects/relay/planted.ts", source), []);
});

Deno.test("a destructured member and a shorthand property are still reported", () => {
  assertEquals(messages("lib/hub/planted.ts", "const { connect } = Deno;\nconst a = { fetch };"), [
    "Deno: hub may not touch runtime",
    "fetch: hub may not touch sockets",
  ]);
});

Deno.test("tests may touch anything", () => {
  assertEquals(messages("lib/hub/planted_test.ts", "Deno.listen({ port: 0 });"), []);
});

Deno.test("a clock, a timer and a random number are reported wherever they are no exception", () => {
  const source = "performance.now();\nMath.random();\nMath.floor(1);\nsetTimeout(f, 1);\nnew Date(0);";
  assertEquals(messages("conformance/play/planted.ts", source), [
    "performance: conformance may not touch clocks",
    "Math.random: conformance may not touch clocks",
    "setTimeout: conformance may not touch clocks",
  ]);
  assertEquals(messages("lib/transport/planted.ts", source), []);
  assertEquals(messages("bench/planted.ts", source), []);
});
