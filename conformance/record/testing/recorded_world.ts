/**
 * Sessions in the simulation: a server, a recording before it, and clients that do as they are told.
 *
 * @module
 */

import type { Endpoint, HalfClosingLink } from "../../../lib/core/link.ts";
import { World } from "../../../lib/simulation/world.ts";
import { readFixture } from "../../fixtures/fixture.ts";
import type { Start } from "../../mutants/mutant.ts";
import { simulatedSurroundings } from "../../run/simulated_surroundings.ts";
import { play } from "../../self_test/play.ts";
import type { PlayedBack } from "../play_back.ts";
import { loadRecordedDialect, type RecordedDialect, recordSession, type SessionOptions } from "../record_session.ts";

const HOST = "127.0.0.1";
const encoder = new TextEncoder();

const loaded = new Map<string, RecordedDialect>();

/** Each is read once. */
async function dialectOf(name: string): Promise<RecordedDialect> {
  const dialect = loaded.get(name) ?? await loadRecordedDialect(name);
  loaded.set(name, dialect);
  return dialect;
}

/** A client without a mind of its own. */
export class ToldClient {
  /** All that it has heard. */
  heard = "";
  /** Whether the server has closed. */
  isClosed = false;
  readonly #link: HalfClosingLink;
  #from = 0;
  #changed = Promise.withResolvers<void>();

  /** Connects. */
  constructor(link: HalfClosingLink) {
    this.#link = link;
    link.start({
      receive: (bytes) => this.#change(() => void (this.heard += new TextDecoder("latin1").decode(bytes))),
      ended: () => this.#change(() => void (this.isClosed = true)),
      closed: () => this.#change(() => void (this.isClosed = true)),
    });
  }

  /** Says something, in one write. */
  says(text: string | Uint8Array): void {
    this.#link.write(typeof text === "string" ? encoder.encode(text) : text);
  }

  /** Waits until it has heard something that it had not heard before. */
  async hears(text: string): Promise<void> {
    let at = this.heard.indexOf(text, this.#from);
    for (; at < 0; at = this.heard.indexOf(text, this.#from)) await this.#changed.promise;
    this.#from = at + text.length;
  }

  /** Waits until the server has closed. */
  async isLeft(): Promise<void> {
    while (!this.isClosed) await this.#changed.promise;
  }

  /** Leaves. */
  leaves(): void {
    this.#link.end("done");
  }

  /** Has nothing more to say, and listens. */
  finishes(): void {
    this.#link.finish();
  }

  /** Breaks off. */
  resets(): void {
    this.#link.abort("lost");
  }

  #change(change: () => void): void {
    change();
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

/** What clients do, where a recording stands before a server. */
export type ToldSession = (
  connect: () => Promise<ToldClient>,
  wait: (milliseconds: number) => Promise<void>,
  stop: () => void,
) => Promise<void>;

/** What became of a recording. */
export interface RecordedSession {
  /** The transcript. */
  readonly played: PlayedBack | undefined;
  /** What was said meanwhile, for people. */
  readonly notes: readonly string[];
}

/** Records a session with a server in a world of its own. */
export async function recordIn(
  dialect: string,
  start: Start,
  session: ToldSession,
  options: Partial<SessionOptions> & { readonly target?: Endpoint } = {},
): Promise<RecordedSession> {
  const known = await dialectOf(dialect);
  const world = new World({ seed: 1 });
  return await world.run(async () => {
    const server = start({ ackTimeout: 2_000, maxMessage: 65_536 }, world);
    const network = world.net.host(HOST);
    const listen = { hostname: HOST, port: 4999 };
    const stopping = new AbortController();
    const notes: string[] = [];
    try {
      const recording = recordSession({ dialect, ...options.target ?? server.endpoint }, known, {
        ...{
          listen,
          network,
          timeout: 5_000,
          interrupted: stopping.signal,
          onNote: (text: string) => notes.push(text),
        },
        surroundings: simulatedSurroundings(world),
        ...options,
      });
      const connect = async () => new ToldClient(await network.connect(listen));
      const wait = (time: number) => new Promise<void>((resolve) => void world.runtime.after(time, resolve));
      await Promise.race([session(connect, wait, () => stopping.abort(130)), recording]);
      return { played: await recording, notes };
    } finally {
      await server.stop();
    }
  });
}

/** What became of a transcript that is played so many times against a server: `pass`, or the step that failed. */
export async function playedAgainst(dialect: string, text: string, start: Start, times = 5): Promise<string[]> {
  const { prelude, clauses } = await dialectOf(dialect);
  const outcomes: string[] = [];
  for (let seed = 1; seed <= times; seed++) {
    const fixtures = readFixture(text, "mine.chat", "mine", prelude, clauses);
    const [result] = await play({ words: "is tried", start }, { dialect, clauses, fixtures }, fixtures, {
      seed,
      jobs: 1,
    });
    outcomes.push(result!.verdict === "pass" ? "pass" : result!.failure?.step ?? result!.reason ?? result!.verdict);
  }
  return outcomes;
}
