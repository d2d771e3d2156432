/**
 * frame in the matrix of pairs.
 *
 * @module
 */

import { FrameServer } from "../../../lib/dialects/frame/server.ts";
import { outcomeText } from "../../../lib/dialects/session/outcome_text.ts";
import { RecordedLink } from "../../../lib/dialects/testing/recorded_link.ts";
import { byteLength, type Party, type Row } from "../party.ts";

const LIMIT = 255;

/** IDs instead of names, 255 bytes, and nobody says everything to everyone. */
export const ROW: Row = {
  dialect: "frame",
  isOfLines: false,
  tooLong: "x".repeat(LIMIT + 1),
  start(world) {
    const server = new FrameServer(world.context);
    return () => {
      const link = new RecordedLink();
      link.start(server.accept(link));
      link.take();
      const { name, id } = world.newest();
      const party: Party = {
        name,
        id,
        say(to, body) {
          if (to === "everyone" || byteLength(body) > LIMIT) return false;
          link.feed(`${id}][${to.id}][${byteLength(body)}][${body}`);
          return true;
        },
        take: () => link.take(),
        acknowledge: () => link.flush(),
        departure: () => "",
        vanish: () => link.close("lost"),
        arrival: (from, _audience, body) => [`${from.id}][${id}][${byteLength(body)}][${body}`],
        answer(to, _body, outcome) {
          if (outcome === undefined || outcome.kind === "delivered" || to === "everyone") return "";
          const why = outcome.kind === "unknown" ? "nobody has that ID" : outcomeText(outcome);
          const reason = `not delivered to ${to.id}: ${why}`;
          return `1][${id}][${byteLength(reason)}][${reason}`;
        },
      };
      return party;
    };
  },
};
