import { assertEquals, assertThrows } from "@std/assert";
import { ChatError } from "../core/error.ts";
import { portOrOff } from "./port_value.ts";

Deno.test("a port that is given was asked for; off is no port", () => {
  assertEquals(portOrOff().read("4000"), { port: 4000, asked: true });
  assertEquals(portOrOff().read("0"), { port: 0, asked: true });
  assertEquals(portOrOff().read("off"), "off");
  for (const text of ["", "-1", "65536", "4000x", "4e3", "0x10", "OFF", "９"]) {
    assertThrows(() => portOrOff().read(text), ChatError, "is no port: write 1 to 65535", text);
  }
  assertEquals(portOrOff().offers, ["off"]);
});
