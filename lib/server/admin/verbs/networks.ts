/**
 * `/deny` and `/allow`: who may connect from now on.
 *
 * @module
 */

import { ChatError } from "../../../core/error.ts";
import type { Hub } from "../../../hub/hub.ts";
import type { Admission } from "../../limits/admission.ts";
import { failure, json, type WholeReply } from "../http/reply.ts";
import type { Changed, Verb } from "./verb.ts";
import type { RequestFields } from "./request_fields.ts";

/** The two verbs. What they say holds until the server ends, beside what the options say. */
export function networkVerbs(admission: Admission, hub: Pick<Hub, "locals">): Verb[] {
  return [
    verb("deny", (network, changed) => {
      admission.deny(network);
      changed("an operator has denied a network", { network });
      const present = [...hub.locals()].filter(({ remote }) => !admission.permits(remote.hostname));
      return json(200, { denied: network, present: present.map(({ name }) => name) });
    }),
    verb("allow", (network, changed) => {
      admission.allow(network);
      changed("an operator has allowed a network", { network });
      const [address = ""] = network.split("/");
      const isPermitted = admission.permits(address);
      const why = `${address} stays denied, by --deny or by a network that it is in: change that`;
      return json(200, { allowed: network, permitted: isPermitted, ...isPermitted ? {} : { why } });
    }),
  ];
}

function verb(name: string, change: (network: string, changed: Changed) => WholeReply): Verb {
  const example = `{"network": "192.0.2.0/24"} or {"address": "192.0.2.7"}`;
  return {
    name,
    fields: ["address", "network"],
    act({ address, network }: RequestFields, changed) {
      const which = address ?? network;
      if (which === undefined || address !== undefined && network !== undefined) {
        return failure(422, "bad-value", `say which: ${example}`);
      }
      if (address !== undefined && address.includes("/")) {
        return failure(422, "bad-network", `${JSON.stringify(address)} is no address: write ${example}`);
      }
      try {
        return change(which, changed);
      } catch (error) {
        if (error instanceof ChatError) return failure(422, error.code, error.message);
        throw error;
      }
    },
  };
}
