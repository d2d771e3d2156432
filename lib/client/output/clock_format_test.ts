import { assertEquals, assertThrows } from "@std/assert";
import { ChatError } from "../../core/error.ts";
import { checkedClockFormat, clockText } from "./clock_format.ts";

Deno.test("all fields are written as strftime does", () => {
  assertEquals(clockText("%Y-%m-%d %H:%M:%S", new Date(2026, 10, 5, 7, 8, 9)), "2026-11-05 07:08:09");
  assertEquals(clockText("%F %T", new Date(2026, 10, 5, 7, 8, 9)), "2026-11-05 07:08:09");
  assertEquals(clockText("100 %% %I %p", new Date(2026, 10, 5, 0)), "100 % 12 AM");
  assertEquals(clockText("%I %p", new Date(2026, 10, 5, 13)), "01 PM");
});

Deno.test("a format with another field, with none at its end, or that cannot be printed is refused", () => {
  for (const format of ["%A", "%H:%", "", "%H\x1b[2J", "%😀"]) {
    assertThrows(() => checkedClockFormat(format), ChatError, "is no format");
  }
  assertEquals(checkedClockFormat("%H h %M"), "%H h %M");
});
