/**
 * Where web is spoken, and what each of its messages has.
 *
 * @module
 */

/** The path of the WebSocket. */
export const PATH = "/chat";

/** The sub-protocol of the WebSocket, and the protocol that `hello` names. */
export const PROTOCOL = "chat.web.1";

/**
 * What somebody asks who only wants to know whether a server is there: for a WebSocket, on which nothing is said.
 *
 * @param server as it is addressed, with its port.
 */
export function upgradeQuestion(server: string): string {
  return `GET ${PATH} HTTP/1.1\r\nHost: ${server}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: Y2hhdC53ZWIuMSBwaW5nLg==\r\nSec-WebSocket-Protocol: ${PROTOCOL}\r\n\r\n`;
}

/**
 * How long a message may be, in bytes, that has a body of so many: JSON may spell each of them in six (`\\u0000`), and there is room
 * for what stands around it.
 */
export function longest(maxBody: number): number {
  return 6 * maxBody + 4_096;
}

/** The keys of each type of message besides its type, in the order in which the document has them. */
export const KEYS: Readonly<Record<string, readonly string[]>> = {
  join: ["name"],
  send: ["id", "to", "text", "base64"],
  received: ["number"],
  leave: [],
  hello: ["protocol", "software", "maxMessage"],
  joined: ["name", "present"],
  refused: ["code", "reason"],
  present: ["name", "dialect"],
  absent: ["name"],
  message: ["number", "from", "to", "text", "base64"],
  outcome: ["id", "kind", "reason", "delivered", "recipients"],
  error: ["code", "id", "reason"],
  bye: ["code", "reason"],
};

/**
 * A message in the one form that stands for all of the same meaning: its type first, then the keys that the document knows, in its
 * order, without blanks. What is no message is left as it is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(canonical('{ "name": "bob", "colour": "red", "type": "absent" }'), '{"type":"absent","name":"bob"}');
 * ```
 */
export function canonical(message: string): string {
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    return message;
  }
  if (!isObject(value) || typeof value.type !== "string") return message;
  const keys = Object.hasOwn(KEYS, value.type) ? KEYS[value.type]! : Object.keys(value).toSorted();
  const entries = keys.filter((key) => key !== "type" && Object.hasOwn(value, key)).map((key) => {
    const part = value[key];
    return [key, Array.isArray(part) ? part.map((item) => isObject(item) ? inOrder(item) : item) : part];
  });
  return JSON.stringify(Object.fromEntries([["type", value.type], ...entries]));
}

/** Somebody who is there, with what the document has of them. */
function inOrder(item: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    KEYS.present!.filter((key) => Object.hasOwn(item, key)).map((key) => [key, item[key]]),
  );
}

/** Whether a value of JSON is an object with keys. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
