/**
 * room: a name, and whatever one says is for all.
 *
 * @module
 */

import type { Driver, StressClient, StressHost } from "../driver.ts";
import type { StressLink } from "../stress_link.ts";
import { LineSender, MarkedText } from "./marked_text.ts";

/** Plays room clients. */
export const ROOM_DRIVER: Driver = {
  dialect: "room",
  hasAcknowledgements: false,
  abilities: {
    choosesNames: false,
    sendsToOne: false,
    sendsToAll: true,
    hasGroups: false,
    fillings: ["words", "lookalike"],
    sizes: [24, 32, 64, 100, 200, 400, 900],
  },
  come,
};

async function come(host: StressHost): Promise<StressClient | undefined> {
  const { name } = host;
  const text = new MarkedText(host);
  const heard = { words: "", isThere: false };
  let changed = () => {};
  const link: StressLink = await host.dial((bytes) => {
    if (heard.isThere) return text.push(bytes);
    heard.words += new TextDecoder("latin1").decode(bytes);
    changed();
  });
  const until = (isSo: () => boolean) =>
    new Promise<void>((resolve) => {
      changed = () => void (isSo() && resolve());
      changed();
    });
  await until(() => heard.words !== "");
  const sender = new LineSender(host, (bytes) => link.write(bytes));
  const welcome = `Welcome ${name}`;
  sender.send(name);
  await until(() => heard.words.includes(welcome) && heard.words.includes("exit.", heard.words.indexOf(welcome)));
  sender.isPaced = !heard.words.slice(heard.words.indexOf(welcome)).includes("\n");
  const behind = heard.words.slice(heard.words.indexOf(welcome));
  heard.isThere = true;
  // What others have said meanwhile has come with it.
  text.push(Uint8Array.from(behind, (char) => char.charCodeAt(0)));
  return {
    name,
    send: (_, body, sending) => sender.send("", body, () => host.answer(sending, "ok")),
    leave: () => sender.send("#quit"),
  };
}
