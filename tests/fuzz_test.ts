/**
 * Whatever peers say: nothing throws, nothing is kept beyond its bound, and where a stream is cut makes no difference. Takes
 * FUZZ_INPUTS (30,000 by default; `deno task fuzz`, each night, has 2,000,000) and FUZZ_SEED, which it prints.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { ReceiveBuffer } from "../lib/dialects/session/receive_buffer.ts";
import type { Subject } from "./fuzz/subject.ts";
import { SUBJECTS } from "./fuzz/subjects.ts";
import { corpusOf } from "./fuzz/corpus.ts";
import type { Reader } from "./fuzz/readers.ts";
import { streams } from "./fuzz/streams.ts";

const INPUTS = Number(Deno.env.get("FUZZ_INPUTS") ?? 30_000);
const seed = Number(Deno.env.get("FUZZ_SEED") ?? crypto.getRandomValues(new Int32Array(1))[0]);
Deno.stdout.writeSync(new TextEncoder().encode(`fuzz: FUZZ_SEED=${seed} FUZZ_INPUTS=${INPUTS}\n`));
assert(INPUTS > 0, "FUZZ_INPUTS must be a number of inputs");
const shares = SUBJECTS.reduce((sum, { share }) => sum + share, 0);

/** The most that any codec has kept of what is unfinished since this was made. */
class Watch implements Disposable {
  most = 0;
  readonly #append = ReceiveBuffer.prototype.append;

  constructor() {
    const [append, watched] = [this.#append, (size: number) => this.most = Math.max(this.most, size)];
    ReceiveBuffer.prototype.append = function (bytes: Uint8Array) {
      append.call(this, bytes);
      watched(this.size);
    };
  }

  [Symbol.dispose](): void {
    ReceiveBuffer.prototype.append = this.#append;
  }
}

function read({ make }: Subject, pieces: readonly Uint8Array[]): string {
  const reader: Reader = make();
  for (const piece of pieces) {
    const given = piece.slice();
    reader.push(given);
    // What was fed is only lent: whoever has kept a view of it will be found out.
    given.fill(0x3f);
  }
  return reader.result();
}

for (const subject of SUBJECTS) {
  const numRuns = Math.ceil(INPUTS * subject.share / shares);
  Deno.test(`${subject.name}: any input does no harm, however it is cut`, async () => {
    using watch = new Watch();
    const input = streams(await corpusOf(subject.dialect), subject.words);
    const property = fc.property(input, ({ bytes, pieces }) => {
      watch.most = 0;
      const cut = read(subject, pieces);
      const whole = read(subject, [bytes]);
      if (subject.heedsCuts !== true) assertEquals(cut, whole);
      assert(watch.most <= subject.bound, `${watch.most} bytes were kept`);
    });
    fc.assert(property, { numRuns, seed });
  });
}
