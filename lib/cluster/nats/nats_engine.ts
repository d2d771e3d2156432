/**
 * NATS as what carries a cluster: requests from node to node, and a JetStream key-value bucket as the store.
 *
 * @module
 */

import { jetstream, JetStreamApiCodes, JetStreamApiError } from "@nats-io/jetstream";
import { Bucket, type KV, Kvm, type KvWatchEntry } from "@nats-io/kv";
import {
  type Authenticator,
  AuthorizationError,
  type ConnectionOptions,
  credsAuthenticator,
  type NatsConnection,
  NoRespondersError,
  type QueuedIterator,
} from "@nats-io/nats-core";
import { connect } from "@nats-io/transport-node";
import { ChatError } from "../../core/error.ts";
import type { EngineTraffic } from "../counts.ts";
import { WatchProgress } from "./progress.ts";
import type { ClusterEngine, EngineEvents, StoredRecord, Written } from "../engine.ts";

/** How to reach NATS. */
export interface NatsOptions {
  /** Where its servers are: `nats://host:port`, or `tls://`; with `user:password@` or `token@` before the host of the first. */
  readonly servers: readonly string[];
  /** What a credentials file holds, if NATS asks for that. */
  readonly credentials?: Uint8Array | undefined;
  /** The authorities to trust in place of the system's, in PEM, for `tls://`. */
  readonly authorities?: string | undefined;
  /** Which cluster this is: nodes of one name are one hub. Letters, digits, `-` and `_`. */
  readonly cluster: string;
  /** What NATS calls the connection, for its operators. */
  readonly label: string;
}

/** How long the store may take to answer, in milliseconds. */
const STORE_MS = 2_000;
/** How often it is asked whether NATS is there, and how often it may not answer. */
const PING_MS = 2_000;
const MAX_PINGS_LOST = 2;
/** How long connecting may take, and how long it is waited before it is tried again. */
const CONNECT_MS = 5_000;
const RECONNECT_MS = 250;
/** How long what is left of removed records stays in the store, and how often it is cleared away. */
const TRACES_MS = 600_000;
/** A record that is there so that the last one of those that there are can be known. */
const OPENED_KEY = "opened";

/** Connects a node to NATS. */
export class NatsEngine implements ClusterEngine {
  readonly #options: NatsOptions;
  #events!: EngineEvents;
  #connection!: NatsConnection;
  #store: KV | undefined;
  #watch: QueuedIterator<KvWatchEntry> | undefined;
  #isConnected = false;
  #isStopped = false;
  /** Counts the openings of the store: what an earlier one tells is too late. */
  #opening = 0;
  #cleared = 0;
  /** How much has been told of what was written. */
  readonly #progress = new WatchProgress(STORE_MS);

  /** Nothing is connected yet. */
  constructor(options: NatsOptions) {
    this.#options = options;
  }

