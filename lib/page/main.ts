/**
 * The page in the browser: `deno task page` makes `lib/server/page/page.js` of it.
 *
 * @module
 */

import { Chat, type Effect } from "./chat.ts";
import { WebConnection } from "./web_connection.ts";
import { readHistory, writeHistory } from "./tab_history.ts";
import { PageView } from "./view/page.ts";

/** Where the tab's storage has what was said, and the protocol's name for itself. */
const [STORED, PROTOCOL] = ["chat.web.1/tab", "chat.web.1"];

const chat = new Chat(Math.random, readHistory(stored()));
const view = new PageView(chat, act);
const address = Object.assign(new URL("chat", location.href), {
  protocol: location.protocol === "https:" ? "wss:" : "ws:",
  search: "",
  hash: "",
});
const connection = new WebConnection(() => new WebSocket(address, PROTOCOL), {
  heard(message): void {
    chat.hear(message, Date.now());
    act();
  },
  closed(): void {
    chat.closed(Date.now());
    act();
  },
});
let timer: number | undefined;

/** Carries out what is to be done, and shows what has changed. */
function act(): void {
  for (const effect of chat.takeEffects()) carryOut(effect);
  clearTimeout(timer);
  if (chat.deadline !== undefined) {
    timer = setTimeout(() => {
      chat.tick(Date.now());
      act();
    }, Math.max(0, chat.deadline - Date.now()));
  }
  view.changed();
}

function carryOut(effect: Effect): void {
  if (effect.kind === "connect") connection.open();
  else if (effect.kind === "disconnect") connection.close();
  else connection.say(effect.message);
}

/** What the tab remembers; nothing where the browser keeps nothing. */
function stored(): string | null {
  try {
    return sessionStorage.getItem(STORED);
  } catch {
    return null; // somebody has forbidden it, and the page does without
  }
}

function store(): void {
  const { threads, phase } = chat;
  try {
    sessionStorage.setItem(STORED, writeHistory({ name: phase.kind === "apart" ? "" : chat.name, threads }));
  } catch {
    // Forbidden, or there is no room: the page does without.
  }
}

addEventListener("pagehide", store);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && store());
addEventListener("online", () => {
  chat.retry(Date.now());
  act();
});
if (chat.wasHere) chat.join(chat.name, Date.now());
act();
// Before anybody can type.
view.show();
