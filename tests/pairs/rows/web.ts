/**
 * web in the matrix of pairs.
 *
 * @module
 */

import { RecordedLink } from "../../../lib/dialects/testing/recorded_link.ts";
import { WebServer } from "../../../lib/dialects/web/server.ts";
import type { Party, Row } from "../party.ts";

/** The body is text as it was said; each message has a number, which its recipient acknowledges. */
export const ROW: Row = {
  dialect: "web",
  isOfLines: false,
  tellsAsKnown: true,
  tooLong: undefined,
  start(world) {
    const server = new WebServer(world.context);
    return (name) => {
      const link = new RecordedLink();
      link.start(server.accept(link));
      link.feed(JSON.stringify({ type: "join", name }));
      link.take();
      const numbers: string[] = [];
      let lastId = 0;
      const party: Party = {
        ...world.newest(),
        say(to, body) {
          const whom = to === "everyone" ? {} : { to: to.name };
          link.feed(JSON.stringify({ type: "send", id: ++lastId, ...whom, text: body }));
          return true;
        },
        // Which numbers they are, and how many of how many, is for the dialect's own tests.
        take: () =>
          link.take().replace(/"type":"message","number":(\d+)/g, (_, number) => {
            numbers.push(number);
            return '"type":"message","number":1';
          }).replace(/"type":"outcome","id":\d+/g, '"type":"outcome","id":1').replace(
            /,"delivered":\d+,"recipients":\d+/g,
            "",
          ),
        acknowledge() {
          for (const number of numbers.splice(0)) {
            link.feed(JSON.stringify({ type: "received", number: Number(number) }));
          }
        },
        departure: (of) => JSON.stringify({ type: "absent", name: of.name }),
        vanish: () => link.close("lost"),
        arrival: (from, audience, body) => [
          JSON.stringify({
            type: "message",
            number: 1,
            from: from.name,
            to: audience === "direct" ? "you" : "all",
            text: body,
          }),
        ],
        answer(_to, _body, outcome) {
          if (outcome === undefined) return "";
          const reason = outcome.kind === "refused" ? { reason: outcome.reason } : {};
          return JSON.stringify({ type: "outcome", id: 1, kind: outcome.kind, ...reason });
        },
      };
      return party;
    };
  },
};
