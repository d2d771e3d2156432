/**
 * The contract between a dialect and the rest of the program. A dialect knows bytes, messages and the hub; it never sees
 * a socket, a timer or the terminal.
 *
 * @module
 */

import type { DatagramHandler, DatagramPort } from "../core/datagrams.ts";
import type { Deadlines } from "../core/deadlines.ts";
import type { Endpoint, HalfClosingLink, Link, LinkHandler } from "../core/link.ts";
import type { TotalQueued } from "../core/queued.ts";
import type { CloseReason } from "../core/close_reason.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Audience } from "../hub/delivery.ts";
import type { Hub } from "../hub/hub.ts";
import type { IdPool } from "../hub/id_pool.ts";

/** What all dialects' servers share. */
export interface ServerContext {
  /** Where everybody meets. */
  readonly hub: Hub;
  /** Deadlines; somebody else moves the time forward. */
  readonly deadlines: Deadlines;
  /** The largest body, in bytes. */
  readonly maxMessage: number;
  /** How many bytes may wait to be written to a peer before it is closed as a slow reader. 1 MiB by default. */
  readonly maxQueue?: number;
  /** What waits to be written to all peers together, for what waits in a session and not on its link. */
  readonly queued?: TotalQueued;
  /** Something worth a line in the log: a sentence without any message's body, and what it is about. */
  log(level: "debug" | "info" | "warning", text: string, about?: Readonly<Record<string, unknown>>): void;
}

/**
 * The server's side of one connection. The properties are for the limits that the server sets for all dialects alike
 * (registration, a message once begun, floods), so that no session has to.
 */
export interface ServerSession extends LinkHandler {
  /** Whether the peer has said who it is, as far as its dialect asks. */
  readonly isRegistered: boolean;
  /** How many messages of the peer were complete, or given up. */
  readonly complete: number;
  /** 0 between two messages; amid a message its number, counted from 1 on this connection. */
  readonly unfinished: number;
  /** Tells the peer why, in the words of its dialect where it has any, behind all that is owed to it; then ends the link. */
  dismiss(reason: CloseReason): void;
}

/** What one peer may have passed on to many, so that its work is not the server's alone. */
export interface BroadcastLimit {
  /**
   * Something was passed on for the peer to so many others, of so many bytes each. If that was more than the peer may have
   * passed on for now, it is held: nothing else that it has sent is to be handled until `resume` is called.
   *
   * @returns whether it is held.
   */
  charge(recipients: number, bytes: number, resume: () => void): boolean;
}

/** No limit. */
export const UNLIMITED: BroadcastLimit = { charge: () => false };

/** One dialect's side of the server: makes a session for each connection. */
export interface DialectServer {
  /** How many bytes that come at once must arrive in one piece, where a piece may be a message. */
  readonly pieceSize?: number;
  /**
   * A peer has connected; the session returned is told what happens on its link, and charges what the peer has passed on to
   * many. Without a limit there is none.
   */
  accept(link: Link, broadcasts?: BroadcastLimit): ServerSession;
  /** The last words to a peer that is not let in; nothing where the dialect has none. */
  refusal(reason: CloseReason): Uint8Array | undefined;
  /** Whether messages are still on their way; a server that shuts down waits for them, within bounds. */
  readonly isBusy: boolean;
  /** No new messages are taken from now on; those on their way are finished. */
  drain(): void;
  /** Closes all connections in good order, each when what is owed to it is said. */
  close(): void;
}

/** One dialect's side of the server where it speaks datagrams: it has one port, for all its peers. */
export interface DatagramServer extends DatagramHandler {
  /** As in {@linkcode DialectServer}. */
  readonly isBusy: boolean;
  /** As in {@linkcode DialectServer}. */
  drain(): void;
  /** Says goodbye to all peers, and closes the port. */
  close(): void;
}

/**
 * What a server does for its dialects that speak datagrams. A client is to its limits, from registering on, what a connection
 * is where there are any.
 */
