/**
 * group in the matrix of pairs.
 *
 * @module
 */

import { RecordedPort } from "../../../lib/dialects/group/testing/recorded_port.ts";
import { GroupServer } from "../../../lib/dialects/group/server.ts";
import { linesOf, type Party, type Row } from "../party.ts";

const SERVER = { hostname: "127.0.0.1", port: 4000 };
const FIRST_PORT = 2000;
/** Longer than a client is watched, in milliseconds. */
const TRIAL = 60;

/** Datagrams: each line is one, and the next comes when it is acknowledged. Line breaks are shown as `|`. */
export const ROW: Row = {
  dialect: "group",
  isOfLines: true,
  tooLong: "x".repeat(65_500),
  start(world) {
    const port = new RecordedPort(SERVER);
    const server = new GroupServer(world.context, port);
    port.start(server);
    let lastPort = FIRST_PORT;
    return (name) => {
      const endpoint = { hostname: "127.0.0.1", port: ++lastPort };
      const ask = (text: string) => port.feed(text, endpoint);
      ask(`header:|register|username:|${name}|ip:|x|port:|${endpoint.port}`);
      port.take(endpoint);
      const unacknowledged: string[] = [];
      const party: Party = {
        ...world.newest(),
        say(to, body) {
          if (to === "everyone" || body.includes("\n")) return false;
          ask(`header:|send|current_user:|${name}|name|${to.name}|ip|x|port:|${endpoint.port}|message:|${body}`);
          return true;
        },
        take() {
          // Every other message for one alone is marked: its first field has a capital.
          const arrived = port.take(endpoint).filter((text) => !/^Header:\|update\|/.test(text))
            .map((text) => text.replace(/^Header:(?=\|send\|)/, "header:"));
          for (const text of arrived) {
            if (/^header:\|send\|/.test(text)) unacknowledged.push(`[Message received by ${name}.]`);
            if (/^Header:\|send_group\|/.test(text)) unacknowledged.push(text.split("|")[3]!);
          }
          return arrived.join("");
        },
        acknowledge() {
          if (unacknowledged.length === 0) return;
          for (const text of unacknowledged.splice(0)) ask(`Header:|ack|Message:|${text}|Port:|${endpoint.port}`);
          // Whoever acknowledges for the first time might do it twice, and is watched for a moment.
          world.pass(TRIAL);
        },
        departure: () => "",
        vanish: () => ask(`header:|dereg|port:|${endpoint.port}`),
        arrival: (from, audience, body) =>
          linesOf(body).map((line) =>
            audience === "direct"
              ? `header:|send|current_user:|${from.name}|name|${name}|ip|${SERVER.hostname}|port:|${SERVER.port}|message:|${
                line || " "
              }`
              : `Header:|send_group|Message:|Group_Message <${from.name}>: ${line}|` +
                `Server_ip:|${SERVER.hostname}|Server_port:|${SERVER.port}`
          ),
        answer: (to, _body, outcome) =>
          outcome?.kind === "delivered" && to !== "everyone"
            ? `Header:|ack|Message:|[Message received by ${to.name}.]`
            : "",
      };
      return party;
    };
  },
};
