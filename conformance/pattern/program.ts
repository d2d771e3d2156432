/**
 * What a pattern is compiled to: nodes that follow each other.
 *
 * @module
 */

/** The bytes of a wildcard, for itself or for a name or a choice. */
export interface Wild {
  /** How it is shown in reports. */
  readonly own: string;
  /** The name that its bytes get, if they are kept. */
  readonly name?: string | undefined;
  /** The choice under which they are recorded, if they are. */
  readonly choice?: string | undefined;
  /** What follows. */
  readonly next: Node;
}

/** One piece of a pattern, with what follows it. No other node of the pattern has its `id`. */
export type Node =
  & { readonly id: number }
  & (
    /** These bytes, at least one. */
    | { readonly op: "bytes"; readonly bytes: Uint8Array; readonly caseless: boolean; readonly next: Node }
    /** Bytes of a kind: as many as there are, or, if it is lazy, as few as possible. */
    | Wild & {
      readonly op: "run";
      readonly takes: (byte: number) => boolean;
      readonly mayBeEmpty: boolean;
      readonly isLazy: boolean;
    }
    /** All digits up to a byte that is none, or the end. */
    | Wild & { readonly op: "number"; readonly low: number; readonly high: number }
    /** So many bytes, or as many as the value of a name says: one that was kept before, or `otherwise`. */
    | Wild & { readonly op: "count"; readonly count: number | string; readonly otherwise: number }
    /** One of several ways to go on, the preferred first; `own` is how they are shown, in front of `next`. */
    | { readonly op: "either"; readonly own: string; readonly ways: Node[]; readonly next: Node }
    /** One of the ways was taken. */
    | { readonly op: "chosen"; readonly choice: string; readonly value: string; readonly next: Node }
    | { readonly op: "match" }
  );

/** A compiled pattern: its first node. */
export type Program = Node;
