/**
 * The server's side of one web client.
 *
 * @module
 */

import { CLOSE_REASONS, type CloseReason } from "../../core/close_reason.ts";
import type { Link } from "../../core/link.ts";
import { isWellFormedName } from "../../core/name.ts";
import { type Outcome, refused } from "../../core/outcome.ts";
import { VERSION } from "../../core/version.ts";
import type { BroadcastReach, OutcomeObserver } from "../../hub/delivery.ts";
import type { Member } from "../../hub/member.ts";
import type { NameFault } from "../../hub/names.ts";
import type { Eviction, Presence } from "../../hub/presence.ts";
import { type BroadcastLimit, type ServerContext, UNLIMITED } from "../dialect.ts";
import { type DecodingProgress, StreamSession } from "../session/stream_session.ts";
import { type ClientMessage, type MessageFault, readClientMessage } from "./client_messages.ts";
import { NameList } from "./name_list.ts";
import { PROTOCOL } from "./opening.ts";
import { WebRecipient } from "./recipient.ts";
import { byeOf, encodeServerMessage, type ServerMessage } from "./server_messages.ts";

/** Of how many messages the outcome may be open before their sender is read no further (backpressure). */
const MAX_OPEN = 256;
/** How often a client may give a name that it cannot have. */
const MAX_TRIES = 10;
/** How many bytes may wait to be written to a client where the server does not say. */
const MAX_QUEUE = 1024 * 1024;

/** What an empty message is read as: no message either. */
const BLANK = new TextEncoder().encode(" ");

/** Why a name is refused, as `refused` says it. */
const NAME_FAULTS: Readonly<Record<"malformed" | "reserved" | "taken" | "look-alike" | "unavailable", string>> = {
  "malformed": "a name is 1 to 255 letters (A-Z, a-z) and digits, and not ALL",
  "reserved": "the name could be taken for the server's own",
  "taken": "somebody has this name",
  "look-alike": "the name looks like that of somebody who is here",
  "unavailable": "no name can be given at the moment: other parts of the chat cannot be reached",
};

/** A message that a client has sent, until its outcome is told. */
export interface SentMessage {
  /** The client's own number for it. */
  readonly id: number;
  /** How many have it, once that is known, if it was for everybody. */
  reach?: BroadcastReach | undefined;
}

/** The server that a {@linkcode WebSession} belongs to. */
export interface WebHost {
  /** What all dialects' servers share. */
  readonly context: ServerContext;
  /** The session's link is closed. */
  forget(session: WebSession): void;
}

/** One client, each of whose messages is one message of its link. */
export class WebSession extends StreamSession<SentMessage> {
  /** How many messages have come; the link divides them. */
  protected override readonly decoder: DecodingProgress & { complete: number } = { complete: 0, unfinished: 0 };
  readonly #host: WebHost;
  readonly #broadcasts: BroadcastLimit;
  readonly #recipient: WebRecipient;
  readonly #list: NameList;
  #presence: Presence | undefined;
  #isPresent = false;
  #tries = 0;
  /** Whether what it has had passed on to others is enough for now. */
  #isOverspent = false;
  /** Why the server closes, if it does. */
  #bye: CloseReason | undefined;

