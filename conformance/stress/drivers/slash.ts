/**
 * slash: an alias, direct messages and messages to all, in lines whose words are the server's own.
 *
 * @module
 */

import type { Driver, StressClient, StressHost } from "../driver.ts";
import type { StressLink } from "../stress_link.ts";
import { LineSender, MarkedText } from "./marked_text.ts";

/** Plays slash clients. */
export const SLASH_DRIVER: Driver = {
  dialect: "slash",
  hasAcknowledgements: false,
  abilities: {
    choosesNames: true,
    sendsToOne: true,
    sendsToAll: true,
    hasGroups: false,
    fillings: ["words", "lookalike"],
    sizes: [24, 32, 64, 100, 200, 400, 1_000, 3_000],
  },
  come,
};

/** How servers say that an alias cannot be had; no document says it. */
export const REFUSAL =
  /taken|in use|already|used|not free|(some|any)(body|one) else|belongs|exist|not available|unavailable|another|choose|invalid/i;
/** A server that says nothing first is told the alias after this time, in milliseconds. */
const SILENCE = 2_000;

async function come(host: StressHost): Promise<StressClient | undefined> {
  const { name } = host;
  const text = new MarkedText(host);
  let words = "";
  let isThere = false;
  let changed = () => {};
  const link: StressLink = await host.dial((bytes) => {
    if (isThere) return text.push(bytes);
    words += new TextDecoder("latin1").decode(bytes);
    changed();
  });
  const until = (isSo: () => boolean) =>
    new Promise<void>((resolve) => {
      changed = () => void (isSo() && resolve());
      changed();
    });
  let isPatient = true;
  host.after(SILENCE, () => {
    isPatient = false;
    changed();
  });
  await until(() => words !== "" || !isPatient);
  const sender = new LineSender(host, (bytes) => link.write(bytes));
  words = "";
  const claim = host.claim(name);
  sender.send(name);
  // What answers names the alias, or is the first thing that is no message of somebody else's.
  await until(() => words.includes(name) || REFUSAL.test(words));
  const answer = words.split("\n").find((line) => line.includes(name) || REFUSAL.test(line)) ?? words;
  if (REFUSAL.test(answer)) {
    host.answer(claim, "fail");
    return undefined;
  }
  host.answer(claim, "ok");
  sender.isPaced = !words.includes("\n");
  isThere = true;
  text.push(Uint8Array.from(words.slice(words.indexOf(name) + name.length), (char) => char.charCodeAt(0)));
  return {
    name,
    send(to, body, sending) {
      const command = to === undefined ? "/bm " : `/dm ${to} `;
      sender.send(command, body, () => host.answer(sending, "ok"));
    },
    leave: () => sender.send("/quit"),
  };
}
