/**
 * slash in the matrix of pairs.
 *
 * @module
 */

import { outcomeText } from "../../../lib/dialects/session/outcome_text.ts";
import { RecordedLink } from "../../../lib/dialects/testing/recorded_link.ts";
import { SlashServer } from "../../../lib/dialects/slash/server.ts";
import { byteLength, linesOf, type Party, type Row } from "../party.ts";

const LIMIT = 4096;

/** Lines, to one or to everyone, and a word on each. */
export const ROW: Row = {
  dialect: "slash",
  isOfLines: true,
  tooLong: "x".repeat(LIMIT + 1),
  start(world) {
    const server = new SlashServer(world.context);
    return (name) => {
      const link = new RecordedLink();
      link.start(server.accept(link));
      link.feed(`${name}\n`);
      link.take();
      link.flush();
      const party: Party = {
        ...world.newest(),
        say(to, body) {
          const message = body.startsWith(" ") ? `"${body}"` : body;
          const line = `${to === "everyone" ? "/bm" : `/dm ${to.name}`} ${message}`;
          if (body.includes("\n") || byteLength(line) > LIMIT) return false;
          link.feed(`${line}\n`);
          return true;
        },
        take: () => link.take(),
        acknowledge: () => link.flush(),
        departure: (of) => `* ${of.name} has left.\n`,
        vanish: () => link.close("lost"),
        arrival: (from, audience, body) => [
          linesOf(body).map((line) => `${from.name} to ${audience === "direct" ? "you" : "all"}: ${line}\n`).join(""),
        ],
        answer(to, _body, outcome) {
          const whom = to === "everyone" ? "all" : to.name;
          if (outcome === undefined) return "";
          if (outcome.kind === "delivered") return `* Delivered to ${whom}.\n`;
          return `* Not delivered to ${whom}: ${
            outcome.kind !== "unknown"
              ? outcomeText(outcome)
              : to === "everyone"
              ? "nobody else is here"
              : "nobody here has that alias, /users lists those who are"
          }.\n`;
        },
      };
      return party;
    };
  },
};
