import { assert, assertEquals } from "@std/assert";
import { makeAuthority } from "../lib/transport/testing/certificates.ts";
import type { Certificate } from "../lib/transport/tls/tls.ts";
import { runProgram, startServer } from "./program.ts";

const authority = await makeAuthority("an authority");
const DAY = 24 * 3_600_000;
const stranger = await makeAuthority("another authority");

/** A folder with the files of a certificate, which can be replaced, and of both authorities. */
class Folder implements AsyncDisposable {
  readonly #dir: string;

  constructor() {
    this.#dir = Deno.makeTempDirSync();
    Deno.writeTextFileSync(this.path("ca.pem"), authority.cert);
    Deno.writeTextFileSync(this.path("stranger.pem"), stranger.cert);
  }

  path(name: string): string {
    return `${this.#dir}/${name}`;
  }

  get options(): string[] {
    return ["--tls-cert", this.path("cert.pem"), "--tls-key", this.path("key.pem")];
  }

  put({ cert, key }: Certificate): void {
    Deno.writeTextFileSync(this.path("cert.pem"), cert);
    Deno.writeTextFileSync(this.path("key.pem"), key);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#dir, { recursive: true });
  }
}

/** Sends a message to oneself; exit status 0 says that it was delivered. */
function sendTo(port: number, ...options: string[]) {
  return runProgram(["connect", "alice", "--server", `127.0.0.1:${port}`, ...options], "@alice hello\n");
}

Deno.test("a message is delivered over TLS to those who trust the server, or anybody", async () => {
  await using folder = new Folder();
  folder.put(await authority.sign());
  const { server, port } = await startServer(...folder.options);
  await using _ = server;
  assert(server.stdout.soFar.includes(`--server 127.0.0.1:${port} --tls\n`), server.stdout.soFar);
  await server.stderr.match(/group speaks datagrams, which TLS does not protect/);
  const [trusting, unverified, strict] = await Promise.all([
    sendTo(port, "--tls", "--ca", folder.path("ca.pem")),
    runProgram(["connect", "bob", "--server", `127.0.0.1:${port}`, "--tls", "--insecure"], "@bob hello\n"),
    runProgram(["connect", "carol", "--server", `127.0.0.1:${port}`, "--tls"], "@carol hello\n"),
  ]);
  assertEquals([trusting.status, unverified.status, strict.status], [0, 0, 3]);
  assert(strict.stderr.includes(`cannot reach 127.0.0.1:${port} over TLS: `), strict.stderr);
});

Deno.test("conform finds out what a server speaks, and tests it, over TLS", async () => {
  await using folder = new Folder();
  folder.put(await authority.sign());
  const { server, port } = await startServer(...folder.options);
  await using _ = server;
  const run = ["conform", "--target", `127.0.0.1:${port}`, "--filter", "relay/send-unicast"];
  const [trusting, unverified, strict] = await Promise.all([
    runProgram([...run, "--tls", "--ca", folder.path("ca.pem")]),
    runProgram([...run, "--tls", "--insecure"]),
    runProgram([...run, "--tls"]),
  ]);
  assertEquals([trusting.status, unverified.status, strict.status], [0, 0, 3], trusting.stderr);
  assert(/pass +must +relay\/send-unicast/.test(trusting.stdout), trusting.stdout);
  assert(strict.stderr.includes(" over TLS: "), strict.stderr);
});

Deno.test({
  name: "SIGHUP has the certificate read again, and one that cannot be used leaves the old one in place",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using folder = new Folder();
    folder.put(await authority.sign());
    const { server, port } = await startServer(...folder.options);
    await using _ = server;
    Deno.writeTextFileSync(folder.path("key.pem"), stranger.key);
    server.signal("SIGHUP");
    await server.stderr.match(/the certificate was not renewed why=.*cannot be used together/);
    assertEquals((await sendTo(port, "--tls", "--ca", folder.path("ca.pem"))).status, 0);
    folder.put(await stranger.sign());
    server.signal("SIGHUP");
    await server.stderr.match(/the certificate was read again/);
    const [before, now] = [
      await sendTo(port, "--tls", "--ca", folder.path("ca.pem")),
      await sendTo(port, "--tls", "--ca", folder.path("stranger.pem")),
    ];
    assertEquals([before.status, now.status], [3, 0]);
    server.signal("SIGTERM");
    assertEquals((await server.finished()).status, 0);
  },
});

Deno.test("a certificate that has expired, or soon will, is served with a warning", async () => {
  await using folder = new Folder();
  const now = Date.now();
  folder.put(await authority.sign({ from: now - 9 * DAY, until: now - DAY }));
  const { server, port } = await startServer(...folder.options);
  await using _ = server;
  await server.stderr.match(/\[WRN\] the certificate has expired: clients refuse it file=[^\n]*cert\.pem until=20/);
  const [strict, unverified] = await Promise.all([
    sendTo(port, "--tls", "--ca", folder.path("ca.pem")),
    sendTo(port, "--tls", "--insecure"),
  ]);
  assertEquals([strict.status, unverified.status], [3, 0]);
  if (Deno.build.os === "windows") return;
  folder.put(await authority.sign({ from: now - DAY, until: now + 6 * DAY }));
  server.signal("SIGHUP");
  await server.stderr.match(/\[WRN\] the certificate expires within a week/);
  assertEquals((await sendTo(port, "--tls", "--ca", folder.path("ca.pem"))).status, 0);
});

Deno.test("what cannot be followed about TLS is told in one line", async () => {
  await using folder = new Folder();
  folder.put({ ...await authority.sign(), key: stranger.key });
  const cases: readonly [readonly string[], number, string][] = [
    [["serve", ...folder.options], 1, "cannot be used together"],
    [["serve", "--tls-cert", folder.path("missing.pem"), "--tls-key", folder.path("key.pem")], 1, "cannot read"],
    [["serve", "--tls-cert", folder.path("cert.pem")], 2, "--tls-cert and --tls-key go together"],
    [["connect", "alice", "--ca", folder.path("ca.pem")], 2, "--ca and --insecure say whom to trust with --tls"],
    [["connect", "alice", "--tls", "--ca", folder.path("key.pem")], 2, "holds no CERTIFICATE"],
    [["connect", "alice", "--dialect", "group", "--tls"], 2, "group speaks datagrams"],
  ];
  for (const [args, status, words] of cases) {
    const finished = await runProgram(args);
    assertEquals(finished.status, status, args.join(" "));
    assert(finished.stderr.includes(words) && finished.stderr.split("\n").length === 2, finished.stderr);
  }
});
