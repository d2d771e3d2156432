/**
 * What a transcript says, as a tree: the words that parser, printer, checks and player share.
 *
 * @module
 */

import type { Place } from "./place.ts";

/** The types that are a word each: see docs/transcripts.md, Patterns. */
export type SimpleType = "digits" | "letters" | "word" | "line" | "text" | "row";

/** What a typed wildcard takes. */
export type WildType =
  /** One of the types that are a word each. */
  | { readonly kind: SimpleType }
  /** `2..255`: a decimal number from `low` to `high`, without leading zeros. */
  | { readonly kind: "range"; readonly low: number; readonly high: number }
  /** `16 bytes`, or as many as a capture says. */
  | { readonly kind: "bytes"; readonly count: number | string };

/** A piece of bytes or of a pattern. */
export type Piece =
  /** Bytes as they stand. */
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** `{alice}`. */
  | { readonly kind: "value"; readonly name: string }
  /** `{length body}`. */
  | { readonly kind: "length"; readonly name: string }
  /** `{a * 65536}`. */
  | { readonly kind: "repeat"; readonly bytes: Uint8Array; readonly count: number }
  /** `(SENT|SEND)@success`. */
  | { readonly kind: "either"; readonly alternatives: readonly (readonly Piece[])[]; readonly choice?: string }
  /** `{id=digits}@choice`; without a name it is `{_=digits}`. */
  | { readonly kind: "wild"; readonly name?: string; readonly type: WildType; readonly choice?: string };

/** What a step has in common with every other. */
export interface At<Kind extends string> {
  /** Tells the kinds of steps apart. */
  readonly kind: Kind;
  /** Where it stands. */
  readonly place: Place;
}

/** A step on one connection. */
export interface AtConnection<Kind extends string> extends At<Kind> {
  /** The connection's name. */
  readonly connection: string;
}

/** `connect x`. */
export interface Connect extends At<"connect"> {
  /** The name that the connection gets. */
  readonly connection: string;
}

/** `x > bytes`, `x >> bytes`. */
export interface Send extends AtConnection<"send"> {
  /** What is sent; no wildcards and no alternatives. */
  readonly pieces: readonly Piece[];
  /** Whether each byte travels alone. */
  readonly bytewise: boolean;
}

/** `x < pattern`. */
export interface Expect extends AtConnection<"expect"> {
  /** What must arrive next. */
  readonly pieces: readonly Piece[];
  /** Whether it may take as long as a server takes to lose patience (`eventually`). */
  readonly patient: boolean;
}

/** `x closed`. */
export interface Closed extends AtConnection<"closed"> {
  /** As in {@linkcode Expect.patient}. */
  readonly patient: boolean;
}

/** `x silent`. */
export type Silent = AtConnection<"silent">;

/** `close x`, `end x`, `reset x`, `forget x`. */
export type Part = AtConnection<"close" | "end" | "reset" | "forget">;

/** `name a b`. */
export interface Name extends At<"name"> {
  /** What is to be made up. */
  readonly names: readonly string[];
}

/** `let body = bytes`. */
export interface Let extends At<"let"> {
  /** The value's name. */
  readonly name: string;
  /** What it is; no wildcards and no alternatives. */
  readonly pieces: readonly Piece[];
}

/** `distinct a b c*`. */
export interface Distinct extends At<"distinct"> {
  /** The names of the values; a `*` stands for any characters of a name. */
  readonly names: readonly string[];
}

/** `unsupported text`. */
export interface Unsupported extends At<"unsupported"> {
  /** What the server declines. */
  readonly reason: string;
}

/** `needs clause, …` in a macro. */
export interface Needs extends At<"needs"> {
  /** Slugs of clauses. */
  readonly clauses: readonly string[];
}

/** `accept x`, `accept x pattern`: only a client under test connects to us. */
export interface Accept extends At<"accept"> {
  /** The name that the connection gets. */
  readonly connection: string;
  /** What it must begin with, whichever connection that is; empty: the first that there is. */
  readonly pieces: readonly Piece[];
}

/** `type text`: what the user of a client types. */
export interface Type extends At<"type"> {
  /** What is typed, Enter (`\n`) included; no wildcards and no alternatives. */
  readonly pieces: readonly Piece[];
}

/** `shows pattern`, `hides pattern`: what a client has shown since something was last done to it. */
export interface Shows extends At<"shows" | "hides"> {
  /** What is somewhere in it. */
  readonly pieces: readonly Piece[];
}

/** `shows-other-than a b`: what was shown at two times does not read alike. */
export interface ShowsOtherThan extends At<"shows-other-than"> {
  /** The names under which `shows` has kept them. */
  readonly names: readonly [string, string];
}

/** `ends`, `ends 0`, `ends nonzero`: the client's program ends. */
export interface Ends extends At<"ends"> {
  /** Its exit status; any if nothing is said. */
  readonly status?: number | "nonzero";
}

/** `idle`: the client's program neither spins, nor floods, nor connects again and again. */
export type Idle = At<"idle">;

/** `paced x 300..1500`: how far apart the last things were that arrived. */
export interface Paced extends At<"paced"> {
  /** The connection's name. */
  readonly connection: string;
  /** The shortest time, in milliseconds. */
  readonly low: number;
  /** The longest. */
  readonly high: number;
}

/** `file name contains pattern`: in the client's working folder. */
export interface FileContains extends At<"file"> {
  /** The file's name, in which a `*` stands for any characters; no wildcards and no alternatives. */
  readonly file: readonly Piece[];
  /** What is somewhere in it. */
  readonly pieces: readonly Piece[];
}

/** A step that only a client under test can be asked for. */
export type ClientStep = Accept | Type | Shows | ShowsOtherThan | Ends | Idle | Paced | FileContains;

/** What can be waited for beside other things: by `all:`, and by `choice:`. */
export type Awaitable = Expect | Closed | Accept | Shows | Ends;

/** One line of `all:` and what follows it. */
export interface Item {
  /** What must come true. */
  readonly first: Awaitable;
  /** What is played as soon as it has. */
  readonly then: readonly Step[];
}

/** `all:`. */
export interface All extends At<"all"> {
  /** In the order in which they stand. */
  readonly items: readonly Item[];
}

/** `when forwarded:` in a `choice`. */
export interface Branch {
  /** The label: `forwarded`. */
  readonly label: string;
  /** Begins with what decides. */
  readonly first: Awaitable | Silent;
  /** What is played after that. */
  readonly then: readonly Step[];
}

/** The name of a choice that is not recorded, as of a capture that is not kept. */
export const UNRECORDED = "_";

/** `choice self-send:`. */
export interface Choice extends At<"choice"> {
  /** What is chosen: `self-send`; {@linkcode UNRECORDED} if it need not be chosen the same way each time. */
  readonly name: string;
  /** Two or more. */
  readonly branches: readonly Branch[];
}

/** `soon:`. */
export interface Soon extends At<"soon"> {
  /** What is tried again until it works. */
  readonly steps: readonly Step[];
  /** As in {@linkcode Expect.patient}. */
  readonly patient: boolean;
}

/** `fence x:`. */
export interface Fence extends At<"fence"> {
  /** The connection whose silence it proves. */
  readonly connection: string;
  /** The request and its answer. */
  readonly steps: readonly Step[];
}

/** One step of a transcript. */
export type Step =
  | Connect
  | Send
  | Expect
  | Closed
  | Silent
  | Part
  | Name
  | Let
  | Distinct
  | Unsupported
  | Needs
  | All
  | Choice
  | Soon
  | Fence
  | ClientStep;
