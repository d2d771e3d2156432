/**
 * What the suite is tested with: for each dialect the servers that are right, useless, or wrong in one way.
 *
 * @module
 */

import type { ServerContext } from "../../lib/dialects/dialect.ts";
import { FrameServer } from "../../lib/dialects/frame/server.ts";
import type { RelaySession } from "../../lib/dialects/relay/session.ts";
import type { Changing } from "./mutation.ts";
import { hearing, sessions } from "./mutations.ts";
import { OTHER_WAYS } from "./frame/other_ways.ts";
import { WRONG_WITH_CLIENTS } from "./frame/wrong_with_clients.ts";
import { WRONG_WITH_FRAMES } from "./frame/wrong_with_frames.ts";
import { AS_IT_IS, changedGroup, GROUP_MUTANTS, lateBy, TABLE_FIRST, USELESS_IN_GROUP } from "./group/mutants.ts";
import { LateServing } from "./late.ts";
import { type Mutant, type PlainServer, readMutants, type Start } from "./mutant.ts";
import { makeRelay, RELAY_MUTANTS } from "./relay/mutants.ts";
import { RoomServer } from "../../lib/dialects/room/server.ts";
import { ROOM_MUTANTS, ShowingPorts, WelcomingOnly } from "./room/mutants.ts";
import { PlainRoomServer } from "./room/server.ts";
import { type MakeServer, Serving, ServingDialect } from "./serving.ts";
import { SlashServer } from "../../lib/dialects/slash/server.ts";
import { AliasOnly, SLASH_MUTANTS } from "./slash/mutants.ts";
import { PlainSlashServer } from "./slash/server.ts";
import { USELESS } from "./useless.ts";

/** A server, and what it does as it goes on behind "a server that". */
export interface Extra {
  /** What it does. */
  readonly words: string;
  /** Starts it. */
  readonly start: Start;
}

/** A server that does next to nothing. */
export interface Useless extends Extra {
  /** Globs (as in `--filter`) for what it keeps all the same; it may pass nothing else. */
  readonly keeps: readonly string[];
}

/** The servers with which the fixtures of a dialect are tested. */
export interface MutantSet {
  /** The dialect's name. */
  readonly dialect: string;
  /** Those that keep every clause, our own first. */
  readonly right: readonly Extra[];
  /** Those that do next to nothing. */
  readonly useless: readonly Useless[];
  /** Those that are wrong in one way. */
  readonly mutants: readonly Mutant[];
  /** Why a clause that must or should be kept has no fixture or no mutant, by its slug. */
  readonly excuses: Readonly<Record<string, string>>;
}

/** Longer than a server needs, and shorter than anybody may be silent, in milliseconds. */
const LATE = 5;
/** Longer than a step may take in the self-test, in milliseconds. */
const NEVER_IN_TIME = 60_000;
const NEVER_WORDS = "answers when nobody waits any more";

/** What useless servers do, in words. */
const USELESS_WORDS: Readonly<Record<string, string>> = {
  mute: "says nothing at all",
  echo: "sends back what it is sent",
  closing: "closes every connection at once",
  "closing-on-input": "closes every connection that says anything",
  babbling: "sends without end",
};

const makeSlash: MakeServer = (context: ServerContext) => new SlashServer(context);
const makeRoom: MakeServer = (context: ServerContext) => new RoomServer(context);
const makeFrame: MakeServer = (context: ServerContext) => new FrameServer(context);

