/**
 * Networks that are listed in a file.
 *
 * @module
 */

import { ChatError } from "../../core/error.ts";
import { reasonOf } from "../../transport/listening.ts";

/** A network, and where it was written, for the error if it is wrong. */
export interface ListedNetwork {
  /** `ADDRESS` or `ADDRESS/BITS`, if it is right. */
  readonly network: string;
  /** `"deny.txt":3: ` before what is wrong with it; empty if it comes from the command line. */
  readonly place: string;
}

/** The files that are named among the values of `--allow` and `--deny`. */
export function networkFilesOf(values: readonly string[]): string[] {
  return values.flatMap((value) => fileOf(value) ?? []);
}

/**
 * The networks that an option's value stands for: itself, or with an `@` before it, all in that file. There is one a line;
 * `#` begins a comment.
 *
 * @throws {ChatError} `bad-network` if the file cannot be read.
 */
export function listedNetworks(value: string): ListedNetwork[] {
  const file = fileOf(value);
  if (file === undefined) return [{ network: value, place: "" }];
  const name = JSON.stringify(file);
  let text: string;
  try {
    text = Deno.readTextFileSync(file);
  } catch (cause) {
    throw new ChatError("bad-network", `cannot read the networks in ${name}: ${reasonOf(cause)}`, { cause });
  }
  return text.split("\n")
    .map((line, i) => ({ network: line.replace(/#.*/, "").trim(), place: `${name}:${i + 1}: ` }))
    .filter(({ network }) => network !== "");
}

function fileOf(value: string): string | undefined {
  return value.startsWith("@") ? value.slice(1) : undefined;
}
