/**
 * Group servers that are wrong with their clients: who is there, and where.
 *
 * @module
 */

import type { MutantTable } from "../mutant.ts";
import {
  answeringTheAsker,
  dyingOf,
  type GroupServerClass,
  handling,
  replacing,
  showing,
  withholding,
} from "./changes.ts";
import { type GroupMember, type GroupRequest, PlainGroupServer } from "./server.ts";

const WELCOME = "[Welcome, You are registered.]";
const TAKEN = "[Cannot register with a name already used.]";

/** What is wrong, by the clause that it breaks. */
export const WRONG_WITH_CLIENTS: MutantTable<GroupServerClass> = {
  "group/register": {
    "does not acknowledge register": withholding(/\[Welcome,|\[Cannot register/),
    "welcomes in other words": replacing(WELCOME, "[Welcome.]"),
    "sends the table to nobody": class extends PlainGroupServer {
      override sendTable = () => {};
    },
    "sends the table to the newcomer alone": class extends PlainGroupServer {
      readonly #told = new Set<GroupMember>();

      override sendTable(to: GroupMember): void {
        if (!this.#told.has(to)) super.sendTable(to);
        this.#told.add(to);
      }
    },
    "leaves the newcomer out of the table that it is sent": class extends PlainGroupServer {
      override shown = (to: GroupMember) => super.shown(to).filter((client) => client !== to);
    },
    "answers register at the port that asks instead of the one that it names": answeringTheAsker("register"),
    "answers register at the address in its text": class extends PlainGroupServer {
      override answer(request: GroupRequest, header: string, message: string): void {
        const isElsewhere = request.verb === "register" && request.ip !== request.from.hostname;
        if (!isElsewhere) super.answer(request, header, message);
      }
    },
    "finds what register holds by the fields' names instead of their places": handling(
      "register",
      (_server, request, handle) => /\nport:\n\d+$/.test(request.text) && handle(),
    ),
    "shows newcomers in a group": class extends PlainGroupServer {
      override row(client: GroupMember, to: GroupMember): Record<string, string | number> {
        return { ...super.row(client, to), mode: client.group || "yes" };
      }
    },
  },
  "group/register-taken": {
    "welcomes whoever asks for a name that is taken": replacing(TAKEN, WELCOME),
    "does not answer who asks for a name that is taken": class extends PlainGroupServer {
      override taken = () => {};
    },
    "gives a name to whoever asks last": class extends PlainGroupServer {
      override taken(request: GroupRequest, holder: GroupMember): void {
        holder.isHere = false;
        this.register(request);
      }
    },
    "refuses a name that is taken, and moves its holder to the other port": class extends PlainGroupServer {
      override taken(request: GroupRequest, holder: GroupMember): void {
        super.taken(request, holder);
        this.clients.set(holder.name, { ...holder, at: request.at });
        this.update();
      }
    },
  },
  "group/dereg": {
    "answers dereg with ack": replacing("\ndereg\n", "\nack\n"),
    "does not acknowledge dereg": withholding(/\ndereg\n/),
    "shows who has deregistered as there": showing({ status: "yes" }),
    "tells only one of the others who has deregistered": class extends PlainGroupServer {
      readonly #told = new Map<GroupMember, GroupMember>();

      override row(client: GroupMember, to: GroupMember): Record<string, string | number> {
        if (!client.isHere && !this.#told.has(client)) this.#told.set(client, to);
        return super.row({ ...client, isHere: client.isHere || this.#told.get(client) !== to }, to);
      }
    },
    "answers dereg at the port that asks instead of the one that it names": answeringTheAsker("dereg"),
    "lets nobody register again": class extends PlainGroupServer {
      override register(request: GroupRequest): void {
        const isNew = [...this.clients.values()].every(({ at }) => at.port !== request.at.port);
        if (isNew || this.find(request.at) !== undefined) super.register(request);
      }
    },
  },
  "group/dereg-other": {
    "takes dereg from nobody but whom it is about": handling(
      "dereg",
      (_server, request, handle) => request.at.port === request.from.port && handle(),
    ),
    "deregisters who reports somebody instead of whom it reports": handling("dereg", (_server, request, handle) => {
      handle({ ...request, at: request.from });
    }),
    "deregisters who reports somebody, too": handling("dereg", (_server, request, handle) => {
      handle();
      handle({ ...request, at: request.from });
    }),
  },
  "group/direct": {
    "shows everybody at the same port": showing({ port: 4000 }),
    "shows everybody at the address 0.0.0.0": showing({ ip: "0.0.0.0" }),
  },
  "group/malformed": {
    "dies of what it cannot read": dyingOf((text) => text.split("\n").length < 4),
    "dies of ports that are none": dyingOf((text) => {
      const [, verb, , , , , , port] = text.split("\n");
      return verb === "register" && !(Number(port) > 0 && Number(port) < 65_536);
    }),
    "dies of requests for groups that there are not": class extends PlainGroupServer {
      #isDead = false;

      override handle(request: GroupRequest): void {
        this.#isDead ||= request.group !== "" && request.verb !== "create_group" && !this.groups.has(request.group);
        if (!this.#isDead) super.handle(request);
      }
    },
  },
  "group/duplicate": {
    "takes a request that comes again for a new one": class extends PlainGroupServer {
      override repeated = (request: GroupRequest) => this.handle(request);
    },
    "does not answer a request that comes again": class extends PlainGroupServer {
      override repeated = () => {};
    },
    "says bye to whoever registers twice": class extends PlainGroupServer {
      override repeated(request: GroupRequest, answers: readonly string[]): void {
        if (request.verb === "register") this.deregister(request);
        else super.repeated(request, answers);
      }
    },
  },
};
