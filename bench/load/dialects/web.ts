/**
 * web's exchange: a `send`, the `message`, its acknowledgement, and the `outcome`.
 *
 * @module
 */

import { encodeClientMessage } from "../../../lib/dialects/web/client_messages.ts";
import { upgradeQuestion } from "../../../lib/dialects/web/opening.ts";
import { encodeWebFrame, OPCODES } from "../../../lib/transport/web/frames.ts";
import type { DialectLoad } from "../dialect_load.ts";
import { bodyOf, type Exchange, nameOf, type Plan } from "../plan.ts";

/** A mask that changes nothing, so that the plan's numbers are seen; a server takes it like any other. */
const NO_MASK = new Uint8Array(4);

function frame(message: string | Uint8Array): Uint8Array {
  return encodeWebFrame(
    OPCODES.text,
    typeof message === "string" ? new TextEncoder().encode(message) : message,
    NO_MASK,
  );
}

function enter(plan: Plan, port: number, name: string): number {
  const link = plan.stream();
  plan.send(upgradeQuestion(`127.0.0.1:${port}`));
  plan.until('"type":"hello"');
  plan.send(frame(encodeClientMessage({ type: "join", name })));
  plan.until('"type":"joined"');
  return link;
}

/** So many pairs of users, of whom one sends to the other. */
function openWebPairs(plan: Plan, count: number, bodySize: number, port: number): readonly Exchange[] {
  const text = bodyOf(bodySize);
  const pairs = Array.from({ length: count }, (_, i) => {
    const to = nameOf("b", i);
    return {
      sender: enter(plan, port, nameOf("a", i)),
      receivers: [enter(plan, port, to)],
      request: frame(encodeClientMessage({ type: "send", id: 1, to, text })),
      // The server numbers its messages, in digits that become more.
      byEnd: true,
      delivered: `"text":"${text}"}`,
      answer: frame('{"type":"received","number":SPACED}'),
      confirmed: '"kind":"delivered"}',
    };
  });
  // Everybody is told of all who came later, and the last of all of nobody.
  const links = pairs.flatMap(({ sender, receivers }) => [sender, ...receivers]);
  for (const link of links.slice(0, -1)) {
    plan.on(link);
    plan.until(`"name":"${nameOf("b", count - 1)}","dialect":"web"}`);
  }
  return pairs;
}

/** How web is put under load. */
export const LOAD: DialectLoad = {
  what:
    "50 pairs over WebSockets, a `send` of 64 bytes, 1 in flight each, confirmed when its recipient has acknowledged it",
  pairs: openWebPairs,
};
