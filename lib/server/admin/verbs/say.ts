/**
 * `/say`: the server speaks.
 *
 * @module
 */

import type { Outcome } from "../../../core/outcome.ts";
import { outcomeText } from "../../../dialects/session/outcome_text.ts";
import type { Server } from "../../server.ts";
import { failure, json } from "../http/reply.ts";
import type { Verb } from "./verb.ts";

const encoder = new TextEncoder();

/**
 * Says something to everybody or to one name, as `server`: in every dialect it looks like a message of somebody of that name, which
 * nobody can have. The answer comes when its outcome is known.
 */
export function say(server: Pick<Server, "hub" | "maxMessage">): Verb {
  return {
    name: "say",
    fields: ["text", "to"],
    async act({ text, to }, changed) {
      if (text === undefined || text === "") return failure(422, "bad-value", 'say what: {"text": "…"}');
      // What is said is what was written, or nothing is.
      if (!text.isWellFormed()) {
        return failure(422, "not-text", "half of a surrogate pair is no text: write whole characters");
      }
      const body = encoder.encode(text);
      const { hub, maxMessage } = server;
      if (body.length > maxMessage) {
        return failure(
          422,
          "too-long",
          `the text has ${body.length} bytes: ${maxMessage} is the limit of --max-message`,
        );
      }
      const outcome = await new Promise<Outcome>((settled) => hub.say(to, body, { settled }));
      // What was said is nobody's business.
      const { kind } = outcome;
      changed("an operator has had the server say something", { to: to ?? "everybody", outcome: kind });
      if (kind === "delivered") return json(200, { to: to ?? null, outcome: kind });
      const code = kind === "refused" ? outcome.reason : kind;
      if (kind !== "unknown") {
        const who = to === undefined ? "not everybody has it" : `${JSON.stringify(to)} does not have it`;
        return failure(409, code, `${who}: ${outcomeText(outcome)}`);
      }
      const nobody = to === undefined ? "nobody is present" : `nobody is called ${JSON.stringify(to)}`;
      return failure(404, code, `${nobody}: GET /status has all who are present`);
    },
  };
}
