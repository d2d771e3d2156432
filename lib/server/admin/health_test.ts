import { assertEquals } from "@std/assert";
import { notReadyBecause } from "./health.ts";

const DOOR = {} as Parameters<typeof notReadyBecause>[0]["listeners"][number];

function node(isServing: boolean): NonNullable<Parameters<typeof notReadyBecause>[0]["node"]> {
  return { status: { isServing } } as NonNullable<Parameters<typeof notReadyBecause>[0]["node"]>;
}

Deno.test("a server is ready that takes connections somewhere, and whose cluster can be reached", () => {
  const well = { state: "serving", listeners: [DOOR], node: undefined } as const;
  assertEquals(notReadyBecause(well), []);
  assertEquals(notReadyBecause({ ...well, node: node(true) }), []);
  assertEquals(notReadyBecause({ ...well, node: node(false) }), [
    "the cluster cannot be reached: no names are given",
  ]);
  assertEquals(notReadyBecause({ ...well, listeners: [] }), ["it listens nowhere"]);
  assertEquals(notReadyBecause({ ...well, state: "draining" }), ["the server is draining"]);
});
