import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ChatError } from "../../core/error.ts";
import type { Endpoint, Link } from "../../core/link.ts";
import { linkContract } from "../testing/link_contract.ts";
import { LinkRecorder } from "../testing/link_recorder.ts";
import { makeAuthority } from "../testing/certificates.ts";
import { connectTcp, listenTcp, type TcpListening } from "../tcp.ts";
import { readCertificate, readTrust, type Trust } from "./tls.ts";

const ANY_PORT = { hostname: "127.0.0.1", port: 0 };
const [authority, stranger] = await Promise.all([makeAuthority("an authority"), makeAuthority("another authority")]);
const [certificate, other] = await Promise.all([authority.sign(), stranger.sign()]);

for (
  const [name, tls, keepAlive] of [
    ["TLS", { ca: authority.cert }, 0],
    ["TLS, unverified", { insecure: true }, 0],
    ["TLS, unverified, that asks for signs of life", { insecure: true }, 60_000],
  ] as const
) {
  linkContract(
    `a link over ${name}`,
    async (options = {}) => {
      const accepted = Promise.withResolvers<Link>();
      const listener = listenTcp(ANY_PORT, { ...options, certificate }, accepted.resolve);
      const near = await connectTcp(listener.endpoint, { ...options, tls, keepAlive });
      return { near, far: await accepted.promise, dispose: () => listener.close() };
    },
  );
}

/** Sends back what it is sent, over TLS. */
function echo(): TcpListening {
  return listenTcp(ANY_PORT, { certificate }, (link) => {
    link.start({ receive: (bytes) => link.write(bytes), ended: () => link.end("left"), closed: () => {} });
  });
}

/** Connects, has something sent back, and leaves. */
async function visit(endpoint: Endpoint, tls: Trust): Promise<void> {
  const link = await connectTcp(endpoint, { tls });
  const atLink = new LinkRecorder(link);
  link.start(atLink);
  link.write(new TextEncoder().encode("hello"));
  await atLink.untilReceived(5);
  link.end("done");
  assertEquals(await atLink.untilClosed(), "done");
}

async function refusal(endpoint: Endpoint, tls: Trust): Promise<string> {
  const error = await assertRejects(() => visit(endpoint, tls), ChatError);
  assertEquals([error.code, error.message.includes("\n")], ["unreachable", false]);
  return error.message;
}

Deno.test("a server whose certificate nobody trusted has signed is not reached, and the message says why", async () => {
  const listener = echo();
  const { port } = listener.endpoint;
  for (const tls of [{}, { ca: stranger.cert }]) {
    assert((await refusal(listener.endpoint, tls)).startsWith(`cannot reach 127.0.0.1:${port} over TLS: invalid peer`));
  }
  await visit(listener.endpoint, { ca: authority.cert });
  listener.close();
});

Deno.test("a server that nobody trusts is not reached either where signs of life are asked for", async () => {
  const listener = echo();
  for (const tls of [{}, { ca: stranger.cert }]) {
    await assertRejects(() => connectTcp(listener.endpoint, { tls, keepAlive: 60_000 }), ChatError, " over TLS: ");
  }
  const link = await connectTcp(listener.endpoint, { tls: { ca: authority.cert }, keepAlive: 60_000 });
  const atLink = new LinkRecorder(link);
  link.start(atLink);
  link.end("done");
  assertEquals(await atLink.untilClosed(), "done");
  listener.close();
});

Deno.test("a certificate is for the names in it, and for no others", async () => {
  const listener = echo();
  const { port } = listener.endpoint;
  await visit({ hostname: "localhost", port }, { ca: authority.cert });
  const elsewhere = listenTcp({ hostname: "127.0.0.2", port: 0 }, { certificate }, (link) => link.abort("done"));
  assert((await refusal(elsewhere.endpoint, { ca: authority.cert })).includes("127.0.0.2"));
  elsewhere.close();
  listener.close();
});

Deno.test("whoever asks for TLS of a server without it is told in one line, verified or not", async () => {
  const listener = listenTcp(ANY_PORT, {}, (link) => {
    link.start({
      receive: () => {
        link.write(new TextEncoder().encode("ERROR 100 Malformed username\n\n"));
        link.end("malformed");
      },
      ended: () => link.end("left"),
      closed: () => {},
    });
  });
  for (const tls of [{}, { insecure: true }]) await refusal(listener.endpoint, tls);
  listener.close();
});