/** All casts, in the order in which they are shown. */
export const MUTANT_SETS: readonly MutantSet[] = [
  {
    dialect: "relay",
    right: [{ words: "is ours", start: ours(makeRelay) }, { words: "answers late", start: late(makeRelay, LATE) }],
    useless: [
      ...thatSayNothing(makeRelay),
      {
        words: "registers everybody and does nothing else",
        start: ours(makeRelay, sessions(deafOnceRegistered)),
        keeps: [
          "relay/register-tosend",
          "relay/register-torecv",
          "relay/register-malformed",
          "relay/register-all",
          "relay/register-long",
          "relay/unregistered-send",
          "relay/unregistered-garbage",
          "relay/unregistered-half*",
          "relay/stream-split-*register*",
          "relay/stream-joined-register",
        ],
      },
    ],
    mutants: [...uselessIn("relay/register-tosend"), ...RELAY_MUTANTS],
    excuses: {},
  },
  {
    dialect: "frame",
    right: [
      { words: "is ours", start: ours(makeFrame) },
      { words: "answers late", start: late(makeFrame, LATE) },
      ...Object.entries(OTHER_WAYS).map(([words, Server]) => ({ words, start: plain(Server) })),
    ],
    useless: [
      ...thatSayNothing(makeFrame),
      {
        words: "gives everybody an ID and does nothing else",
        start: ours(makeFrame, hearing(() => () => "")),
        keeps: ["frame/assign", "frame/assign-unique*", "frame/leave-newcomer"],
      },
    ],
    mutants: [
      ...uselessIn("frame/assign", ["mute", "closing", "babbling"]),
      ...readMutants({ ...WRONG_WITH_CLIENTS, ...WRONG_WITH_FRAMES }, plain),
    ],
    excuses: {},
  },
  {
    dialect: "slash",
    right: [
      { words: "is ours", start: ours(makeSlash) },
      { words: "answers late", start: late(makeSlash, LATE) },
      { words: "does what the document says", start: plain(PlainSlashServer) },
    ],
    useless: [
      ...thatSayNothing(makeSlash),
      { words: "gives everybody an alias and does nothing else", start: plain(AliasOnly), keeps: [] },
    ],
    mutants: [...uselessIn("slash/users"), ...readMutants(SLASH_MUTANTS, plain)],
    excuses: {},
  },
  {
    dialect: "group",
    right: [
      { words: "is ours", start: changedGroup(AS_IT_IS) },
      { words: "answers late", start: changedGroup(lateBy(LATE)) },
      { words: "sends the table before it acknowledges register", start: changedGroup(TABLE_FIRST) },
    ],
    useless: [
      ...Object.entries(USELESS_IN_GROUP).map(([name, change]) => ({
        words: `is ${name}`,
        start: changedGroup(change),
        keeps: [],
      })),
      { words: NEVER_WORDS, start: changedGroup(lateBy(NEVER_IN_TIME)), keeps: [] },
    ],
    mutants: GROUP_MUTANTS,
    excuses: {},
  },
  {
    dialect: "room",
    right: [
      { words: "is ours", start: ours(makeRoom) },
      { words: "answers late", start: late(makeRoom, LATE) },
      { words: "does what the document says", start: plain(PlainRoomServer) },
      { words: "shows the port behind each address", start: plain(ShowingPorts) },
    ],
    useless: [
      ...thatSayNothing(makeRoom),
      {
        words: "welcomes everybody and does nothing else",
        start: plain(WelcomingOnly),
        keeps: ["room/greeting", "room/welcome", "room/joined"],
      },
    ],
    mutants: [...uselessIn("room/greeting", ["mute", "closing", "babbling"]), ...readMutants(ROOM_MUTANTS, plain)],
    excuses: {},
  },
];

function ours(make: MakeServer, change: Changing = () => ({})): Start {
  return (settings) => new ServingDialect(make, settings, change());
}

function late(make: MakeServer, delay: number): Start {
  return (settings) => new LateServing(make, settings, delay);
}

function plain(Server: new () => PlainServer): Start {
  return () => {
    const server = new Server();
    return new Serving((link) => server.accept(link));
  };
}

/** Servers that are useless in any dialect, and one that is right, but never in time. */
function thatSayNothing(make: MakeServer): Useless[] {
  const useless = Object.entries(USELESS).map(([name, behaviour]) => ({
    words: `is ${name}`,
    start: () => new Serving(behaviour),
    keeps: [],
  }));
  return [...useless, { words: NEVER_WORDS, start: late(make, NEVER_IN_TIME), keeps: [] }];
}

/**
 * Useless servers count as wrong in what comes first, so that a failing server can be like them. Where the server speaks
 * first, some of them cannot be told from one that is mute.
 */
function uselessIn(clause: string, names: readonly string[] = Object.keys(USELESS_WORDS)): Mutant[] {
  return names.map((name) => ({ clause, words: USELESS_WORDS[name]!, start: () => new Serving(USELESS[name]!) }));
}

function deafOnceRegistered(session: RelaySession): void {
  const [message, body] = [session.message.bind(session), session.body.bind(session)];
  const unreadable = session.unreadable.bind(session);
  session.unreadable = (fault) => session.isRegistered ? undefined : unreadable(fault);
  session.message = (header) => session.isRegistered ? undefined : message(header);
  session.body = (to, bytes) => session.isRegistered ? undefined : body(to, bytes);
}
