/**
 * room in the matrix of pairs.
 *
 * @module
 */

import { outcomeText } from "../../../lib/dialects/session/outcome_text.ts";
import { RecordedLink } from "../../../lib/dialects/testing/recorded_link.ts";
import { RoomServer } from "../../../lib/dialects/room/server.ts";
import { byteLength, linesOf, type Party, type Row } from "../party.ts";

const LONGEST_READ = 1024;

/** The document's own client: what is said at once is one message, for everyone, and comes back. */
export const ROW: Row = {
  dialect: "room",
  isOfLines: true,
  tooLong: "x".repeat(4097),
  start(world) {
    const server = new RoomServer(world.context);
    return (name) => {
      const link = new RecordedLink();
      link.start(server.accept(link));
      link.feed(name);
      link.take();
      link.flush();
      const marked = (mark: string, body: string) => linesOf(body).map((line) => mark + line).join("\n");
      const party: Party = {
        ...world.newest(),
        say(to, body) {
          if (to !== "everyone" || byteLength(body) > LONGEST_READ || body === "#quit") return false;
          link.feed(body);
          return true;
        },
        take: () => link.take(),
        acknowledge: () => link.flush(),
        departure: (of) => `${of.name} has left the chat.`,
        vanish: () => link.close("lost"),
        arrival: (from, audience, body) => [
          marked(`${from.name}${audience === "direct" ? " (to you alone)" : ""}: `, body),
        ],
        answer(_to, body, outcome) {
          const echo = marked(`${name}: `, body);
          const isFine = outcome === undefined || outcome.kind === "delivered" || outcome.kind === "unknown";
          return isFine ? echo : `${echo}* Not everybody has your message: ${outcomeText(outcome)}.`;
        },
      };
      return party;
    };
  },
};
