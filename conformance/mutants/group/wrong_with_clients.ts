/**
 * Group servers that are wrong with their clients: who is there, and where.
 *
 * @module
 */

import type { MutantTable } from "../mutant.ts";
import { answeringTheAsker, dyingOf, handling, replacingText, showing, withholding } from "./changes.ts";
import { group, type GroupMember, type MakePlainGroup } from "./server.ts";

const WELCOME = "[Welcome, You are registered.]";
const TAKEN = "[Cannot register with a name already used.]";

/** What is wrong, by the clause that it breaks. */
export const WRONG_WITH_GROUP_CLIENTS: MutantTable<MakePlainGroup> = {
  "group/register": {
    "does not acknowledge register": withholding(/\[Welcome,|\[Cannot register/),
    "welcomes in other words": replacingText(WELCOME, "[Welcome.]"),
    "sends the table to nobody": group("sendTable", () => () => {}),
    "sends the table to the newcomer alone": group("sendTable", (plain, server) => (to) => {
      if (to === [...server.clients.values()].at(-1)) plain(to);
    }),
    "leaves the newcomer out of the table that it is sent": group(
      "shown",
      (plain) => (to) => plain(to).filter((client) => client !== to),
    ),
    "answers register at the port that asks instead of the one that it names": answeringTheAsker("register"),
    "answers register at the address in its text": group("answer", (plain) => (request, header, message) => {
      const isElsewhere = request.verb === "register" && request.ip !== request.from.hostname;
      if (!isElsewhere) plain(request, header, message);
    }),
    "finds what register holds by the fields' names instead of their places": handling(
      "register",
      (_server, request, handle) => /\nport:\n\d+$/.test(request.text) && handle(),
    ),
    "shows newcomers in a group": group("row", (plain) => (client, to) => {
      return { ...plain(client, to), mode: client.group || "yes" };
    }),
  },
  "group/register-taken": {
    "welcomes whoever asks for a name that is taken": replacingText(TAKEN, WELCOME),
    "does not answer who asks for a name that is taken": group("taken", () => () => {}),
    "gives a name to whoever asks last": group("taken", (_plain, server) => (request, holder) => {
      holder.isHere = false;
      server.register(request);
    }),
    "refuses a name that is taken, and moves its holder to the other port": group(
      "taken",
      (plain, server) => (request, holder) => {
        plain(request, holder);
        server.clients.set(holder.name, { ...holder, at: request.at });
        server.update();
      },
    ),
  },
  "group/dereg": {
    "answers dereg with ack": replacingText("\ndereg\n", "\nack\n"),
    "does not acknowledge dereg": withholding(/\ndereg\n/),
    "shows who has deregistered as there": showing({ status: "yes" }),
    "tells only one of the others who has deregistered": group("row", (plain) => {
      const told = new Map<GroupMember, GroupMember>();
      return (client, to) => {
        if (!client.isHere && !told.has(client)) told.set(client, to);
        return plain({ ...client, isHere: client.isHere || told.get(client) !== to }, to);
      };
    }),
    "answers dereg at the port that asks instead of the one that it names": answeringTheAsker("dereg"),
    "sends the table to those in no group alone": group("sendTable", (plain) => (to) => {
      if (to.group === "") plain(to);
    }),
    "deregisters whoever was first at that port": group("deregister", (plain, server) => (request) => {
      const first = [...server.clients.values()].find(({ at }) => at.port === request.at.port);
      if (first === undefined || first.isHere) return plain(request);
      server.answer(request, "dereg", "[You are Offline. Bye.]");
      server.update();
    }),
    "lets nobody register again": group("register", (plain, server) => (request) => {
      const isNew = [...server.clients.values()].every(({ at }) => at.port !== request.at.port);
      if (isNew || server.find(request.at) !== undefined) plain(request);
    }),
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
    "dies of requests for groups that there are not": group("handle", (plain, server) => {
      let isDead = false;
      return (request) => {
        isDead ||= request.group !== "" && request.verb !== "create_group" && !server.groups.has(request.group);
        if (!isDead) plain(request);
      };
    }),
  },
  "group/duplicate": {
    "takes a request that comes again for a new one": group(
      "repeated",
      (_plain, server) => (request) => server.handle(request),
    ),
    "does not answer a request that comes again": group("repeated", () => () => {}),
    "says bye to whoever registers twice": group("repeated", (plain, server) => (request, answers) => {
      if (request.verb === "register") server.deregister(request);
      else plain(request, answers);
    }),
  },
};