Deno.test("a handshake that is never answered is given up", async () => {
  const links: Link[] = [];
  const listener = listenTcp(ANY_PORT, {}, (link) => links.push(link));
  for (const tls of [{}, { insecure: true }]) {
    const connecting = connectTcp(listener.endpoint, { tls, connectTimeout: 50 });
    const error = await assertRejects(() => connecting, ChatError);
    assert(error.message.endsWith("no answer within 0.05 s"), error.message);
  }
  for (const link of links) link.abort("done");
  listener.close();
});

Deno.test("a peer without TLS is lost at a door with TLS, and others are let in", async () => {
  const closed = Promise.withResolvers<string>();
  const listener = listenTcp(ANY_PORT, { certificate }, (link) => {
    const atLink = new LinkRecorder(link);
    link.start(atLink);
    atLink.untilClosed().then(closed.resolve);
  });
  const plain = await connectTcp(listener.endpoint);
  const atPlain = new LinkRecorder(plain);
  plain.start(atPlain);
  plain.write(new TextEncoder().encode("REGISTER TOSEND alice\n\n"));
  assertEquals(await closed.promise, "lost");
  plain.abort("done");
  listener.close();
});

Deno.test("a new certificate is shown to those who come later, on the same port, and the others stay", async () => {
  const listener = echo();
  const early = await connectTcp(listener.endpoint, { tls: { ca: authority.cert } });
  const atEarly = new LinkRecorder(early);
  early.start(atEarly);
  await listener.renew(other);
  await visit(listener.endpoint, { ca: stranger.cert });
  await refusal(listener.endpoint, { ca: authority.cert });
  early.write(new TextEncoder().encode("still here"));
  await atEarly.untilReceived(10);
  early.end("done");
  assertEquals(await atEarly.untilClosed(), "done");
  listener.close();
});

Deno.test({
  name: "the port stays open while another certificate takes over",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const listener = echo();
    const visitors = async () => {
      for (let i = 0; i < 5; i++) await visit(listener.endpoint, { insecure: true });
    };
    const renewing = listener.renew(other);
    await Promise.all([renewing, ...Array.from({ length: 4 }, visitors)]);
    await visit(listener.endpoint, { ca: stranger.cert });
    listener.close();
  },
});

Deno.test("a port with TLS that somebody has cannot be had by somebody else", () => {
  const listener = echo();
  assertEquals(
    assertThrows(() => listenTcp(listener.endpoint, { certificate }, () => {}), ChatError).code,
    "port-in-use",
  );
  assertEquals(assertThrows(() => listenTcp(listener.endpoint, {}, () => {}), ChatError).code, "port-in-use");
  listener.close();
});

Deno.test("a listener that is closed while it is renewed stays closed", async () => {
  const listener = echo();
  const renewing = listener.renew(other);
  listener.close();
  await renewing;
  assertEquals((await assertRejects(() => connectTcp(listener.endpoint), ChatError)).code, "unreachable");
});

Deno.test("files that cannot serve as a certificate are refused in a line that names them", async () => {
  const dir = await Deno.makeTempDir();
  const file = (name: string, text: string) => {
    Deno.writeTextFileSync(`${dir}/${name}`, text);
    return `${dir}/${name}`;
  };
  const certFile = file("cert.pem", certificate.cert);
  const keyFile = file("key.pem", certificate.key);
  assertEquals(readCertificate({ certFile, keyFile }), certificate);
  assertEquals(readTrust({ caFile: certFile, insecure: false }).ca, certificate.cert);
  const half = file("half.pem", `${certificate.cert}\n${authority.cert.slice(0, 300)}`);
  assertThrows(() => readCertificate({ certFile: half, keyFile }), ChatError, 'half.pem" ends amid a block');
  const garbled = file("garbled.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  const cases: readonly [string, string, string][] = [
    [`${dir}/missing.pem`, keyFile, "cannot read"],
    [certFile, dir, "cannot read"],
    [keyFile, keyFile, "holds no CERTIFICATE"],
    [certFile, certFile, "holds no PRIVATE KEY"],
    [certFile, file("other.pem", other.key), "cannot be used together"],
    [garbled, keyFile, "cannot be used together"],
  ];
  for (const [cert, key, words] of cases) {
    const error = assertThrows(() => readCertificate({ certFile: cert, keyFile: key }), ChatError);
    assert(error.message.includes(words) && !/\n|os error/.test(error.message), error.message);
    assertEquals(error.code, "bad-certificate");
  }
  assertThrows(() => readTrust({ caFile: keyFile, insecure: false }), ChatError, "holds no CERTIFICATE");
  await Deno.remove(dir, { recursive: true });
});