  /** A client that has connected, and says who it is. */
  constructor(host: WebHost, link: Link, broadcasts: BroadcastLimit = UNLIMITED) {
    super(link, "as-known");
    this.#host = host;
    this.#broadcasts = broadcasts;
    const { hub, deadlines, maxMessage, maxQueue = MAX_QUEUE } = host.context;
    this.#recipient = new WebRecipient(link, {
      deadlines,
      ackTimeout: hub.ackTimeout,
      maxQueue,
      unresponsive: () => this.dismiss("unresponsive"),
    });
    this.#list = new NameList(link, (name) => hub.find(name) !== undefined);
    this.#say({ type: "hello", protocol: PROTOCOL, software: `chat ${VERSION}`, maxMessage });
  }

  /** Whether the client has a name. */
  override get isRegistered(): boolean {
    return this.#presence !== undefined;
  }

  /** Who the client is, once it has a name. */
  get presence(): Presence | undefined {
    return this.#presence;
  }

  protected override get isTooMuchOpen(): boolean {
    return this.replies.size >= MAX_OPEN || this.#isOverspent;
  }

  protected override get isEnoughDone(): boolean {
    return this.replies.size < MAX_OPEN / 2 && !this.#isOverspent;
  }

  /** The link says nothing amid a message, and nothing while it is held: what is read is one message. */
  protected override get stopsAmidPiece(): boolean {
    return false;
  }

  /** A message of the client, even if there is nothing in it. */
  override receive(bytes: Uint8Array): void {
    super.receive(bytes.length === 0 ? BLANK : bytes);
  }

  /** Reads a message. */
  protected override read(bytes: Uint8Array): number {
    this.decoder.complete++;
    this.#recipient.heard();
    this.#heard(readClientMessage(bytes));
    return bytes.length;
  }

  /** The link is closed. */
  override closed(reason: CloseReason): void {
    super.closed(reason);
    this.#host.forget(this);
    if (this.#presence !== undefined) this.#log("web client disconnected", { why: reason });
  }

  /** Says why, and closes the link. */
  override dismiss(reason: CloseReason): void {
    if (!this.isFinishing) this.#bye = reason;
    this.finish(reason);
  }

  /** Others are told that the client has left. */
  protected override leave(): void {
    this.#isPresent = false;
    this.#list.stop();
    this.#presence?.leave();
    this.#recipient.gone();
  }

  /** Ends the link, behind a goodbye if it is the server that closes. */
  protected override end(reason: CloseReason): void {
    if (this.#bye !== undefined) this.#say(byeOf(this.#bye, CLOSE_REASONS[this.#bye]));
    super.end(reason);
  }

  /** Tells the client what became of its message. */
  override tell({ id, reach }: SentMessage, outcome: Outcome): void {
    const reason = outcome.kind === "refused" ? { reason: outcome.reason } : {};
    this.#say({ type: "outcome", id, kind: outcome.kind, ...reason, ...reach });
  }

  /** Somebody else has become reachable, or left: a message that is the same for all. */
  announce(message: Uint8Array, about: Member): void {
    if (this.#isPresent && this.#presence !== about) this.link.write(message);
  }

  #heard(message: ClientMessage | MessageFault): void {
    switch (message.type) {
      case "fault":
        return this.#faulty(message);
      case "join":
        return this.#join(message.name);
      case "received":
        if (this.#isPresent) return this.#recipient.received(message.number);
        return this.#say({ type: "error", code: "not-joined", reason: "join comes first" });
      case "leave":
        return this.dismiss("left");
      case "send":
        if (!this.#isPresent) {
          return this.#say({ type: "error", code: "not-joined", id: message.id, reason: "join comes first" });
        }
        return this.#send(message.id, message.to, message.body);
    }
  }

  #faulty({ code, id, reason }: MessageFault): void {
    // It is a send like others, which has an outcome; what it carries cannot be said in bytes.
    if (code === "not-text" && id !== undefined && this.#isPresent) return this.tell({ id }, refused("not-text"));
    const told = code === "not-text" ? "not-joined" : code;
    this.#say({ type: "error", code: told, ...id !== undefined && { id }, reason });
  }

  #join(name: string): void {
    if (this.#presence !== undefined) {
      return this.#say({ type: "error", code: "joined-already", reason: `you are ${this.#presence.name}` });
    }
    if (!isWellFormedName(name)) return this.#refuse("malformed");
    const { hub } = this.#host.context;
    const fault = hub.nameFault(name);
    const presence = fault === undefined ? hub.claim(name, { dialect: "web", remote: this.link.remote }) : undefined;
    if (presence === undefined) return this.#refuse(fault ?? "taken");
    const lost = (why: Eviction) => this.dismiss(why);
    this.#presence = presence;
    this.ask<NameFault | undefined>((decided) => presence.secure({ decided, lost }), (fault) => {
      if (fault !== undefined) this.#presence = undefined;
      if (this.isFinishing) return;
      if (fault !== undefined) return this.#refuse(fault);
      this.#enter(presence);
    });
  }

  #enter(presence: Presence): void {
    const members = this.#host.context.hub.members();
    this.#isPresent = true;
    this.#list.begin(presence.name, members);
    presence.enter(this.#recipient);
    this.#log("web client registered");
  }

  #refuse(fault: NameFault | "malformed"): void {
    const code = fault === "look-alike" || fault === "reserved" ? "taken" : fault in NAME_FAULTS ? fault : "malformed";
    const reason = fault in NAME_FAULTS ? NAME_FAULTS[fault as keyof typeof NAME_FAULTS] : NAME_FAULTS.malformed;
    this.#say({ type: "refused", code, reason });
    if (++this.#tries >= MAX_TRIES) this.dismiss("refused");
  }

  #send(id: number, to: string | undefined, body: Uint8Array): void {
    const sent: SentMessage = { id };
    if (body.length > this.#host.context.maxMessage) return this.tell(sent, refused("too-long"));
    const reply = this.replies.add(sent);
    if (to !== undefined) this.#presence!.send(to, body, reply);
    else this.#charge(this.#presence!.broadcast(body, counting(sent, reply)), body.length);
    this.pace();
  }

  #charge(recipients: number, bytes: number): void {
    this.#isOverspent = this.#broadcasts.charge(recipients, bytes, () => {
      this.#isOverspent = false;
      this.pace();
    });
  }

  #say(message: ServerMessage): void {
    this.link.write(encodeServerMessage(message));
  }

  #log(text: string, about?: Readonly<Record<string, unknown>>): void {
    this.#host.context.log("debug", text, {
      user: this.#presence?.name,
      address: this.link.remote.hostname,
      ...about,
    });
  }
}

/** Has the outcome of a broadcast told with how many have it. */
function counting(sent: SentMessage, reply: OutcomeObserver): OutcomeObserver {
  return {
    settled: (outcome, reach) => {
      sent.reach = reach;
      reply.settled(outcome);
    },
  };
}
