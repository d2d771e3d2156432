/**
 * What the system is short of: file descriptors (of this process, of all), buffers, memory. That is nobody's fault at the other
 * end of a connection.
 *
 * @module
 */

import { ChatError } from "../core/error.ts";

const SHORTAGES: ReadonlySet<unknown> = new Set(["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"]);
const OF_DESCRIPTORS: ReadonlySet<unknown> = new Set(["EMFILE", "ENFILE"]);
/** The same as Windows numbers it, where the runtime has no code for it: 8, 14, WSAEMFILE, WSAENOBUFS. */
const WINDOWS_SHORTAGE = /\(os error (?:8|14|10024|10055)\)/;
/** Looking up a name takes a descriptor as well, and says nothing of it if there is none. */
const LOOKUP = /failed to lookup address|getaddrinfo/;

/** Whether an error of the system says that it is short of something. */
export function isShortage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error && SHORTAGES.has(error.code)) return true;
  return Deno.build.os === "windows" && WINDOWS_SHORTAGE.test(error.message);
}

/**
 * The error for something that failed because the system is short of what it takes; `undefined` if it failed for another reason.
 *
 * @param what What failed: `cannot reach localhost:4000`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const cause = Object.assign(new Error("Too many open files (os error 24)"), { code: "EMFILE" });
 * const error = shortageOf(cause, "cannot listen");
 * assertEquals(error?.message, "cannot listen: this program has no file descriptors left; allow it more: ulimit -n 4096");
 * assertEquals(shortageOf(new Error("refused"), "cannot listen"), undefined);
 * ```
 */
export function shortageOf(cause: unknown, what: string): ChatError | undefined {
  const hidden = isLookup(cause) ? descriptorShortage() : undefined;
  const shortage = isShortage(cause) ? cause : hidden;
  if (!(shortage instanceof Error)) return undefined;
  const isOfDescriptors = "code" in shortage && OF_DESCRIPTORS.has(shortage.code) && Deno.build.os !== "windows";
  const why = isOfDescriptors
    ? "this program has no file descriptors left; allow it more: ulimit -n 4096"
    : `the system has not enough of what that takes: ${shortage.message.replace(/ \(os error \d+\).*$/s, "")}`;
  return new ChatError("shortage", `${what}: ${why}`, { cause });
}

function isLookup(error: unknown): boolean {
  return error instanceof Error && LOOKUP.test(error.message);
}

/** What the system says where no descriptor is left. */
function descriptorShortage(): unknown {
  try {
    Deno.listenDatagram({ hostname: "127.0.0.1", port: 0, transport: "udp" }).close();
    return undefined;
  } catch (error) {
    return isShortage(error) ? error : undefined;
  }
}
