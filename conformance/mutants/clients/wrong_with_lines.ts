/**
 * What is wrong with clients of dialects of lines, whichever it is.
 *
 * @module
 */

import type { MutantTable } from "../mutant.ts";
import { lines } from "./plain_lines.ts";
import type { MakeClientProgram } from "./program.ts";

/** What fixtures call their users. */
const IS_NAME = /^user\w+$/;

/** Does not do what is typed as it should. */
export const WRONG_WHEN_TYPING: Readonly<Record<string, MakeClientProgram>> = {
  "sends a line twice": lines("say", (plain) => (text) => {
    plain(text);
    if (!IS_NAME.test(text)) plain(text);
  }),
  "sends the first word only": lines("say", (plain) => (text) => plain(text.split(" ")[0]!)),
  "sends what is no ASCII as question marks": lines("say", (plain) => (text) => plain(text.replace(/[^ -~]/g, "?"))),
  "sends a prompt before what is typed": lines(
    "say",
    (plain) => (text) => plain(IS_NAME.test(text) ? text : `> ${text}`),
  ),
  "sends its name and nothing else": lines((plain) => {
    let said = 0;
    return { say: (text) => said++ === 0 ? plain.say(text) : undefined };
  }),
};

/** Does not show what comes as it should. */
export const WRONG_WHEN_SHOWING: Readonly<Record<string, MakeClientProgram>> = {
  "shows nothing": lines("show", () => () => {}),
  "shows one thing only": lines((plain) => {
    let shown = 0;
    return { show: (text) => shown++ === 0 ? plain.show(text) : undefined };
  }),
  "shows nothing while its user types": lines("received", (plain, client) => (socket) => {
    if (!client.hasBegun) plain(socket);
  }),
  "shows what has come only when something is typed": lines((plain, client) => ({
    received: () => {},
    line: (text) => {
      plain.line(text);
      if (client.socket !== undefined) plain.received(client.socket);
    },
  })),
};

/** Does not leave as it should; `word` is what its user leaves with. */
export function wrongWhenLeaving(word: string): Readonly<Record<string, MakeClientProgram>> {
  return {
    "does not send that it leaves": lines("say", (plain, client) => (text) => {
      if (text === word) client.io.end(0);
      else plain(text);
    }),
    "stays when the server has closed": lines("gone", (_plain, client) => () => client.io.show("the server is gone")),
  };
}

/** Does not notice that the server is gone, or minds it too much. */
export const WRONG_WHEN_ALONE: MutantTable<MakeClientProgram>[string] = {
  "does not say that the server is gone": lines("gone", () => () => {}),
  "spins when the server is gone": lines("gone", (_plain, client) => () => {
    client.io.show("the server is gone");
    client.io.spin();
  }),
  "says without end that the server is gone": lines("gone", (_plain, client) => () => {
    client.io.repeat(5, () => client.io.show("the server is gone, and that is all there is to say. ".repeat(20)));
  }),
};
