import { assertEquals, assertMatch } from "@std/assert";
import { REFUSAL } from "./slash.ts";

Deno.test("an alias that somebody else has is refused in many words, and a welcome is no refusal", () => {
  for (const words of ["ana is somebody else; alias?", "ana is used by someone else", "that belongs to another user"]) {
    assertMatch(words, REFUSAL);
  }
  for (const words of ["hello ana", "Welcome to the chat, ana! /help says more"]) {
    assertEquals(REFUSAL.test(words), false);
  }
});
