/**
 * The value of an option for an origin: whose pages may connect.
 *
 * @module
 */

import { type Kind, wrong } from "../cli/values.ts";

/**
 * An origin as browsers send it: a scheme, a host and a port, if that is not the scheme's own.
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals(webOrigin().read("https://Chat.example:443/"), "https://chat.example");
 * assertThrows(() => webOrigin().read("chat.example"));
 * ```
 */
export function webOrigin(): Kind<string> {
  return {
    name: "ORIGIN",
    example: "https://chat.example",
    read(input) {
      const url = URL.parse(input);
      const isOrigin = url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "" &&
        url.pathname === "/" && url.search === "" && url.hash === "";
      if (isOrigin) return url.origin;
      throw wrong(input, "no origin: write http:// or https://, a host and, if need be, a port");
    },
    show: (origin) => origin,
  };
}
