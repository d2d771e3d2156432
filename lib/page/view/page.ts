/**
 * The page: what `Chat` knows, shown, and what its user does, told to it.
 *
 * @module
 */

import { EVERYONE } from "../../core/name.ts";
import { visibleText } from "../../core/visible.ts";
import type { Chat, Phase } from "../chat.ts";
import { Announcer } from "./announcer.ts";
import { excerptOf } from "./body_view.ts";
import { Composer } from "./composer.ts";
import { find, setText } from "./dom.ts";
import { Entrance } from "./entrance.ts";
import { LogView } from "./log_view.ts";
import { paintClass } from "./name_view.ts";
import { hereText, PeopleView, showUnread } from "./people_view.ts";

/** While nobody looks, there are no frames; in milliseconds. */
const UNSEEN_MS = 100;

/** Shows everything, a frame after it has changed. */
export class PageView {
  readonly #chat: Chat;
  readonly #act: () => void;
  readonly #talk = find("talk", HTMLDivElement);
  readonly #ownName = find("own-name", HTMLElement);
  readonly #title = find("title", HTMLHeadingElement);
  readonly #subtitle = find("subtitle", HTMLParagraphElement);
  readonly #connection = find("connection", HTMLParagraphElement);
  readonly #connectionText = find("connection-text", HTMLSpanElement);
  readonly #retry = find("retry", HTMLButtonElement);
  readonly #elsewhere = find("elsewhere", HTMLSpanElement);
  readonly #entrance: Entrance;
  readonly #people: PeopleView;
  readonly #log: LogView;
  readonly #composer: Composer;
  readonly #announcer = new Announcer();
  /** Whether there is room for one of people and conversation alone, as page.css has it. */
  readonly #isNarrow = matchMedia("(max-width: 42rem)");
  #isDue = false;

  /** Shows `chat`. `act` is called whenever the user has done something, so that it is carried out. */
  constructor(chat: Chat, act: () => void) {
    this.#chat = chat;
    this.#act = act;
    this.#entrance = new Entrance(chat, act);
    this.#people = new PeopleView(chat, (partner) => this.#open(partner));
    this.#composer = new Composer(chat, () => this.#said());
    this.#log = new LogView((entry) => {
      const why = chat.again(entry, chat.threads.open.partner, Date.now());
      if (why === undefined) this.#said();
      else this.#composer.tell(why);
    });
    this.#retry.addEventListener("click", () => {
      chat.retry(Date.now());
      this.#composer.focus();
      act();
    });
    find("leave", HTMLButtonElement).addEventListener("click", () => {
      chat.leave();
      act();
    });
    find("to-people", HTMLButtonElement).addEventListener("click", () => this.#showPeople());
    find("to-talk", HTMLButtonElement).addEventListener("click", () => this.#showTalk());
    document.addEventListener("keydown", (event) => this.#pressed(event));
    for (const kind of ["focus", "blur"]) globalThis.addEventListener(kind, () => this.look());
    document.addEventListener("visibilitychange", () => this.look());
    this.#isNarrow.addEventListener("change", () => this.look());
    this.look();
  }

  /** Whether somebody looks at the page may have changed. */
  look(): void {
    const isLogShown = this.#talk.hidden !== false || this.#talk.dataset.pane === "talk" || !this.#isNarrow.matches;
    this.#chat.look(document.visibilityState === "visible" && document.hasFocus() && isLogShown);
    this.changed();
  }

  /** Something is not as it is shown. */
  changed(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    const show = () => {
      this.#isDue = false;
      this.show();
    };
    if (document.visibilityState === "visible") requestAnimationFrame(show);
    else setTimeout(show, UNSEEN_MS);
  }

  /** Shows what there is, at once. */
  show(): void {
    const { phase, threads, name } = this.#chat;
    const { unread, unreadElsewhere, open } = threads;
    document.title = unread === 0 ? "chat" : `(${unread}) chat`;
    this.#announcer.tell(this.#chat.takeNews());
    // While somebody waits for their first answer, they are still at the entrance.
    const isApart = phase.kind === "apart" || !this.#chat.wasHere;
    const wasApart = this.#talk.hidden;
    this.#talk.hidden = isApart;
    this.#entrance.show(isApart);
    if (isApart) return;
    setText(this.#ownName, visibleText(name));
    this.#ownName.className = paintClass(name);
    this.#showHead();
    this.#showConnection(phase);
    showUnread(this.#elsewhere, unreadElsewhere);
    this.#people.update();
    this.#log.update(open);
    this.#composer.update(open.partner === EVERYONE ? "Write to everybody" : `Write to ${excerptOf(open.partner, 30)}`);
    if (wasApart) this.#composer.focus();
  }

  #showHead(): void {
    const { people, phase, threads: { open: { partner } } } = this.#chat;
    const isAll = partner === EVERYONE;
    setText(this.#title, isAll ? "Everybody" : visibleText(partner));
    this.#title.className = isAll ? "" : paintClass(partner);
    const dialect = people.dialectOf(partner);
    const isThere = dialect === undefined ? "not here" : `by ${dialect}`;
    // Without a connection nobody knows.
    setText(this.#subtitle, phase.kind !== "here" ? "" : isAll ? hereText(people.count) : isThere);
  }

  #showConnection(phase: Phase): void {
    const wasHidden = this.#connection.hidden;
    this.#connection.hidden = phase.kind === "here";
    // What is said stays while the next connection is made, or it would be read out each time.
    if (!wasHidden && (phase.kind === "connecting" || phase.kind === "joining")) return;
    this.#retry.hidden = phase.kind !== "waiting" && phase.kind !== "ended";
    setText(this.#connectionText, connectionText(phase));
  }

  #said(): void {
    this.#log.follow();
    this.#act();
  }

  #open(partner: string): void {
    this.#chat.open(partner);
    this.#people.clear();
    this.#showTalk();
    this.#act();
  }

  #showTalk(): void {
    this.#talk.dataset.pane = "talk";
    this.look();
    this.#composer.focus();
  }

  #showPeople(): void {
    this.#talk.dataset.pane = "people";
    this.look();
    this.#people.focus();
  }

  #pressed(event: KeyboardEvent): void {
    if (this.#entrance.isShown) return;
    if (event.key === "k" && (event.ctrlKey || event.metaKey) && !event.altKey) {
      event.preventDefault();
      this.#showPeople();
    } else if (event.key === "Escape" && !event.defaultPrevented) this.#showTalk();
  }
}

function connectionText(phase: Phase): string {
  switch (phase.kind) {
    case "waiting":
      return `Not connected: ${visibleText(phase.why)}. It is tried again by itself.`;
    case "ended":
      return `Not connected: ${visibleText(phase.why)}.`;
    case "connecting":
    case "joining":
      return "Connecting…";
    default:
      return "";
  }
}
