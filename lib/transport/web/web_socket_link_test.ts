import { assert, assertEquals, assertRejects } from "@std/assert";
import { ChatError } from "../../core/error.ts";
import type { Link, LinkHandler } from "../../core/link.ts";
import { connectTcp, listenTcp } from "../tcp.ts";
import { REAL_TIME } from "../real_time.ts";
import { textResponse } from "./http_head.ts";
import { encodeWebFrame, OPCODES } from "./frames.ts";
import { misdirected } from "./origins.ts";
import { openWebSocket } from "./web_socket_client.ts";
import { WebServerLink, type WebServing } from "./web_server_link.ts";
import { WebSocketLink } from "./web_socket_link.ts";

const PROTOCOL = { path: "/chat", name: "chat.web.1" };
const ANY_PORT = { hostname: "127.0.0.1", port: 0 };
const SERVING: WebServing = {
  protocol: PROTOCOL,
  maxMessage: 1_000,
  respond: (request) =>
    misdirected(request, { host: "127.0.0.1", isSecure: false, origins: [] }) ??
      (request.path === "/chat" ? undefined : textResponse(404, "nothing")),
};
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A server that sends back each message, and says how its links were closed. */
function echo() {
  const closed: Promise<string>[] = [];
  const listener = listenTcp(ANY_PORT, {}, (link) => {
    const socket = new WebServerLink(link, SERVING);
    const gone = Promise.withResolvers<string>();
    closed.push(gone.promise);
    socket.write(encoder.encode("welcome"));
    socket.start({
      receive: (bytes) => decoder.decode(bytes) === "bye" ? socket.end("shutdown") : socket.write(bytes),
      ended: () => socket.end("left"),
      closed: (reason) => gone.resolve(reason),
    });
  });
  return { listener, closed, url: `ws://127.0.0.1:${listener.endpoint.port}/chat` };
}

const after = (delay: number, callback: () => void) => {
  const timer = REAL_TIME.after(delay, callback);
  return () => timer.cancel();
};

/** What a client says, and hears until it is closed. */
async function talk(link: Link, says: readonly string[]): Promise<string[]> {
  const heard: string[] = [];
  const closed = Promise.withResolvers<void>();
  const handler: LinkHandler = {
    receive: (bytes) => heard.push(decoder.decode(bytes)),
    ended: () => link.end("left"),
    closed: (reason) => {
      heard.push(`(${reason})`);
      closed.resolve();
    },
  };
  link.start(handler);
  for (const each of says) link.write(encoder.encode(each));
  await closed.promise;
  return heard;
}

Deno.test("of pings that come together the last one is answered, and in its place among what is said", () => {
  const written: number[][] = [];
  const below: Link = {
    remote: ANY_PORT,
    start() {},
    write: (bytes) => written.push([...bytes]),
    flushed() {},
    pause() {},
    resume() {},
    end() {},
    abort() {},
  };
  const socket = new WebSocketLink(below, { maxMessage: 100 });
  socket.start({ receive: (bytes) => socket.write(bytes), ended() {}, closed() {} });
  const frame = (opcode: number, text: string) => encodeWebFrame(opcode, encoder.encode(text), new Uint8Array(4));
  const pings = [..."abc"].flatMap((text) => [...frame(OPCODES.ping, text)]);
  socket.receive(Uint8Array.from([...pings, ...frame(OPCODES.text, "hi"), ...frame(OPCODES.ping, "d")]));
  assertEquals(written, [[0x8a, 1, 99], [0x81, 2, 104, 105], [0x8a, 1, 100]]);
  socket.receive(frame(OPCODES.ping, "e"));
  assertEquals(written.length, 4);
});

Deno.test("our client and our server understand each other", async () => {
  const { listener, closed } = echo();
  const server = listener.endpoint;
  let code = 0;
  const options = { server, after, random: Math.random, onClose: (told: number) => code = told };
  const link = await openWebSocket(await connectTcp(server), PROTOCOL, options);
  assertEquals(await talk(link, ["é", "x".repeat(1_000), "", "bye"]), [
    "welcome",
    "é",
    "x".repeat(1_000),
    "",
    "(left)",
  ]);
  assertEquals([await closed[0], code], ["shutdown", 1001]);
  listener.close();
});

Deno.test("the runtime's client and our server understand each other", async () => {
  const { listener, closed, url } = echo();
  const socket = new WebSocket(url, [PROTOCOL.name]);
  const heard: string[] = [];
  const gone = Promise.withResolvers<CloseEvent>();
  socket.onmessage = ({ data }) => heard.push(data);
  socket.onclose = (event) => gone.resolve(event);
  await new Promise((resolve) => socket.onopen = resolve);
  assertEquals(socket.protocol, PROTOCOL.name);
  for (const each of ["é", "x".repeat(1_000), "", "bye"]) socket.send(each);
  const { code, reason, wasClean } = await gone.promise;
  assertEquals(heard, ["welcome", "é", "x".repeat(1_000), ""]);
  assertEquals([code, reason, wasClean, await closed[0]], [1001, "shutdown", true, "shutdown"]);
  listener.close();
});

