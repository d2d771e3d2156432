/**
 * The words by which operators are known at a port.
 *
 * @module
 */

import { createHash, timingSafeEqual } from "node:crypto";
import { ChatError } from "../../core/error.ts";
import { reasonOf } from "../../transport/listening.ts";
import type { Log } from "../log/log.ts";

/** Fewer characters can be guessed. */
const ENOUGH = 16;
/** The bits of a file's mode that let others than its owner read it. */
const READ_BY_OTHERS = 0o044;

/** A token, and what the log calls whoever has it. */
interface Token {
  readonly name: string;
  readonly digest: Uint8Array;
}

/** The tokens of some files: the first line of each. A token is called what its file is. */
export class Tokens {
  readonly #files: readonly string[];
  readonly #log: Log;
  #tokens: readonly Token[] = [];

  /**
   * Reads them.
   *
   * @throws {ChatError} `bad-token` for a file that cannot be read or has no token.
   */
  constructor(files: readonly string[], log: Log) {
    this.#files = files;
    this.#log = log;
    this.read();
  }

  /** Whether there are any. */
  get areSome(): boolean {
    return this.#tokens.length > 0;
  }

  /**
   * Reads them again.
   *
   * @throws {ChatError} as at first; all stays as it was.
   */
  read(): void {
    this.#tokens = this.#files.map((file) => readToken(file, this.#log));
  }

  /** What a token is called; `undefined` if it is none of these. Takes the same time for all that are none. */
  nameOf(given: string): string | undefined {
    const digest = digestOf(given);
    // All are looked at, whichever fits.
    const [found] = this.#tokens.filter((token) => timingSafeEqual(token.digest, digest));
    return found?.name;
  }
}

function readToken(file: string, log: Log): Token {
  const shown = JSON.stringify(file);
  let text: string;
  try {
    text = Deno.readTextFileSync(file);
    const { mode } = Deno.statSync(file);
    if (Deno.build.os !== "windows" && mode !== null && (mode & READ_BY_OTHERS) !== 0) {
      log("warning", "others may read the token of the operators: chmod 600 keeps it", { file });
    }
  } catch (cause) {
    throw new ChatError("bad-token", `cannot read the token in ${shown}: ${reasonOf(cause)}`, { cause });
  }
  const token = text.split("\n", 1)[0]!.trim();
  if (!/^[\x21-\x7e]+$/.test(token)) {
    const advice = "write some without spaces, for example of openssl rand -hex 32";
    throw new ChatError("bad-token", `the first line of ${shown} is no token: ${advice}`);
  }
  if (token.length < ENOUGH) {
    log("warning", `the token of the operators has fewer than ${ENOUGH} characters, and can be guessed`, { file });
  }
  return { name: file.replace(/^.*[\\/]/, ""), digest: digestOf(token) };
}

function digestOf(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
