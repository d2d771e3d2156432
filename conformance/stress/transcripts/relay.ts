/**
 * relay: small runs of many clients as transcripts, in orders that clients alone can force.
 *
 * @module
 */

import type { UserScript } from "../shrinking/script.ts";
import { type Act, actsOf, type Message, nameOf } from "./acts.ts";
import type { OrderedTranscript, Transcriber } from "./transcriber.ts";

/** Writes them. */
export const RELAY_TRANSCRIPTS: Transcriber = { dialect: "relay", candidates };

function candidates(script: UserScript, wrong: string): OrderedTranscript[] {
  const users = script.map((_, user) => nameOf(user));
  const acts = actsOf(script).filter((act) => act.kind === "message" || act.kind === "return");
  const messages = acts.filter((act) => act.kind === "message");
  const wanted = acts.filter((act) => act.kind === "return" && act.as !== "own");
  if (wanted.length > 1 && messages.length === 0) return claimed(wrong.includes("(TORECV)") ? "TORECV" : "TOSEND");
  const come = users.map((who) => `user ${who}`);
  const title = "All messages arrive, and are confirmed";
  const inOrder = {
    how: "one after the other",
    title,
    setUp: come,
    steps: acts.flatMap((act) => oneByOne(act, users)),
  };
  if (messages.length < acts.length) return [inOrder];
  const atOnce = { how: "all at one instant", title, setUp: come, steps: together(messages, users) };
  return [inOrder, ...heldBack(messages), atOnce];
}

/** The body of a message, and what goes before it. */
function bodyOf({ letter, size }: Message): string {
  return `Content-length: ${size}\\n\\n{${letter} * ${size}}`;
}

function sends(message: Message): string {
  const { from, to } = message;
  return `${from}.out > SEND ${to === "all" ? "ALL" : `{${to}}`}\\n${bodyOf(message)}`;
}

function arrives(message: Message, at: string): string {
  return `${at}.in < FORWARD {${message.from}}\\n${bodyOf(message)}`;
}

function acknowledges({ from }: Message, at: string): string {
  return `${at}.in > RECEIVED {${from}}\\n\\n`;
}

function confirmed({ from, to }: Message): string {
  return to === "nobody" ? `${from}.out < ERROR 102 Unable to send\\n\\n` : `sent ${from} ${to === "all" ? from : to}`;
}

function recipients({ from, to }: Message, users: readonly string[]): string[] {
  if (to === "nobody") return [];
  return to === "all" ? users.filter((user) => user !== from) : [to];
}

/** Whatever is done is done with before the next begins. */
function oneByOne(act: Act, users: readonly string[]): string[] {
  if (act.kind === "message") return [sends(act), ...arrivals([act], users), confirmed(act)];
  const { who, by } = act;
  const sockets = [`${who}.out`, `${who}.in`];
  const part = by === "reset"
    ? sockets.map((socket) => `reset ${socket}`)
    : by === "half-close"
    ? sockets.flatMap((socket) => [`end ${socket}`, `forget ${socket}`, `close ${socket}`])
    : [
      ...by === "cut" ? [`${who}.out > SEND ALL\\nContent-length: 200\\n\\nhalf`] : [],
      ...sockets.map((socket) => `close ${socket}`),
    ];
  // A name is free again soon, and not at once.
  const register = (side: string, socket: string) => [
    "soon:",
    `  connect ${socket}`,
    `  ${socket} > REGISTER ${side} {${who}}\\n\\n`,
    `  ${socket} < REGISTERED ${side} {${who}}\\n\\n`,
  ];
  return [...part, ...register("TOSEND", `${who}.out`), ...register("TORECV", `${who}.in`)];
}

/** They arrive in any order, but where one sends to another alone in its own; each is acknowledged at once. */
function arrivals(messages: readonly Message[], users: readonly string[]): string[] {
  const all = messages.flatMap((message) => recipients(message, users).map((at) => ({ message, at })));
  const pairs = new Set(all.map(({ message, at }) => `${message.from} ${at}`));
  if (pairs.size < 2) {
    return all.flatMap(({ message, at }) => [arrives(message, at), acknowledges(message, at)]);
  }
  const lines = all.flatMap(({ message, at }) => [`  ${arrives(message, at)}`, `    ${acknowledges(message, at)}`]);
  return ["all:", ...lines];
}

function together(messages: readonly Message[], users: readonly string[]): string[] {
  return [...messages.map(sends), ...arrivals(messages, users), ...messages.map(confirmed)];
}

/** Two are on their way to one, who acknowledges one of them alone: the other must not be confirmed. */
function heldBack(messages: readonly Message[]): OrderedTranscript[] {
  const first = messages.find(({ to }) => to !== "all" && to !== "nobody");
  const second = messages.find(({ to, from }) => to === first?.to && from !== first?.from);
  if (first === undefined || second === undefined) return [];
  const at = first.to;
  const done = (message: Message) => [acknowledges(message, at), confirmed(message)];
  const title = "Each message is confirmed by its own acknowledgement";
  const setUp = [first.from, second.from, at].map((who) => `user ${who}`);
  const steps = (acknowledged: Message, held: Message) => [
    sends(first),
    arrives(first, at),
    sends(second),
    "# A server may pass the second one on at once, or when the first is done with.",
    "choice _:",
    "  when at-once:",
    ...[
      arrives(second, at),
      acknowledges(acknowledged, at),
      `${held.from}.out silent`,
      confirmed(acknowledged),
      ...done(held),
    ].map((line) => `    ${line}`),
    "  when one-by-one:",
    ...[`${at}.in silent`, ...done(first), arrives(second, at), ...done(second)].map((line) => `    ${line}`),
  ];
  return [
    {
      how: "the second acknowledgement is held back until the first message is confirmed",
      title,
      setUp,
      steps: steps(first, second),
    },
    {
      how: "the first acknowledgement is held back until the second message is confirmed",
      title,
      setUp,
      steps: steps(second, first),
    },
  ];
}

/** Two ask for one name: one after the other, and at one instant. */
function claimed(side: "TOSEND" | "TORECV"): OrderedTranscript[] {
  const title = "Of two who ask for one name, one gets it";
  const come = ["name wanted", ...side === "TORECV" ? ["tosend wanted"] : [], "connect one", "connect other"];
  const asks = (who: string) => `${who} > REGISTER ${side} {wanted}\\n\\n`;
  const given = (who: string) => `${who} < REGISTERED ${side} {wanted}\\n\\n`;
  const refused = (who: string) => [`${who} < ERROR {_=digits}{_=line}\\n\\n`, `forget ${who}`];
  return [
    {
      how: "one after the other",
      title,
      setUp: come,
      steps: [asks("one"), given("one"), asks("other"), ...refused("other")],
    },
    {
      how: "both at one instant",
      title,
      setUp: come,
      steps: [
        asks("one"),
        asks("other"),
        "choice _:",
        "  when one:",
        ...[given("one"), ...refused("other")].map((line) => `    ${line}`),
        "  when other:",
        ...[given("other"), ...refused("one")].map((line) => `    ${line}`),
      ],
    },
  ];
}
