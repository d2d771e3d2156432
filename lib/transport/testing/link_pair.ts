/**
 * Pairs of links, and what the tests of their contract do with them.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { HalfClosingLink, Link } from "../../core/link.ts";
import { type LinkReactions, LinkRecorder } from "./link_recorder.ts";
import type { LinkOptions } from "../stream_link.ts";

/** Two links that are connected to each other and not started, and how to be rid of what made them. */
export interface LinkPair {
  /** One end. */
  readonly near: HalfClosingLink;
  /** The other end. */
  readonly far: Link;
  /** Closes whatever the links do not close themselves, such as a listener. */
  dispose(): void;
}

/** Makes a pair; the options apply to both ends. */
export type MakeLinkPair = (options?: LinkOptions) => Promise<LinkPair>;

/** Whose tests are registered. */
export interface Contract {
  /** What keeps it. */
  readonly name: string;
  /** Makes a pair. */
  readonly makePair: MakeLinkPair;
  /** Registers a test that aborts both links in the end, so that none is left open by a failure. */
  test(sentence: string, body: (pair: LinkPair) => Promise<void>, options?: LinkOptions): void;
}

/** A mebibyte, in bytes. */
export const MIB = 1024 * 1024;
/** More than the system takes in for a peer that does not read, in bytes. */
export const TOO_MUCH = 16 * MIB;

export function record(link: Link, reactions?: LinkReactions): LinkRecorder {
  const recorder = new LinkRecorder(link, reactions);
  link.start(recorder);
  return recorder;
}

export function flushed(link: Link): Promise<boolean> {
  return new Promise((resolve) => link.flushed(resolve));
}

export function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Bytes that are different wherever a piece of them could be lost, doubled or swapped. */
export function pattern(length: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4)).map((_, i) => Math.imul(i, 0x9e3779b1));
  return new Uint8Array(words.buffer, 0, length);
}

/** Compares megabytes; a difference shows as the first place that differs. */
export function assertSame(actual: Uint8Array, expected: Uint8Array): void {
  assertEquals(actual.length, expected.length);
  assertEquals(actual.findIndex((byte, i) => byte !== expected[i]), -1);
}
