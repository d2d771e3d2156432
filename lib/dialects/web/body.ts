/**
 * Bodies in JSON: text where they are UTF-8, and base64 where not.
 *
 * @module
 */

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** A body as the keys of a message have it. */
export type WrittenBody = { readonly text: string } | { readonly base64: string };

/**
 * How a body is written.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(fieldsOfBody(new TextEncoder().encode("hi")), { text: "hi" });
 * assertEquals(fieldsOfBody(Uint8Array.of(0xff)), { base64: "/w==" });
 * ```
 */
export function fieldsOfBody(body: Uint8Array): WrittenBody {
  try {
    return { text: utf8.decode(body) };
  } catch {
    return { base64: toBase64(body) };
  }
}

/**
 * The body that is written so; `malformed` for neither or both of `text` and `base64`, or what is no base64; `not-text` for what no
 * bytes stand for (half of a surrogate pair).
 */
export function bodyOfFields(
  { text, base64 }: { readonly text?: unknown; readonly base64?: unknown },
): Uint8Array | "malformed" | "not-text" {
  if (text !== undefined) {
    if (typeof text !== "string" || base64 !== undefined) return "malformed";
    return text.isWellFormed() ? encoder.encode(text) : "not-text";
  }
  return typeof base64 === "string" ? fromBase64(base64) ?? "malformed" : "malformed";
}

/** So many bytes at a time go into one string. */
const PIECE = 8_192;

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += PIECE) binary += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return btoa(binary);
}

function fromBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined;
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
