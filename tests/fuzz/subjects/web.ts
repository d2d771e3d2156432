/**
 * What reads what peers of web say, and words of which streams for it are made.
 *
 * @module
 */

import { WebClient } from "../../../lib/dialects/web/client.ts";
import { readClientMessage } from "../../../lib/dialects/web/client_messages.ts";
import { canonical, PATH, PROTOCOL, upgradeQuestion } from "../../../lib/dialects/web/opening.ts";
import { WebServer } from "../../../lib/dialects/web/server.ts";
import { readServerMessage } from "../../../lib/dialects/web/server_messages.ts";
import { encodeWebFrame, MAX_FRAME_HEAD, OPCODES, WebFrameDecoder } from "../../../lib/transport/web/frames.ts";
import { HeadCollector, MAX_HEAD, readRequest } from "../../../lib/transport/web/http_head.ts";
import { WebServerLink } from "../../../lib/transport/web/web_server_link.ts";
import { clientSession, MAX_BODY, serverSession, telling } from "../readers.ts";
import type { Subject } from "../subject.ts";

const latin1 = new TextDecoder("latin1");
const encoder = new TextEncoder();
const NO_MASK = new Uint8Array(4);

/** A frame of a client, as text of which each character is a byte. */
function frame(text: string, opcode: number = OPCODES.text): string {
  return latin1.decode(encodeWebFrame(opcode, encoder.encode(text), NO_MASK));
}

const JOIN = '{"type":"join","name":"alice"}';
const SEND = '{"type":"send","id":1,"text":"hi"}';

/** What web is made of, and what lies beside that. */
export const WORDS: readonly string[] = [
  upgradeQuestion("localhost:8080"),
  "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "\r\n\r\n",
  JOIN,
  SEND,
  '{"type":"send","id":2,"to":"alice","base64":"/w=="}',
  '{"type":"received","number":1}',
  '{"type":"leave"}',
  '{"type":"hello"}',
  '{"type":"joined","name":"alice","present":[{"name":"bob","dialect":"relay"}]}',
  '{"type":"message","number":1,"from":"bob","to":"you","text":"\\ud800"}',
  '{"type":"outcome","id":1,"kind":"delivered"}',
  '{"type":"bye","code":"left"}',
  frame(JOIN),
  frame(SEND),
  frame("x", OPCODES.ping),
  frame("", OPCODES.close),
  frame("x", OPCODES.binary),
  "[[[[",
  "\u0081\u00fe\u00ff\u00ff",
];

/** Its codecs, its server and its client. */
export const SUBJECTS: readonly Subject[] = [
  {
    name: "web's heads of HTTP",
    bound: MAX_HEAD,
    share: 2,
    make: telling((told) => {
      const collector = new HeadCollector();
      let isOver = false;
      return (bytes) => {
        if (isOver) return;
        const found = collector.push(bytes);
        isOver = found !== undefined || collector.isTooLong;
        if (found !== undefined) told(readRequest(found.head) ?? "none");
      };
    }),
  },
  {
    name: "web's frames",
    bound: MAX_BODY + MAX_FRAME_HEAD,
    share: 5,
    make: telling((told) => {
      const decoder = new WebFrameDecoder({ isMasked: true, maxMessage: MAX_BODY }, {
        isHeld: false,
        text: (message) => told("text", message),
        ping: (payload) => told("ping", payload),
        close: (code, reason) => told("close", String(code), reason),
        fault: (code, why) => told("fault", String(code), why),
      });
      return (bytes) => void decoder.push(bytes);
    }),
  },
  {
    name: "web's messages",
    bound: 0,
    heedsCuts: true,
    share: 3,
    make: telling((told) => (bytes) =>
      told(readClientMessage(bytes), readServerMessage(bytes) ?? "none", canonical(latin1.decode(bytes)))
    ),
  },
  {
    name: "web's server, behind HTTP",
    bound: 6 * MAX_BODY + 8_192,
    share: 3,
    make: serverSession((context) => {
      const server = new WebServer(context);
      return {
        get isBusy() {
          return server.isBusy;
        },
        accept(link) {
          const protocol = { path: PATH, name: PROTOCOL };
          const socket = new WebServerLink(link, { protocol, maxMessage: 6 * MAX_BODY, respond: () => undefined });
          const session = server.accept(socket);
          const handler = socket.attach(session);
          return Object.assign(Object.create(session), {
            receive: (bytes: Uint8Array) => handler.receive(bytes),
            ended: () => handler.ended(),
            closed: (reason: Parameters<typeof handler.closed>[0]) => handler.closed(reason),
          });
        },
        refusal: () => server.refusal(),
        drain: () => server.drain(),
        close: () => server.close(),
      };
    }),
  },
  {
    name: "web's server",
    bound: 0,
    heedsCuts: true,
    share: 1,
    make: serverSession((context) => new WebServer(context)),
  },
  {
    name: "web's client",
    bound: 0,
    heedsCuts: true,
    share: 1,
    make: clientSession((events) => new WebClient("alice", events), ['{"type":"hello"}']),
  },
];
