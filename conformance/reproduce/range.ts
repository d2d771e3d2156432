/**
 * Ranges of numbers as regular expressions.
 *
 * @module
 */

/**
 * An expression for the decimal numbers from `low` to `high`, without leading zeros, behind which no digit follows.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(rangeExpression(2, 255), "(?:[2-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])(?![0-9])");
 * ```
 */
export function rangeExpression(low: number, high: number): string {
  const parts: string[] = [];
  for (let from = low; from <= high;) {
    const to = lastAlike(from, high);
    parts.push(digitsOf(String(from), String(to)));
    from = to + 1;
  }
  return `(?:${parts.join("|")})(?![0-9])`;
}

/** The last number up to which a digit each is written: as many 0 at the end as there are can all become 9. */
function lastAlike(from: number, high: number): number {
  let last = from;
  for (let unit = 1; from % unit === 0; unit *= 10) {
    // The digit at this unit grows up to 9, as far as the number stays within the range, and the zeros behind it to 9.
    const digit = Math.floor(from / unit) % 10;
    const room = Math.floor((high + 1 - from) / unit);
    if (room < 1 || unit > Math.max(from, 1)) break;
    last = from + Math.min(10 - digit, room) * unit - 1;
    if (digit !== 0) break;
  }
  return last;
}

/** Two numbers of the same length, each digit of which may be from that of the one to that of the other. */
function digitsOf(from: string, to: string): string {
  let text = "";
  for (let i = 0; i < from.length;) {
    const digit = from[i] === to[i] ? from[i]! : `[${from[i]}-${to[i]}]`;
    let count = 1;
    while (i + count < from.length && from[i + count] === from[i] && to[i + count] === to[i]) count++;
    text += digit + (count === 1 ? "" : `{${count}}`);
    i += count;
  }
  return text;
}
