/**
 * group: small runs of many clients as transcripts. Requests are answered one after the other or all at one instant, and who is in a group
 * is asked when all is done.
 *
 * @module
 */

import type { UserScript } from "../shrinking/script.ts";
import { type Act, actsOf, type GroupAct, type Message, nameOf } from "./acts.ts";
import type { OrderedTranscript, Transcriber } from "./transcriber.ts";

/** Writes them. */
export const GROUP_TRANSCRIPTS: Transcriber = { dialect: "group", candidates };

function candidates(script: UserScript): OrderedTranscript[] {
  const users = script.map((_, user) => nameOf(user));
  const acts = actsOf(script);
  const title = "Members are those who have joined and not left, and get whatever is sent to their group";
  const inOrder = new Story(users);
  for (const act of acts) inOrder.tell(act);
  inOrder.listAll();
  const setUp = users.map((who) => `client ${who}`);
  const all = [{ how: "one after the other", title, setUp, steps: inOrder.steps }];
  const joining = [...new Set(acts.flatMap((act) => act.kind === "join" ? act.who : []))];
  if (joining.length > 1) {
    const atOnce = new Story(users);
    atOnce.joinTogether(joining);
    atOnce.listAll();
    all.push({ how: "all join at one instant", title, setUp, steps: atOnce.steps });
  }
  const messages = acts.filter((act) => act.kind === "message");
  const senders = [...new Set(messages.map(({ from }) => from))];
  if (senders.length > 1) {
    const atOnce = new Story(users);
    atOnce.joinTogether(users);
    atOnce.sayTogether(senders.map((who) => messages.find(({ from }) => from === who)!));
    all.push({ how: "all send at one instant", title, setUp, steps: atOnce.steps });
  }
  return all;
}

/** Writes down what users do, and knows who is in which group by then. */
class Story {
  readonly steps: string[] = [];
  /** What users are called by now. */
  readonly #names: Map<string, string>;
  readonly #groupOf = new Map<string, string>();
  readonly #made = new Set<string>();
  /** Who has made a group and not joined it yet. */
  readonly #creators = new Map<string, string>();
  readonly #requests = new Map<string, number>();

  constructor(users: readonly string[]) {
    this.#names = new Map(users.map((user) => [user, user]));
  }

  tell(act: Act | GroupAct): void {
    if (act.kind === "message") return this.#say({ ...act, from: this.#names.get(act.from)! });
    const who = this.#names.get(act.who)!;
    if (act.kind === "return") return this.#comeBack(who);
    const group = this.#groupOf.get(who);
    // As users do: whoever is in no group joins it, and whoever is in another one leaves that before.
    if (group === undefined) return this.#join(who, groupOf(act));
    if (act.kind === "leave") return this.#leave(who);
    if (act.kind === "members" || group === groupOf(act)) return this.#list(who);
    this.#leave(who);
    this.#join(who, groupOf(act));
  }

  joinTogether(users: readonly string[]): void {
    const group = "group-0";
    this.#make(users[0]!, group);
    this.steps.push(...users.map((who) => this.#joins(who, group)));
    this.steps.push("all:", ...users.map((who) => `  ${this.#entered(who, group)}`));
  }

  sayTogether(messages: readonly Message[]): void {
    this.#words(messages);
    this.steps.push(...messages.map(({ from, text }) => `tell ${from} group-0 {${text}}`));
    const lines = messages.flatMap(({ from, text }) => [
      `received-by-server ${from}`,
      ...this.#othersIn(from).map((other) => `hears-among ${other} ${from} {${text}}`),
    ]);
    this.steps.push("all:", ...lines.map((line) => `  ${line}`));
  }

  /** Each member of a group asks who is in it. */
  listAll(): void {
    for (const who of this.#groupOf.keys()) this.#list(who);
  }

  #say(message: Message): void {
    const { from, text } = message;
    const group = this.#groupOf.get(from);
    if (group === undefined) return;
    this.#words([message]);
    this.steps.push(`tell ${from} ${group} {${text}}`);
    const heard = this.#othersIn(from).map((other) => `hears-among ${other} ${from} {${text}}`);
    this.steps.push("all:", `  received-by-server ${from}`, ...heard.map((line) => `  ${line}`));
  }

  #words(messages: readonly Message[]): void {
    this.steps.push(...messages.map(({ text, letter, size }) => `let ${text} = {${letter} * ${size}}`));
  }

  #join(who: string, group: string): void {
    this.#make(who, group);
    this.steps.push(this.#joins(who, group), this.#entered(who, group));
  }

  #make(who: string, group: string): void {
    if (this.#made.has(group)) return;
    this.#made.add(group);
    this.steps.push(`name ${group}`, `create ${who} ${group}`, `created ${who} ${group}`);
    this.#creators.set(group, who);
  }

  #joins(who: string, group: string): string {
    return `${
      this.#request(who)
    }join_group\\nport:\\n{${who}.port}\\ngroup_name:\\n{${group}}\\ncurrent_user:\\n{${who}}`;
  }

  #entered(who: string, group: string): string {
    this.#groupOf.set(who, group);
    const isFirst = this.#creators.get(group) === who;
    this.#creators.delete(group);
    return `${isFirst ? "creator-entered" : "entered"} ${who} ${group}`;
  }

  #leave(who: string): void {
    const group = this.#groupOf.get(who)!;
    this.#groupOf.delete(who);
    const request = `${
      this.#request(who)
    }leave_group\\nport:\\n{${who}.port}\\ncurrent_user:\\n{${who}}\\ngroup_name:\\n{${group}}`;
    this.steps.push(request, `left ${who} ${group}`);
  }

  #list(who: string): void {
    const group = this.#groupOf.get(who)!;
    const request = `${
      this.#request(who)
    }list_members\\nport:\\n{${who}.port}\\ncurrent_user:\\n{${who}}\\ngroup_name:\\n{${group}}`;
    const members = [who, ...this.#othersIn(who)].map((member) => `  is-member ${who} ${group} {${member}}`);
    this.steps.push(request, `members-follow ${who} ${group}`, "all:", ...members);
  }

  /** No document says that a name can be had again. */
  #comeBack(who: string): void {
    if (this.#groupOf.has(who)) this.#leave(who);
    const next = `${who}-again`;
    const request = `${this.#request(who)}dereg\\nport:\\n{${who}.port}`;
    this.steps.push(request, `answer ${who} dereg [You\\sare\\sOffline.\\sBye.]`, `client ${next}`);
    for (const [user, name] of this.#names) if (name === who) this.#names.set(user, next);
  }

  #othersIn(who: string): string[] {
    const group = this.#groupOf.get(who);
    return [...this.#names.values()].filter((other) =>
      other !== who && group !== undefined && this.#groupOf.get(other) === group
    );
  }

  /** The same bytes soon again would be taken for a repetition. */
  #request(who: string): string {
    const count = this.#requests.get(who) ?? 0;
    this.#requests.set(who, count + 1);
    return `${who} > ${count % 2 === 0 ? "h" : "H"}eader:\\n`;
  }
}

function groupOf({ group }: GroupAct): string {
  return `group-${group}`;
}
