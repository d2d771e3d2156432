/**
 * A group server with a thread for each request: right, or with one race. A thread may lose the processor at each `preempt`; what a lock
 * would protect has none inside.
 *
 * @module
 */

import type { DatagramPort } from "../../../lib/core/datagrams.ts";
import { endpointKey } from "../../../lib/core/datagrams.ts";
import type { Endpoint } from "../../../lib/core/link.ts";
import type { Runtime, Surroundings } from "../../../lib/core/runtime.ts";
import { type Answer, decodeRequest, encodeAnswer, type Request } from "../../../lib/dialects/group/messages.ts";
import * as texts from "../../../lib/dialects/group/texts.ts";
import { groupServer, type PortServer } from "../../mutants/group/serving.ts";
import { ANY_PORT, type Running } from "../../mutants/mutant.ts";

/** One race each, by what a server does that has it. */
export const GROUP_RACES = {
  "lost-join": "reads who is in a group, and writes it back later with one more",
  "lost-leave": "reads who is in a group, and writes it back later with one less",
  "late-join": "confirms that somebody is in a group before it is so",
  "check-then-act": "looks whether a name is free, and takes it later",
  "late-cleanup": "takes the name of who has left out of the table, whoever has it by then",
  "changing-members": "goes through the members of a group while they change",
  "task-a-message": "handles each message in a task of its own",
  "shared-sender": "keeps the sender of a message in a variable that all threads share",
  "shared-text": "keeps the text of a message in a variable that all threads share",
  "shared-group": "keeps the group of a message in a variable that all threads share",
  "sent-again": "sends a message again that is not acknowledged at once",
  "lost-message": "has room for one message on its way to a member, and loses another",
} as const;

/** A race. */
export type GroupRace = keyof typeof GROUP_RACES;

/** A thread that loses the processor gets it back within this time, in milliseconds. */
const SLICE = 1;
/** The same request so soon again is a repetition, in milliseconds. */
const REPEATED = 700;

interface User {
  readonly name: string;
  readonly endpoint: Endpoint;
  /** A message on its way to it. */
  isBusy?: boolean;
  acknowledged?: (() => void) | undefined;
}

/** Starts one on a free port. */
export function threadedGroup(surroundings: Surroundings, race?: GroupRace): Running {
  const make = (port: DatagramPort, runtime: Runtime): PortServer => new ThreadedGroup(port, runtime, race);
  return groupServer(make)({ ackTimeout: 500, maxMessage: 65_536, endpoint: ANY_PORT }, surroundings);
}

class ThreadedGroup implements PortServer {
  readonly #users = new Map<string, User>();
  readonly #groups = new Map<string, readonly string[]>();
  readonly #last = new Map<string, { readonly text: string; readonly at: number; answers?: readonly Answer[] }>();
  #shared = { sender: "", text: "", group: "" };

  constructor(readonly port: DatagramPort, readonly runtime: Runtime, readonly race: GroupRace | undefined) {}

