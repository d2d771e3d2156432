/**
 * relay in the matrix of pairs.
 *
 * @module
 */

import { RelayDecoder } from "../../../lib/dialects/relay/codec.ts";
import { RelayServer } from "../../../lib/dialects/relay/server.ts";
import { RecordedLink } from "../../../lib/dialects/testing/recorded_link.ts";
import { byteLength, type Party, type Row } from "../party.ts";

/** Two sockets a user; the body is any bytes. */
export const ROW: Row = {
  dialect: "relay",
  isOfLines: false,
  tooLong: undefined,
  start(world) {
    const server = new RelayServer(world.context, { reply: "SENT" });
    return (name) => {
      const [sending, receiving] = ["TOSEND", "TORECV"].map((side) => {
        const link = new RecordedLink();
        link.start(server.accept(link));
        link.feed(`REGISTER ${side} ${name}\n\n`);
        link.take();
        return link;
      }) as [RecordedLink, RecordedLink];
      const senders: string[] = [];
      const decoder = new RelayDecoder("FORWARD", 65_536, {
        message: () => {},
        body: (from) => senders.push(from),
        unreadable: () => {},
      });
      const party: Party = {
        ...world.newest(),
        say(to, body) {
          sending.feed(`SEND ${to === "everyone" ? "ALL" : to.name}\nContent-length: ${byteLength(body)}\n\n${body}`);
          return true;
        },
        take() {
          const forwards = receiving.takeBytes();
          decoder.push(forwards);
          return new TextDecoder().decode(forwards) + sending.take();
        },
        acknowledge() {
          receiving.flush();
          for (const sender of senders.splice(0)) receiving.feed(`RECEIVED ${sender}\n\n`);
        },
        departure: () => "",
        vanish: () => receiving.close("lost"),
        arrival: (from, _audience, body) => [`FORWARD ${from.name}\nContent-length: ${byteLength(body)}\n\n${body}`],
        answer(to, _body, outcome) {
          if (outcome === undefined) return "";
          return outcome.kind === "delivered"
            ? `SENT ${to === "everyone" ? "ALL" : to.name}\n\n`
            : "ERROR 102 Unable to send\n\n";
        },
      };
      return party;
    };
  },
};
