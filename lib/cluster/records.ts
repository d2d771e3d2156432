/**
 * The records that the nodes of a cluster keep in its store: leases of nodes, and claims of names, of member IDs and of groups.
 *
 * @module
 */

import type { Endpoint } from "../core/link.ts";

/** Who wrote a record: a node, and which of its leases it had then. What an earlier lease claimed is void. */
export interface ClaimOwner {
  /** The node, by a word that no other one has, and no later run of the same. */
  readonly node: string;
  /** Counts the node's leases. */
  readonly epoch: number;
}

/** A node is there, as long as this is written anew. */
export interface Lease extends ClaimOwner {
  /** Told apart by this, one writing from the next. */
  readonly beat: number;
  /** What people call the node. */
  readonly label: string;
  /** Its machine, where that is known: nodes of one machine reach each other's clients at its loopback address. */
  readonly machine?: string | undefined;
  /** The ports that it shares with others of its machine, if it does: those who share them write the same. */
  readonly ports?: string | undefined;
  /** Which of its kind can read what it writes. */
  readonly format: number;
}

/** How far somebody has come whose name is claimed. */
export type ClaimStage = "claimed" | "provisional" | "present";

/** A name is somebody's. */
export interface NameClaim extends ClaimOwner {
  /** Tells this claim from all others of this name, and of any other. */
  readonly id: string;
  /** The name that is claimed. */
  readonly name: string;
  /** The name as they typed it. */
  readonly title: string;
  /** The dialect that they speak. */
  readonly dialect: string;
  /** Where they are. */
  readonly remote: Endpoint;
  /** When they came, in milliseconds since 1970. */
  readonly since: number;
  /** The group that they are in. */
  readonly group?: string | undefined;
  /** The number that they hold. */
  readonly number?: number | undefined;
  /** Whether others can reach them. */
  readonly stage: ClaimStage;
}

/** A member ID is somebody's. */
export interface IdClaim extends ClaimOwner {
  /** The ID. */
  readonly number: number;
}

/** There is a group of this name. */
export interface GroupClaim extends ClaimOwner {
  /** Its name. */
  readonly group: string;
}

/** Any of them. */
export type ClusterRecord = Lease | NameClaim | IdClaim | GroupClaim;

/** The present format of the records and of what nodes ask each other. */
export const FORMAT = 1;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** The key of what tells one store from another that has taken its place: any word. */
export const STORE_KEY = "store";

/** The key of a node's lease. */
export function leaseKey(node: string): string {
  return `node.${node}`;
}

/** The key of the claim of a name, which is written in digits that every store can keep. */
export function claimKey(name: string): string {
  return `name.${hex(name)}`;
}

function hex(text: string): string {
  return [...encoder.encode(text)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The key of a group. */
export function groupKey(group: string): string {
  return `group.${hex(group)}`;
}

/** The key of a member ID. */
export function idKey(id: number): string {
  return `id.${id}`;
}

/** Writes a record. */
export function encodeRecord(record: ClusterRecord): Uint8Array {
  return encoder.encode(JSON.stringify(record));
}

/** Reads the record of a key; `undefined` for one that this version does not know, or that makes no sense. */
export function decodeRecord(key: string, value: Uint8Array): ClusterRecord | undefined {
  const fields = readFields(value);
  if (fields === undefined || typeof fields.node !== "string" || typeof fields.epoch !== "number") return undefined;
  if (key === leaseKey(fields.node)) return isLease(fields) ? fields : undefined;
  if (key.startsWith("id.")) return isIdClaim(fields) && key === idKey(fields.number) ? fields : undefined;
  if (key.startsWith("group.")) return isGroupClaim(fields) && key === groupKey(fields.group) ? fields : undefined;
  return isClaim(fields) && key === claimKey(fields.name) ? fields : undefined;
}

/** Whether a record is a claim. */
export function isClaim(record: object): record is NameClaim {
  const { id, name, title, dialect, remote, since, number, stage, group }: Partial<NameClaim> = record;
  return [id, name, title, dialect, remote?.hostname].every((text) => typeof text === "string") &&
    typeof since === "number" && typeof remote?.port === "number" && ["number", "undefined"].includes(typeof number) &&
    ["string", "undefined"].includes(typeof group) &&
    ["claimed", "provisional", "present"].includes(stage ?? "");
}

/** Whether a record is a lease. */
export function isLease(record: object): record is Lease {
  const { beat, label, machine, ports, format }: Partial<Lease> = record;
  return typeof beat === "number" && typeof label === "string" && typeof format === "number" &&
    [machine, ports].every((word) => ["string", "undefined"].includes(typeof word));
}

/** Whether a record is a group's. */
export function isGroupClaim(record: object): record is GroupClaim {
  const { group }: Partial<GroupClaim> = record;
  return typeof group === "string" && !isClaim(record);
}

/** Whether a record is a member ID's. */
export function isIdClaim(record: object): record is IdClaim {
  const { number }: Partial<IdClaim> = record;
  return typeof number === "number" && !isClaim(record);
}

function readFields(value: Uint8Array): Partial<ClaimOwner> | undefined {
  try {
    const fields: unknown = JSON.parse(decoder.decode(value));
    return typeof fields === "object" && fields !== null ? fields : undefined;
  } catch {
    return undefined; // not JSON: nothing that a node of this version has written
  }
}
