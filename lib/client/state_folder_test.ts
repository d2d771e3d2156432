import { assertEquals } from "@std/assert";
import { historyPath } from "./state_folder.ts";

const path = (os: string, variables: Record<string, string>) => historyPath({ os, env: (name) => variables[name] });

Deno.test("each system has its own place for it, and a user without a home has none", () => {
  const HOME = "/home/alice";
  assertEquals(path("linux", { HOME }), "/home/alice/.local/state/chat/history");
  assertEquals(path("linux", { HOME, XDG_STATE_HOME: "/state" }), "/state/chat/history");
  assertEquals(path("linux", { HOME, XDG_STATE_HOME: "relative" }), "/home/alice/.local/state/chat/history");
  assertEquals(path("darwin", { HOME }), "/home/alice/Library/Application Support/chat/history");
  assertEquals(path("windows", { LOCALAPPDATA: "C:\\Local" }), "C:\\Local\\chat\\history");
  assertEquals(path("windows", { HOME }), undefined);
  assertEquals(path("linux", {}), undefined);
});
