/**
 * Lines in which upper and lower case are the same behind a prefix: see `Fixture.ignoreCaseAfter`.
 *
 * @module
 */

const NEWLINE = 10;

/** A part of a literal, in all of which case matters, or does not. */
export interface CasePart {
  /** The bytes. */
  readonly bytes: Uint8Array;
  /** Whether letters match in upper and lower case. */
  readonly caseless: boolean;
}

/** Follows an expected line, and knows from where on its case does not matter. */
export class CaselessLine {
  readonly #prefix: Uint8Array | undefined;
  /** How much of the prefix the line begins with; `undefined` once it cannot begin with it any more. */
  #fits: number | undefined = 0;
  #isCaseless: boolean;

  /** Begins a line; after the prefix, if there is one, the case of letters is ignored: everywhere if it is empty. */
  constructor(prefix: Uint8Array | undefined) {
    this.#prefix = prefix;
    this.#isCaseless = prefix?.length === 0;
  }

  /** The same place in the same line, to go on from in two ways. */
  copy(): CaselessLine {
    const copy = new CaselessLine(this.#prefix);
    copy.#fits = this.#fits;
    copy.#isCaseless = this.#isCaseless;
    return copy;
  }

  /** Divides literal bytes where their case ceases, or begins again, to matter. */
  divide(bytes: Uint8Array): CasePart[] {
    const parts: CasePart[] = [];
    let start = 0;
    for (let at = 0; at < bytes.length; at++) {
      const was = this.#isCaseless;
      this.#follow(bytes[at]!);
      if (this.#isCaseless === was) continue;
      parts.push({ bytes: bytes.subarray(start, at + 1), caseless: was });
      start = at + 1;
    }
    if (start < bytes.length) parts.push({ bytes: bytes.subarray(start), caseless: this.#isCaseless });
    return parts;
  }

  /** Goes on behind bytes that are not known. */
  skip(): void {
    if (!this.#isCaseless) this.#fits = undefined;
  }

  #follow(byte: number): void {
    const prefix = this.#prefix;
    if (prefix === undefined) return;
    if (byte === NEWLINE) {
      this.#fits = 0;
      this.#isCaseless = prefix.length === 0;
    } else if (this.#fits !== undefined && !this.#isCaseless) {
      if (byte !== prefix[this.#fits]) this.#fits = undefined;
      else if (++this.#fits === prefix.length) this.#isCaseless = true;
    }
  }
}