export interface DatagramGuard {
  /**
   * Lets in a client that registers, or says why not. `dismiss` is called when it has to go, never before this returns; the
   * dialect tells it so, in its own words, and forgets it.
   */
  enter(client: Endpoint, dismiss: (reason: CloseReason) => void): AdmittedPeer | CloseReason;
  /** Whether somebody who is not in may be answered now. Where they are may be a lie, so that they are not told much. */
  answersStranger(): boolean;
  /** Whether an address is so near that nobody else can pretend to be there. */
  trusts(hostname: string): boolean;
  /** Names who can make room when somebody else comes and there is none. */
  yields(makeRoom: MakeRoom): void;
  /** How many bytes a second all those are sent, together, who may not be where they say. */
  readonly unprovenBudget: number;
}

/**
 * Removes a client that may not be where it says, at an address for which `isAt` holds. When it returns,
 * {@linkcode AdmittedPeer.left} has been called.
 *
 * @returns whether there was one.
 */
export type MakeRoom = (isAt: (hostname: string) => boolean) => boolean;

/** One client's stay, from registering to leaving. */
export interface AdmittedPeer {
  /** The client has sent something. */
  heard(): void;
  /** What it has sent is a message: whether it may be taken. One that comes too fast is dropped, as a network would. */
  takes(): boolean;
  /** What it has sent was passed on to so many others, of so many bytes each: it may be a while until it may send more. */
  charge(recipients: number, bytes: number): void;
  /** The client is gone; to be called once. */
  left(reason: CloseReason): void;
}

/** What one entered line became. */
export type InputResult =
  /** A message is on its way; its outcome is reported under this number. */
  | {
    readonly kind: "sent";
    readonly id: number;
    readonly to: string;
    readonly audience: Audience;
    /** The whole of the message's line, where what was entered is only the last part of it. */
    readonly line?: string;
    /** Where messages go out one at a time: whether it waits for one before it to be answered. */
    readonly waits?: boolean;
  }
  /** A request is on its way; whether it was answered is reported under this number, the answer itself as notices. */
  | { readonly kind: "asked"; readonly id: number }
  /** The dialect has no such line, and what the right form is; why, where that does not say it. Nothing was sent. */
  | { readonly kind: "rejected"; readonly hint: string; readonly why?: string }
  /** The user wants to leave. */
  | { readonly kind: "leaving" }
  /** It was a request, or there was nothing to do; whatever comes of it arrives as an event. */
  | { readonly kind: "taken" };

/**
 * What a client learns of a message of its own: the outcome, or, in a dialect that confirms nothing, only that the message
 * was handed over to the system on its way to the server.
 */
export type ClientOutcome = Outcome | { readonly kind: "handed-over" };

/** Who is told what a client session learns from its server. Nothing here is fit for a terminal before it is escaped. */
export interface ClientEvents {
  /** The server has accepted us under this name. */
  ready(name: string): void;
  /**
   * The server does not accept the name, or would not: the client has not asked, because the dialect has no such names.
   * Another one may be tried with {@linkcode ClientSession.rename}.
   */
  refused(why: string, by?: "server" | "client"): void;
  /** Somebody says something. The body is only valid during this call. Not every dialect tells who else got it. */
  message(from: string, audience: Audience | "untold", body: Uint8Array): void;
  /** The server, or the dialect, has something to tell. */
  notice(text: string): void;
  /** What is known of a message that we sent, for good, with the words of the server where it used any. */
  settled(id: number, outcome: ClientOutcome, words?: string): void;
  /**
   * A line for a file that the dialect's document has its client keep, without a line break. Fit for a terminal. Where the
   * files go is what {@linkcode DialectEntry.messageLog} is for.
   */
  keep?(file: string, line: string): void;
  /** The session is over. `fault` says what the server did wrong where it did. */
  closed(why: string, fault?: "protocol" | "connection"): void;
}