  receive(bytes: Uint8Array, from: Endpoint): void {
    const request = decodeRequest(bytes);
    if (typeof request === "string") return;
    const endpoint = { hostname: from.hostname, port: request.port ?? from.port };
    if (request.verb === "ack") {
      return [...this.#users.values()].find((user) => endpointKey(user.endpoint) === endpointKey(endpoint))
        ?.acknowledged?.();
    }
    const key = endpointKey(endpoint);
    const text = new TextDecoder().decode(bytes);
    const last = this.#last.get(key);
    if (last?.text === text && this.runtime.now() - last.at < REPEATED) return this.#answer(last.answers, endpoint);
    const thread: typeof last = { text, at: this.runtime.now() };
    this.#last.set(key, thread);
    void this.#handle(request, endpoint).then((answers) => {
      thread.answers = answers;
      this.#answer(answers, endpoint);
    });
  }

  close(): void {
    this.port.close("done");
  }

  #answer(answers: readonly Answer[] = [], to: Endpoint): void {
    for (const answer of answers) this.port.send(encodeAnswer(answer), to);
  }

  async #handle(request: Request, endpoint: Endpoint): Promise<readonly Answer[]> {
    await this.#preempt();
    if (request.verb === "register") return await this.#register(request.user, endpoint);
    if (request.verb === "dereg") return this.#deregister(endpoint);
    if (request.verb === "create_group") {
      const exists = this.#groups.has(request.group);
      if (!exists) this.#groups.set(request.group, []);
      return ack(exists ? texts.exists(request.group) : texts.created(request.group));
    }
    if (request.verb === "send" || request.verb === "list_groups") return [];
    const { group, user } = request;
    const isMember = this.#groups.get(group)?.includes(user) ?? false;
    if (request.verb === "join_group") {
      const joining = this.#change(group, "lost-join", (members) => [...members.filter((one) => one !== user), user]);
      if (this.race !== "late-join") await joining;
      return ack(texts.entered(group));
    }
    if (!isMember) return [{ verb: "nack", message: `[You are not in group ${group}.]` }];
    if (request.verb === "leave_group") {
      await this.#change(group, "lost-leave", (members) => members.filter((one) => one !== user));
      return [{ verb: "leave", message: texts.left(group) }];
    }
    if (request.verb === "list_members") {
      const lines = this.#groups.get(group)!.map((name) => texts.memberLine(group, name));
      const answers = [texts.membersTitle(group), ...lines];
      return [...ack(texts.MEMBERS_FOLLOW), ...answers.map((message) => ({ verb: "list_members", message } as const))];
    }
    void this.#send(user, group, request.message);
    return ack(texts.MESSAGE_RECEIVED);
  }

  async #register(name: string, endpoint: Endpoint): Promise<readonly Answer[]> {
    const isTaken = this.#users.has(name);
    if (this.race === "check-then-act") await this.#preempt();
    if (isTaken) return ack(texts.NAME_TAKEN);
    this.#users.set(name, { name, endpoint });
    return ack(texts.WELCOME);
  }

  #deregister(endpoint: Endpoint): readonly Answer[] {
    const user = [...this.#users.values()].find((one) => endpointKey(one.endpoint) === endpointKey(endpoint));
    if (user !== undefined) {
      this.#users.delete(user.name);
      if (this.race === "late-cleanup") void this.#sleep(120).then(() => this.#users.delete(user.name));
    }
    return [{ verb: "dereg", message: texts.OFFLINE }];
  }

  async #change(
    group: string,
    race: GroupRace,
    change: (members: readonly string[]) => readonly string[],
  ): Promise<void> {
    const members = this.#groups.get(group) ?? [];
    if (this.race === "late-join" && race === "lost-join") {
      await this.#sleep(300);
      this.#groups.set(group, change(this.#groups.get(group) ?? []));
      return;
    }
    if (this.race === race) await this.#sleep(3 * SLICE);
    this.#groups.set(group, change(this.race === race ? members : this.#groups.get(group) ?? []));
  }

  async #send(sender: string, group: string, text: string): Promise<void> {
    if (this.race === "task-a-message") await this.#sleep(this.runtime.random() * 20 * SLICE);
    const given = { sender, group, text };
    Object.assign(this.#shared, given);
    const members = () => (this.#groups.get(given.group) ?? []).filter((name) => name !== sender);
    if (this.race?.startsWith("shared-")) await this.#preempt();
    if (this.race === "shared-sender") given.sender = this.#shared.sender;
    if (this.race === "shared-text") given.text = this.#shared.text;
    if (this.race === "shared-group") given.group = this.#shared.group;
    const datagram = encodeAnswer({
      verb: "send_group",
      message: texts.groupMessage(given.sender, given.text),
      serverIp: this.port.local.hostname,
      serverPort: this.port.local.port,
    });
    if (this.race === "changing-members") {
      for (let i = 0; i < members().length; i++) {
        this.#pass(datagram, members()[i]!);
        await this.#preempt();
      }
    } else for (const name of members()) this.#pass(datagram, name);
  }

  #pass(datagram: Uint8Array, name: string): void {
    const user = this.#users.get(name);
    if (user === undefined) return;
    if (this.race === "lost-message") {
      if (user.isBusy) return;
      user.isBusy = true;
      void this.#sleep(5 * SLICE).then(() => user.isBusy = false);
    }
    this.port.send(datagram, user.endpoint);
    if (this.race !== "sent-again") return;
    let isAcknowledged = false;
    user.acknowledged = () => isAcknowledged = true;
    void this.#sleep(SLICE / 2).then(() => isAcknowledged || this.port.send(datagram, user.endpoint));
  }

  #preempt(): Promise<void> {
    return this.#sleep(this.runtime.random() * SLICE);
  }

  #sleep(time: number): Promise<void> {
    return new Promise((resolve) => void this.runtime.after(time, resolve));
  }
}

function ack(message: string): Answer[] {
  return [{ verb: "ack", message }];
}
