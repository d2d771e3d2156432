/**
 * Our own client, `chat connect` with a script at its pipes, keeps every clause of clients: the whole of it, in the simulation. What real
 * pipes and terminals add, tests/client_cmd_test.ts shows.
 */

import { assertEquals } from "@std/assert";
import { Writable } from "node:stream";
import type { ClientPlace, ClientRun, ProgramEnd } from "../conformance/client/client_run.ts";
import { ClientHost } from "../conformance/client/client_host.ts";
import { Screen } from "../conformance/client/screen.ts";
import { loadLibrary } from "../conformance/fixtures/library.ts";
import { runTarget } from "../conformance/run/run.ts";
import { simulatedSurroundings } from "../conformance/run/simulated_surroundings.ts";
import { connect } from "../lib/client/connect.ts";
import { PipedFrontend } from "../lib/client/frontend/piped.ts";
// Loaded at the first start otherwise, for which virtual time does not wait.
import "../lib/dialects/frame/client.ts";
import "../lib/dialects/frame/menu.ts";
import "../lib/dialects/group/client.ts";
import "../lib/dialects/relay/client.ts";
import "../lib/dialects/room/client.ts";
import "../lib/dialects/slash/client.ts";
import type { AnyDialect } from "../lib/dialects/dialect.ts";
import { DIALECTS } from "../lib/dialects/registry.ts";
import { CALM_DATAGRAMS, CALM_WIRE } from "../lib/simulation/conditions.ts";
import { World } from "../lib/simulation/world.ts";
import { Clock } from "../lib/transport/clock.ts";

const HOST = "127.0.0.1";
/** What is shown takes so long to be read, in milliseconds, as through a pipe. */
const PIPE = 0.2;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** `chat connect`, as it runs at the pipes of a script. */
class ConnectRun implements ClientRun {
  onChange = () => {};
  readonly hasTerminal = false;
  readonly screen = new Screen();
  ending: ProgramEnd | undefined;
  readonly #folder = Deno.makeTempDirSync();
  readonly #output = this.#pipe();
  readonly #errors = this.#pipe();
  readonly #over: Promise<void>;
  readonly #world: World;
  #input!: ReadableStreamDefaultController<Uint8Array>;
  #hasStopped = false;

  constructor({ name: dialect, assignsNames }: AnyDialect, place: ClientPlace, world: World) {
    this.#world = world;
    const { runtime, net } = world;
    const network = net.host(HOST);
    const input = new ReadableStream<Uint8Array>({ start: (controller) => void (this.#input = controller) });
    const frontend = new PipedFrontend({ input, output: this.#output, errors: this.#errors });
    const { server, clientPort } = place;
    const name = assignsNames ? undefined : place.name;
    const options = { name, server, dialect, clientPort, messageLogDir: this.#folder };
    this.#over = connect(options, {
      frontend,
      timer: (delay, callback) => {
        const timer = runtime.after(delay, callback);
        return () => timer.cancel();
      },
      now: () => new Date(runtime.wallClock()),
      random: () => runtime.random(),
      hasColors: false,
      dial: (server, signal) => network.connect(server, { signal }),
      openPort: (server, port) => {
        const clock = new Clock(runtime);
        const opened = network.openPort({ hostname: HOST, port });
        return Promise.resolve({
          port: opened,
          server,
          deadlines: clock.deadlines,
          [Symbol.dispose]: () => clock.stop(),
        });
      },
    }).then((status) => {
      this.ending = { status, words: `with exit status ${status}` };
      this.onChange();
    });
  }

  type(text: string): void {
    this.#world.runtime.after(PIPE, () => {
      if (!this.#hasStopped && this.ending === undefined) this.#input.enqueue(encoder.encode(text));
    });
  }

  processorTime(): Promise<number | undefined> {
    return Promise.resolve(undefined);
  }

  filesLike(name: string): Promise<Uint8Array[]> {
    const like = new RegExp(`^${name.split("*").map(RegExp.escape).join(".*")}$`);
    const names = [...Deno.readDirSync(this.#folder)].map((entry) => entry.name).filter((name) => like.test(name));
    return Promise.resolve(names.map((name) => Deno.readFileSync(`${this.#folder}/${name}`)));
  }

  async stop(): Promise<void> {
    this.onChange = () => {};
    this.#hasStopped = true;
    // As by a signal: nobody reads any more.
    this.#output.destroy(Object.assign(new Error("gone"), { code: "EPIPE" }));
    await this.#over;
    Deno.removeSync(this.#folder, { recursive: true });
  }

  #pipe(): Writable {
    return new Writable({
      write: (chunk: Uint8Array, _encoding, done) => {
        const text = decoder.decode(chunk);
        this.#world.runtime.after(PIPE, () => {
          this.screen.show(text);
          this.onChange();
          done();
        });
      },
    });
  }
}

for (const spoken of DIALECTS) {
  const dialect = spoken.name;
  Deno.test(`chat connect at pipes keeps every clause of ${dialect} clients, in the simulation`, async () => {
    const library = await loadLibrary(dialect, { dirs: [], embedded: true }, "client");
    const world = new World({ seed: 1 });
    world.net.conditions = { ...CALM_WIRE, latency: 0.2, jitter: 0.3 };
    world.net.datagrams.conditions = { ...CALM_DATAGRAMS, delay: [0.3, 0.3] };
    const run = await world.run(async () => {
      const launch = (place: ClientPlace) => Promise.resolve(new ConnectRun(spoken, place, world));
      const listen = { hostname: HOST, port: 0 };
      const client = new ClientHost({ network: world.net.host(HOST), chance: world.runtime, launch, listen });
      const surroundings = simulatedSurroundings(world);
      const options = { timeout: 5_000, jobs: 8, onResult: () => {}, surroundings, client };
      return await runTarget({ role: "client", dialect, ...listen }, library, library.fixtures, options);
    });
    const bad = run.results.filter(({ verdict }) => verdict !== "pass");
    assertEquals(bad.map(({ fixture, failure, reason }) => [fixture.name, failure?.reason ?? reason]), []);
    assertEquals(run.results.length, library.fixtures.length);
  });
}
