/**
 * Where lines are written: what stays when a connection is lost and another one is made.
 *
 * @module
 */

import { readAnnouncement } from "../../dialects/announcements.ts";
import type { AnyDialect, CommandForm, InputResult, Session } from "../../dialects/dialect.ts";
import { RecentNames } from "./recent_names.ts";
import { complete } from "../frontend/completion.ts";
import type { Assistance, Completion, Entry, Frontend } from "../frontend/frontend.ts";
import { PendingLines } from "./pending_lines.ts";
import { isJsonLine, readJsonLine } from "../frontend/json_lines.ts";
import { helpLines, LOCAL_FORMS, parseLine } from "../frontend/local_commands.ts";
import type { Printer } from "../output/printer.ts";
import { nameText } from "../output/texts.ts";

/** What a desk is made of. */
export interface ClientStateOptions {
  /** How to speak. */
  readonly dialect: AnyDialect;
  /** With whom we speak on this side. */
  readonly frontend: Frontend;
  /** Shows what happens there. */
  readonly view: Printer;
  /** Whether a script's lines may be objects of JSON. */
  readonly readsJson?: boolean | undefined;
}

/** One person, or one script: what they enter, what became of it, and whom they know. */
export class ClientState {
  /** How to speak. */
  readonly dialect: AnyDialect;
  /** With whom we speak on this side. */
  readonly frontend: Frontend;
  /** Shows what happens there. */
  readonly view: Printer;
  /** What became of all that was entered. */
  readonly ledger: PendingLines;
  readonly #people = new RecentNames();
  readonly #groups = new RecentNames();
  #session: Session | undefined;
  readonly #readsJson: boolean;
  #pending: Promise<Entry> | undefined;
  #taken = 0;

  constructor({ dialect, frontend, view, readsJson = false }: ClientStateOptions) {
    this.#readsJson = readsJson && !frontend.interactive;
    this.dialect = dialect;
    this.frontend = frontend;
    this.view = view;
    this.ledger = new PendingLines(view);
  }

  /** Who is spoken through; nobody while there is no connection. */
  connect(session: Session | undefined): void {
    this.#session = session;
  }

  /** Somebody has spoken, or was spoken to. */
  met(name: string): void {
    this.#people.met(name);
  }

  /** Somebody is not there any more. */
  lost(name: string): void {
    this.#people.lost(name);
  }

  /** A notice may tell who is there besides us, or not any more. */
  heard(notice: string, ownName: string): void {
    const { here, gone, groups } = readAnnouncement(notice);
    for (const name of here) if (name !== ownName) this.met(name);
    for (const name of gone) this.lost(name);
    for (const name of groups) this.#groups.met(name);
  }

  /**
   * The next thing that is entered. It stays the next one until it is {@linkcode ClientState.taken}, so that nothing is lost that was
   * being written when a connection went away.
   */
  next(prompt: string): Promise<Entry> {
    if (this.#pending !== undefined) this.frontend.reprompt(prompt);
    return this.#pending ??= this.frontend.read(prompt);
  }

  /** What was entered is dealt with. */
  taken(): void {
    this.#pending = undefined;
    this.#taken++;
  }

  /** Which line of the input it was that was taken last, counted from 1, where it is an object. */
  numberOf(line: string): number | undefined {
    return this.#isObject(line) ? this.#taken : undefined;
  }

  /** Has a line done: by this program if it is one of our commands, which only people need, and otherwise by the dialect. */
  enter(line: string): InputResult {
    if (this.#isObject(line)) return this.#follow(line);
    const { requests } = this.dialect;
    const said = this.frontend.interactive
      ? parseLine(line, requests !== undefined)
      : { kind: "line", text: line } as const;
    switch (said.kind) {
      case "quit":
        return { kind: "leaving" };
      case "unknown":
        return { kind: "rejected", hint: said.form };
      case "help":
        for (const text of helpLines(this.dialect.name, this.dialect.forms)) this.view.notice(text);
        return this.#ask(requests?.help);
      case "names":
        if (requests === undefined) this.#tellNames();
        return this.#ask(requests?.names);
      case "line":
        return this.#session?.enter(said.text) ??
          { kind: "rejected", hint: "it again when there is a connection; Up brings it back" };
    }
  }

  #isObject(line: string): boolean {
    return this.#readsJson && isJsonLine(line);
  }

  #follow(line: string): InputResult {
    const session = this.#session;
    const instruction = readJsonLine(line);
    if (instruction.kind === "rejected") return instruction;
    if (session === undefined) return { kind: "rejected", hint: "it again when there is a connection" };
    if (instruction.kind === "command") return session.enter(instruction.line);
    if (instruction.kind === "message") return session.post(instruction.to, instruction.body);
    return session.postToGroup?.(instruction.group, instruction.body) ??
      { kind: "rejected", why: `${this.dialect.name} has no groups`, hint: '"to" in place of "group"' };
  }

  /** Help for whoever writes lines; `history` is told of each. */
  assistance(history: Pick<Assistance, "history" | "remember">): Assistance {
    return {
      history: history.history,
      remember: (line) => history.remember(line),
      complete: (before) => this.#complete(before),
      tell: (text) => this.view.notice(text),
    };
  }

  /** What only the dialect's server knows. */
  #ask(request: string | undefined): InputResult {
    return request === undefined ? { kind: "taken" } : this.#session?.enter(request) ?? { kind: "taken" };
  }

  #tellNames(): void {
    const present = this.#session?.present;
    const list = (names: readonly string[]) => names.length === 0 ? "nobody" : names.map(nameText).join(", ");
    if (present !== undefined) return this.view.notice(`here besides us: ${list(present)}`);
    const { latestFirst, lostLatestFirst } = this.#people;
    const gone = lostLatestFirst.length === 0 ? "" : `; gone: ${list(lostLatestFirst)}`;
    this.view.notice(`${this.dialect.name} does not tell who is there; met so far: ${list(latestFirst)}${gone}`);
  }

  #complete(before: string): Completion {
    const expects = this.#session?.expects;
    return complete(before, {
      forms: expects === "name" ? ONE_NAME : expects === "text" ? [] : [...this.dialect.forms, ...LOCAL_FORMS],
      names: unique(this.#people.latestFirst, this.#session?.present),
      groups: unique(this.#session?.groups, this.#groups.latestFirst),
    });
  }
}

/** The line that is nothing but a name. */
const ONE_NAME: readonly CommandForm[] = [{ form: "<name>", does: "is somebody" }];

function unique(...lists: (readonly string[] | undefined)[]): string[] {
  return [...new Set(lists.flatMap((list) => list ?? []))];
}