Deno.test("a message that is too long, or of bytes, is closed with its code", async () => {
  const { listener, url } = echo();
  for (const [message, code] of [["x".repeat(1_001), 1009], [new Uint8Array(3), 1003]] as const) {
    const socket = new WebSocket(url);
    await new Promise((resolve) => socket.onopen = resolve);
    const gone = new Promise<CloseEvent>((resolve) => socket.onclose = resolve);
    socket.send(message);
    assertEquals((await gone).code, code);
  }
  listener.close();
});

Deno.test("our client and the runtime's server understand each other", async () => {
  const { promise: listening, resolve: onListen } = Promise.withResolvers<Deno.NetAddr>();
  const server = Deno.serve({ ...ANY_PORT, onListen }, (request) => {
    const { socket, response } = Deno.upgradeWebSocket(request, { protocol: PROTOCOL.name });
    socket.onmessage = ({ data }) => data === "bye" ? socket.close(4000, "enough") : socket.send(data);
    return response;
  });
  const endpoint = await listening;
  let told = "";
  const options = {
    server: endpoint,
    after,
    random: Math.random,
    onClose: (code: number, why: string) => told = `${code} ${why}`,
  };
  const link = await openWebSocket(await connectTcp(endpoint), PROTOCOL, options);
  assertEquals(await talk(link, ["é", "x".repeat(70_000), "bye"]), ["é", "x".repeat(70_000), "(left)"]);
  assertEquals(told, "4000 enough");
  await server.shutdown();
});

Deno.test("what answers something else than a WebSocket is told with what it said", async () => {
  const answers: readonly [string, string][] = [
    [
      "HTTP/1.1 400 Bad Request\r\n\r\nThis port speaks relay.\n",
      'it answers HTTP/1.1 400 Bad Request, and says "This port speaks relay."',
    ],
    ["* Welcome", 'it does not speak HTTP, it says "* Welcome"'],
    [
      "HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
      "its Sec-WebSocket-Accept is wrong",
    ],
    ["", "it closes the connection"],
  ];
  for (const [answer, why] of answers) {
    const gone = Promise.withResolvers<void>();
    const listener = listenTcp(ANY_PORT, { lingerTimeout: 50 }, (link) => {
      link.start({ receive: () => {}, ended: () => link.end("left"), closed: () => gone.resolve() });
      link.write(encoder.encode(answer));
      link.end("done");
    });
    const server = listener.endpoint;
    const opening = openWebSocket(await connectTcp(server), PROTOCOL, { server, after, random: Math.random });
    const { message } = await assertRejects(() => opening, ChatError);
    assert(message.endsWith(why), message);
    listener.close();
    await gone.promise;
  }
});

/** What a client of HTTP is answered: the first line, and the last. */
async function asked(request: string): Promise<string> {
  const { listener, closed } = echo();
  const connection = await Deno.connect(listener.endpoint);
  await connection.write(encoder.encode(request));
  await connection.closeWrite();
  const [first, ...rest] = (await new Response(connection.readable).text()).split("\r\n");
  await closed[0];
  listener.close();
  return `${first} / ${rest.at(-1)?.trim()}`;
}

Deno.test("requests of HTTP are answered, and those that are none", async () => {
  const host = "Host: 127.0.0.1:1\r\n";
  const upgrade =
    "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
  assertEquals(await asked(`GET / HTTP/1.1\r\n${host}\r\n`), "HTTP/1.1 404 Not Found / nothing");
  assertEquals(await asked(`HEAD / HTTP/1.1\r\n${host}\r\n`), "HTTP/1.1 404 Not Found / ");
  assertEquals(await asked("hello\n"), "HTTP/1.1 400 Bad Request / This is a server of web pages and WebSockets.");
  assertEquals(await asked("hel"), "HTTP/1.1 400 Bad Request / This is a server of web pages and WebSockets.");
  assertEquals(
    await asked(`GET / HTTP/1.1\r\n${host}Content-Length: 5\r\n\r\nhello`),
    "HTTP/1.1 400 Bad Request / This is a server of web pages and WebSockets.",
  );
  assertEquals(
    await asked(`GET /${"x".repeat(20_000)} HTTP/1.1\r\n`),
    "HTTP/1.1 431 Request Header Fields Too Large / The request is too long.",
  );
  assertEquals(
    await asked(`GET /chat HTTP/1.1\r\n${host}\r\n`),
    "HTTP/1.1 426 Upgrade Required / Here is a WebSocket.",
  );
  assertEquals(
    await asked(`GET /chat HTTP/1.1\r\n${host}${upgrade}Sec-WebSocket-Protocol: other\r\n\r\n`),
    "HTTP/1.1 400 Bad Request / The sub-protocol is chat.web.1.",
  );
  assertEquals(
    (await asked(`GET /chat HTTP/1.1\r\nHost: evil.example\r\n${upgrade}\r\n`)).slice(0, 32),
    "HTTP/1.1 421 Misdirected Request",
  );
  assertEquals(
    (await asked(`GET /chat HTTP/1.1\r\n${host}Origin: http://evil.example\r\n${upgrade}\r\n`)).slice(0, 22),
    "HTTP/1.1 403 Forbidden",
  );
  assertEquals(
    (await asked(`GET /chat HTTP/1.1\r\n${host}Origin: http://127.0.0.1:1\r\n${upgrade}\r\n`)).slice(0, 32),
    "HTTP/1.1 101 Switching Protocols",
  );
});