/** What a client's sessions have in common, whatever carries them. */
export interface Session {
  /** What a person is asked for next, where it is not simply a line of the dialect's usual form. */
  readonly prompt?: string | undefined;
  /** Whether a blank line is an answer to that; otherwise it is nothing. */
  readonly takesBlanks?: boolean;
  /** Whether that is somebody's name, or free text, and not a line of one of the dialect's forms. */
  readonly expects?: "name" | "text" | undefined;
  /** The names of those who are there, where the dialect tells its clients. */
  readonly present?: readonly string[];
  /** The names of the groups that it has told us of, where the dialect has groups. */
  readonly groups?: readonly string[];
  /** Tries another name after {@linkcode ClientEvents.refused}. */
  rename(name: string): void;
  /** A line that the user entered, without its line break. */
  enter(line: string): InputResult;
  /** A message of any bytes, to somebody or (`undefined`) to everybody. What the dialect cannot carry as it is, it rejects. */
  post(to: string | undefined, body: Uint8Array): InputResult;
  /** The same, to a group that we are in, where the dialect has groups. */
  postToGroup?(group: string, body: Uint8Array): InputResult;
  /**
   * Says goodbye where the dialect has a word for it, and ends the links: at once, or when the server, told that this was
   * all, has said what it still had to say. Who calls this waits within bounds. `isInterrupted` says that the user broke
   * off, for dialects in which that is a way to leave of its own.
   */
  leave(isInterrupted?: boolean): void;
}

/** Calls back once after some milliseconds, unless the function returned is called before. */
export type SetTimer = (delay: number, callback: () => void) => () => void;

/** A client's session with one server: any number of links, no socket. */
export interface ClientSession extends Session {
  /** How many links to the server it takes. */
  readonly links: number;
  /** The links are open; returns who is told what happens on each, and registers. */
  start(links: readonly HalfClosingLink[]): readonly LinkHandler[];
}

/** The open port of a client, and the server that is reached through it. */
export interface ClientPort {
  /** The port. */
  readonly port: DatagramPort;
  /** The server, at an IP address. */
  readonly server: Endpoint;
  /** The time, for as long as the port is open. */
  readonly deadlines: Deadlines;
}

/** A client's session where the dialect speaks datagrams: with one server, and with other clients. */
export interface DatagramSession extends Session, DatagramHandler {
  /** Whether an answer is waited for, so that the next line is better entered later. */
  readonly isWaiting: boolean;
  /** Registers. Called once, before anything else. */
  start(): void;
  /** From now on, or with `false` no more, messages are neither read nor acknowledged. */
  pause(pause: boolean): void;
}

/** A kind of line that can be entered; help and completion read it. */
export interface CommandForm {
  /** The line, with `<…>` for what varies: `<user>`, `<alias>` and `<name>` for somebody's name, `<group>` for a group's. */
  readonly form: string;
  /** What it does: a few words, of which it is the subject. */
  readonly does: string;
}

/** A port on which our server speaks a dialect. */
export interface ServerPort {
  /** The option of `chat serve` that chooses it, without its dashes. */
  readonly option: string;
  /** What `--help` says of that option. */
  readonly help: string;
  /** Where it is by default; without one, only who asks for it gets it. */
  readonly defaultPort?: number;
}

/** An option of `chat connect` that a dialect brings. */
export interface ClientOption {
  /** The option, without its dashes. */
  readonly option: string;
  /** What `--help` says of it. */
  readonly help: string;
}

/** An option of `chat serve` that is still read for this version, is shown no more, and takes one of a few words. */
export interface RetiredOption {
  /** The option, without its dashes. */
  readonly option: string;
  /** What it takes. */
  readonly words: readonly [string, ...string[]];
  /** What there is in its place, as a sentence without a full stop. */
  readonly instead: string;
}

/** The first bytes of a protocol's two sides. In the patterns a character is a byte (Latin-1). */
export interface FirstBytes {
  /** What a client begins with that speaks this and nothing else. */
  readonly client?: RegExp;
  /** What a server begins with that speaks this and nothing else. */
  readonly server?: RegExp;
  /** What a server may begin with that speaks this, or a dialect that {@linkcode DialectEntry.greetsFreely}. */
  readonly likelyServer?: RegExp;
}

/** What somebody who only wants to know whether a server is there knows of both sides. */
export interface PingPlace {
  /** The server, as it was named. */
  readonly server: Endpoint;
  /** The port of ours at which datagrams arrive; 0 over streams. */
  readonly port: number;
}

/**
 * How a server is asked whether it is there by somebody who does not want to become a user: no name is taken that could be
 * left out. In the pattern a character is a byte (Latin-1).
 */
export interface Ping {
  /** What is asked, as text; nothing where servers speak first. */
  readonly question?: (place: PingPlace) => string;
  /** How long a server that may speak first is waited for before it is asked, in milliseconds; not at all by default. */
  readonly patience?: number;
  /** What a server's first words look like, be it an answer, a greeting or a refusal. */
  readonly answer: RegExp;
  /** What somebody who has asked says on leaving. */
  readonly farewell?: string;
}

