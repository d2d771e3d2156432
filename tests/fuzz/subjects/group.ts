/**
 * What reads what peers of group say, and words of which streams for it are made.
 *
 * @module
 */

import { GroupClient } from "../../../lib/dialects/group/client.ts";
import { decodeAnswer, decodeRequest } from "../../../lib/dialects/group/messages.ts";
import { GroupServer } from "../../../lib/dialects/group/server.ts";
import { memberIds } from "../../../lib/dialects/registry.ts";
import { RecordedEvents } from "../../../lib/dialects/testing/recorded_events.ts";
import { Hub } from "../../../lib/hub/hub.ts";
import { datagrams, MAX_BODY, telling } from "../readers.ts";
import type { Subject } from "../subject.ts";

const THERE = { hostname: "192.0.2.1", port: 2000 };

/** What group is made of, and what lies beside that. */
export const WORDS: readonly string[] = [
  "header:\n",
  "Header\n",
  "ack\n",
  "register\n",
  "dereg\n",
  "send_group\n",
  "create_group\n",
  "join_group\n",
  "update\n",
  "Payload:\n{}",
  "port:\n",
  "2000\n",
  "username:\n",
  "x\n",
  "\n",
  "\r\n",
  "{}",
];

/** Its codec, its server and its client. */
export const SUBJECTS: readonly Subject[] = [
  {
    name: "group's requests and answers",
    bound: 0,
    heedsCuts: true,
    share: 16,
    make: telling((told) => (bytes) => told(decodeRequest(bytes), decodeAnswer(bytes))),
  },
  {
    name: "group's server",
    bound: 0,
    heedsCuts: true,
    share: 1,
    make: datagrams((deadlines, port) => {
      const hub = new Hub({ ackTimeout: 5_000, deadlines, wallClock: () => 0, ids: memberIds() });
      const server = new GroupServer({ hub, deadlines, maxMessage: MAX_BODY, log: () => {} }, port);
      port.start(server);
      return (bytes) => port.feed(bytes, THERE);
    }),
  },
  {
    name: "group's client",
    bound: 0,
    heedsCuts: true,
    share: 1,
    make: datagrams((deadlines, port) => {
      const client = new GroupClient("alice", new RecordedEvents(), { port, server: THERE, deadlines });
      client.start();
      port.start(client);
      return (bytes) => port.feed(bytes, THERE);
    }),
  },
];
