/**
 * What an operator sends with a request.
 *
 * @module
 */

import { failure, type WholeReply } from "../http/reply.ts";

/** The fields of a request, all of them texts. */
export type RequestFields = Readonly<Record<string, string | undefined>>;

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads the fields of a request, or says what is wrong with them. Nothing at all stands for an object without fields.
 *
 * @param names the fields that there may be.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const body = new TextEncoder().encode('{"name":"bob"}');
 * assertEquals(requestFields(body, ["name"]), { fields: { name: "bob" } });
 * ```
 */
export function requestFields(
  body: Uint8Array,
  names: readonly string[],
): { readonly fields: RequestFields } | WholeReply {
  const wanted = names.length === 0
    ? "send {} or nothing"
    : `send an object with ${names.map((name) => JSON.stringify(name)).join(", ")}`;
  let value: unknown = {};
  try {
    if (body.length > 0) value = JSON.parse(decoder.decode(body));
  } catch (error) {
    // Not UTF-8, or no JSON.
    if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
    return failure(400, "bad-json", `this is no JSON: ${wanted}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return failure(422, "bad-value", `this is no object: ${wanted}`);
  }
  for (const [name, text] of Object.entries(value)) {
    if (!names.includes(name)) {
      return failure(422, "unknown-field", `there is no field ${JSON.stringify(name)}: ${wanted}`);
    }
    if (typeof text !== "string") return failure(422, "bad-value", `${JSON.stringify(name)} is no text: ${wanted}`);
  }
  return { fields: Object.fromEntries(Object.entries(value)) };
}