/** What all dialects in the registry have. */
export interface DialectEntry {
  /** Its name, as options and clauses spell it. */
  readonly name: string;
  /** The port that our server listens on by default. */
  readonly defaultPort: number;
  /** What `--help` says of the option for its port, where that is more than which dialect it is. */
  readonly portHelp?: string;
  /** Further ports on which our server speaks it. */
  readonly furtherPorts?: readonly ServerPort[];
  /** The IDs by which its clients address everybody on a hub, whatever they speak; all free. */
  readonly memberIds?: <Holder>() => IdPool<Holder>;
  /** The option of `chat connect` for the folder of the files that the document has its client keep. */
  readonly messageLog?: ClientOption;
  /** How its clients and servers are recognised by those who speak something else, where they are. */
  readonly firstBytes?: FirstBytes;
  /** How one finds out whether a server is there. */
  readonly ping: Ping;
  /** How its client, which began with `first` at the port of another dialect, is told some words in its own protocol. */
  refusal?(words: string, first: string): string;
  /** Whether its server answers whatever it does not know itself, so that no clients of other dialects are looked out for. */
  readonly answersOthers?: boolean;
  /** Whether its servers speak before their clients do. */
  readonly speaksFirst?: boolean;
  /** Whether its document pins no bytes of what a server says first. */
  readonly greetsFreely?: boolean;
  /** An option that is on its way out. */
  readonly retiredOption?: RetiredOption;
  /** How a line is entered, shown to people who connect: `@<user> <message>`. */
  readonly usage: string;
  /** The lines that a person can enter. */
  readonly forms: readonly CommandForm[];
  /** The dialect's own requests for help and for names, where it has them; its lines then begin with a slash. */
  readonly requests?: { readonly help: string; readonly names: string };
  /** Whether the document has its client exit when the server is gone, so that no other connection is made. */
  readonly exitsWhenLost?: boolean;
  /** Whether it is the server that says what its clients are called, so that nobody needs to be asked for a name. */
  readonly assignsNames?: boolean;
}

/** Makes the dialect's side of a server for each of its ports, all with the same users; takes the port's option. */
export type ServerFactory = (option: string) => DialectServer;

/** Makes the dialect's side of a server on a port, which the caller starts. */
export type DatagramServerFactory = (port: DatagramPort, guard: DatagramGuard) => DatagramServer;

/** What a WebSocket carries a dialect by. */
export interface WebSocketCarrier {
  /** Its path: `/chat`. */
  readonly path: string;
  /** Its sub-protocol. */
  readonly name: string;
  /** How long a message may be, in bytes, that has a body of so many. */
  longest(maxBody: number): number;
  /** A message in the one form that stands for all of the same meaning, in which transcripts have it. */
  canonical(message: string): string;
}

/** A dialect that speaks over streams. */
export interface Dialect extends DialectEntry {
  /** What carries it. */
  readonly transport: "tcp";
  /**
   * The WebSocket that lies between, where there is one: what a session writes at once is then one message of it, and so is what
   * it receives at once.
   */
  readonly webSocket?: WebSocketCarrier;
  /** Loads the code for clients and makes a session for a user of this name, who is a person at a terminal or a script. */
  client(name: string, events: ClientEvents, isInteractive: boolean, timer: SetTimer): Promise<ClientSession>;
  /** Loads the code for servers. `retired` is the word that the retired option was given. */
  server(context: ServerContext, retired?: string): Promise<ServerFactory>;
}

/** A dialect that speaks in datagrams. */
export interface DatagramDialect extends DialectEntry {
  /** What carries it. */
  readonly transport: "udp";
  /** The option of `chat connect` for the port that its client listens on. */
  readonly clientPort: ClientOption;
  /** Loads the code for clients and makes a session for a user of this name: what arrives at the port is for it. */
  client(name: string, events: ClientEvents, open: ClientPort): Promise<DatagramSession>;
  /** Loads the code for servers. */
  server(context: ServerContext): Promise<DatagramServerFactory>;
}

/** A dialect in the registry. */
export type AnyDialect = Dialect | DatagramDialect;
