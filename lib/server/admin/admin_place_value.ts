/**
 * The value of `--admin`.
 *
 * @module
 */

import { type Kind, wholeNumber, wrong } from "../../cli/values.ts";
import { addressText, parseAddress } from "../../core/address.ts";
import { ChatError } from "../../core/error.ts";
import type { AdminPlace } from "./admin_place.ts";

const UNIX = "unix:";
const HERE = "127.0.0.1";

/**
 * A port of this machine, one of another address, `unix:` and a path, or `off`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const place = adminPlace();
 * assertEquals(place.read("9100"), { endpoint: { hostname: "127.0.0.1", port: 9100 } });
 * assertEquals(place.read("unix:/run/chat/admin"), { path: "/run/chat/admin" });
 * ```
 */
export function adminPlace(): Kind<AdminPlace | "off"> {
  return {
    name: "PORT|unix:PATH",
    example: "off",
    read(input) {
      if (input === "off") return "off";
      if (input.startsWith(UNIX) && input.length > UNIX.length) return { path: input.slice(UNIX.length) };
      const [, host = HERE, digits = input] = /^(.+):(\d+)$/.exec(input) ?? [];
      const port = wholeNumber(digits);
      if (!(port <= 65_535)) throw notOne(input);
      try {
        return { endpoint: { hostname: parseAddress(addressText({ hostname: bare(host), port: 1 })).hostname, port } };
      } catch (error) {
        throw error instanceof ChatError ? notOne(input) : error;
      }
    },
    show: (place) =>
      place === "off"
        ? place
        : "path" in place
        ? `${UNIX}${place.path}`
        : place.endpoint.hostname === HERE
        ? String(place.endpoint.port)
        : addressText(place.endpoint),
    offers: ["off", UNIX],
  };
}

function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1");
}

function notOne(input: string): ChatError {
  return wrong(input, "no place for operators: write a port, HOST:PORT, unix:PATH, or off");
}
