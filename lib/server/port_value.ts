/**
 * The value of an option for a port to listen on.
 *
 * @module
 */

import { type Kind, wholeNumber, wrong } from "../cli/values.ts";
import type { PortChoice } from "./ports.ts";

/**
 * A port to listen on, or `off`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(portOrOff().read("4100"), { port: 4100, asked: true });
 * ```
 */
export function portOrOff(): Kind<PortChoice> {
  return {
    name: "PORT",
    example: "off",
    read(input) {
      if (input === "off") return "off";
      const port = wholeNumber(input);
      if (port <= 65_535) return { port, asked: true };
      throw wrong(input, "no port: write 1 to 65535, 0 for any free one, or off");
    },
    show: (choice) => choice === "off" ? "off" : String(choice.port),
    offers: ["off"],
  };
}