  /**
   * See {@linkcode ClusterEngine.start}. Rejects with a `ChatError`: `cluster-unreachable` if NATS is not there or does not let us
   * in, `cluster-unusable` if it cannot do what is needed.
   */
  async start(node: string, events: EngineEvents): Promise<void> {
    this.#events = events;
    this.#connection = await this.#connect();
    try {
      void this.#follow(this.#connection);
      this.#connection.subscribe(this.#subject(node), {
        callback: (error, message) => {
          if (error !== null) return;
          events.asked(message.data, (bytes) => {
            if (!this.#isStopped && !this.#connection.isClosed()) message.respond(bytes);
          });
        },
      });
      await this.#open();
    } catch (error) {
      const version = this.#connection.info?.version;
      await this.#connection.close();
      throw unusable(error, version);
    }
  }

  /** See {@linkcode ClusterEngine.traffic}. */
  get traffic(): EngineTraffic {
    const { inBytes, outBytes } = this.#connection.stats();
    return { sent: outBytes, received: inBytes };
  }

  /** See {@linkcode ClusterEngine.create}. */
  create(key: string, value: Uint8Array): Promise<Written> {
    return this.#write((store) => store.create(key, value));
  }

  /** See {@linkcode ClusterEngine.update}. */
  update(key: string, value: Uint8Array, revision: number): Promise<Written> {
    return this.#write((store) => store.update(key, value, revision));
  }

  /** See {@linkcode ClusterEngine.remove}. */
  remove(key: string, revision: number): Promise<Written> {
    return this.#write(async (store) => {
      await store.delete(key, { previousSeq: revision });
      return revision;
    });
  }

  /** See {@linkcode ClusterEngine.read}. */
  async read(key: string): Promise<StoredRecord | "none" | "unknown"> {
    const store = this.#store;
    if (!this.#isConnected || store === undefined) return "unknown";
    try {
      const entry = await store.get(key);
      if (entry === null || entry.operation !== "PUT") return "none";
      return { key, value: entry.value, revision: entry.revision };
    } catch (error) {
      this.#failed(error);
      return "unknown";
    }
  }

  /** See {@linkcode ClusterEngine.sync}. */
  async sync(): Promise<void> {
    const store = this.#store;
    if (!this.#isConnected || store === undefined) return;
    try {
      const { streamInfo } = await store.status();
      await this.#progress.reaches(streamInfo.state.last_seq);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** See {@linkcode ClusterEngine.ask}. */
  async ask(node: string, request: Uint8Array, timeout: number): Promise<Uint8Array | "nobody" | "unknown"> {
    // What is published now would go when NATS is back, and arrive too late.
    if (!this.#isConnected) return "unknown";
    try {
      return (await this.#connection.request(this.#subject(node), request, { timeout })).data;
    } catch (error) {
      return error instanceof Error && (error instanceof NoRespondersError || error.cause instanceof NoRespondersError)
        ? "nobody"
        : "unknown";
    }
  }

  /** See {@linkcode ClusterEngine.stop}. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#isConnected = false;
    this.#watch?.stop();
    await this.#connection.close();
  }

  #subject(node: string): string {
    return `chat.${this.#options.cluster}.node.${node}`;
  }

  async #connect(): Promise<NatsConnection> {
    const { servers, credentials, authorities, label } = this.#options;
    const isSecured = servers.some((server) => server.startsWith("tls:"));
    const options: ConnectionOptions = {
      servers: servers.map((server) => server.replace(/^[a-z]+:\/\/(?:[^/]*@)?/, "")),
      name: label,
      timeout: CONNECT_MS,
      pingInterval: PING_MS,
      maxPingOut: MAX_PINGS_LOST,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT_MS,
      ignoreAuthErrorAbort: true,
      ...(isSecured ? { tls: authorities === undefined ? {} : { ca: authorities } } : {}),
      ...readUser(servers),
      ...(credentials === undefined ? {} : { authenticator: readAuthenticator(credentials) }),
    };
    try {
      return await connect(options);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const places = servers.map((server) => server.replace(/[^/]*@/, "")).join(", ");
      const isRefused = error instanceof AuthorizationError;
      const message = isRefused
        ? `NATS does not let us in at ${places} (${why}): correct --nats-creds, or who we are in --nats`
        : `NATS cannot be reached at ${places} (${why}): start it, or correct --nats${
          isSecured ? " or --nats-ca" : ""
        }`;
      throw new ChatError("cluster-unreachable", message, { cause: error });
    }
  }

  /** Reads along whether NATS can be reached. */
  async #follow(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (this.#isStopped) return;
      if (type === "disconnect") this.#disconnected();
      else if (type === "reconnect") this.#openAgain();
    }
  }

  #disconnected(): void {
    if (!this.#isConnected) return;
    this.#isConnected = false;
    this.#opening++;
    this.#progress.giveUp();
    this.#events.disconnected();
  }

  /** Opens the store again, as often as it takes. */
  #openAgain(): void {
    if (this.#isStopped) return;
    const opening = ++this.#opening;
    this.#open().catch(() => {
      // It is not there yet; when NATS goes away meanwhile, its coming back tries anew.
      setTimeout(() => {
        if (opening === this.#opening) this.#openAgain();
      }, RECONNECT_MS);
    });
  }

  /** Opens the store, makes it if there is none, and tells what is in it. */
  async #open(): Promise<void> {
    const opening = this.#opening;
    const manager = new Kvm(jetstream(this.#connection, { timeout: STORE_MS }));
    const store = await manager.create(`chat_${this.#options.cluster}`, { history: 1, timeout: STORE_MS });
    await store.put(OPENED_KEY, "");
    const watch = await store.watch();
    if (opening !== this.#opening || this.#isStopped) return watch.stop();
    this.#watch?.stop();
    this.#watch = watch;
    this.#store = store;
    await new Promise<void>((told) => void this.#tell(watch, opening, told));
  }

  async #tell(watch: QueuedIterator<KvWatchEntry>, opening: number, told: () => void): Promise<void> {
    let isTold = false;
    this.#events.connected();
    for await (const entry of watch) {
      if (opening !== this.#opening) break;
      this.#progress.at(entry.revision);
      const { key, value, revision, operation } = entry;
      if (operation !== "PUT") this.#events.removed(key);
      else if (key !== OPENED_KEY) this.#events.stored({ key, value, revision });
      if (isTold || entry.delta !== 0 && !entry.isUpdate) continue;
      isTold = true;
      this.#isConnected = true;
      this.#events.told();
      told();
    }
    watch.stop();
    told();
    // It ended although nobody has stopped it.
    if (opening === this.#opening && !this.#isStopped) this.#lost();
  }

  /** The store is not what it was. */
  #lost(): void {
    this.#disconnected();
    this.#openAgain();
  }

  async #write(write: (store: KV) => Promise<number>): Promise<Written> {
    const store = this.#store;
    if (!this.#isConnected || store === undefined) return "unknown";
    this.#clearTraces(store);
    try {
      return await write(store);
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamWrongLastSequence) {
        return "conflict";
      }
      this.#failed(error);
      return "unknown";
    }
  }

  /** A store that is gone while NATS is there has to be made again. */
  #failed(error: unknown): void {
    const isGone = error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;
    if (isGone && this.#isConnected) this.#lost();
  }

  /** Clears away what is left of removed records, now and then. */
  #clearTraces(store: KV): void {
    const now = performance.now();
    if (now - this.#cleared < TRACES_MS || !(store instanceof Bucket)) return;
    this.#cleared = now;
    // Others do the same; what cannot be cleared now is cleared the next time.
    store.purgeDeletes(TRACES_MS).catch(() => {});
  }
}

function unusable(error: unknown, version: string | undefined): ChatError {
  const why = error instanceof Error ? error.message : String(error);
  const needs = "needed are NATS 2.9 or later with JetStream (nats-server -js), and leave to use it";
  return new ChatError("cluster-unusable", `NATS ${version ?? "there"} cannot carry a cluster (${why}): ${needs}`, {
    cause: error,
  });
}

/** Who we are, where the first address that says so says it: a user and a password, or a token. */
function readUser(servers: readonly string[]): Pick<ConnectionOptions, "user" | "pass" | "token"> {
  const [, user, pass] = servers.map((server) => /^[a-z]+:\/\/([^/:@]*)(?::([^/@]*))?@/.exec(server)).find(Boolean) ??
    [];
  if (user === undefined) return {};
  if (pass === undefined) return { token: decodeURIComponent(user) };
  return { user: decodeURIComponent(user), pass: decodeURIComponent(pass) };
}

/** What answers NATS with these credentials. What the file lacks is said now, not taken for a NATS that is not there. */
function readAuthenticator(credentials: Uint8Array): Authenticator {
  const authenticator = credsAuthenticator(credentials);
  try {
    authenticator("");
    return authenticator;
  } catch (cause) {
    const text = "what --nats-creds names is no file of credentials for NATS: it has to hold a JWT and its seed";
    throw new ChatError("cluster-unusable", text, { cause });
  }
}
