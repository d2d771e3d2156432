/**
 * Numbers as their decimal digits.
 *
 * @module
 */

/** Says whether a byte is one of `0-9`. */
export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** The number that these decimal digits write, or `undefined` where they write none that is exact. */
export function decimal(bytes: Uint8Array): number | undefined {
  if (bytes.length === 0 || bytes.length > 15 || !bytes.every(isDigit)) return undefined;
  return bytes.reduce((number, byte) => number * 10 + byte - 0x30, 0);
}
