/**
 * Texts for properties that hold of any.
 *
 * @module
 */

import fc from "fast-check";

/** Half of them are of Latin letters and controls, so that they meet what is special. */
const CHARACTER = fc.oneof(
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 0xff }) },
  { weight: 1, arbitrary: fc.integer({ min: 0x100, max: 0xd7ff }) },
  { weight: 1, arbitrary: fc.integer({ min: 0xe000, max: 0x10_ffff }) },
).map((code) => String.fromCodePoint(code));

/**
 * Any text without halves of characters. The library's own unit for it, `binary`, makes a table of all of Unicode first, once in
 * each isolate: more than a second, which most tests of a property do not take.
 */
export function anyText(constraints: Omit<fc.StringConstraints, "unit"> = {}): fc.Arbitrary<string> {
  return fc.string({ ...constraints, unit: CHARACTER });
}
