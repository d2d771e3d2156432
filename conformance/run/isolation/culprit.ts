/**
 * Finds the fixture that sets off the failure of another one.
 *
 * @module
 */

/**
 * Finds the last one without which those behind it do no harm, in few tries: what was played last is tried first, then twice as
 * many, and so on; in what was added, it is found by halving.
 *
 * @param before What was played, in that order.
 * @param fails Whether playing these leads to the failure.
 * @param goesOn Whether there is time for another try.
 * @returns Nothing if all of them together do no harm, or time was short.
 */
export async function findCulprit<T>(
  before: readonly T[],
  fails: (some: readonly T[]) => Promise<boolean>,
  goesOn: () => boolean = () => true,
): Promise<T | undefined> {
  for (let size = 1, innocent = 0; innocent < before.length; innocent = size, size *= 2) {
    if (!goesOn()) return undefined;
    if (!await fails(before.slice(-size))) continue;
    // From `first` on they lead to it, from `last` on they do not.
    let [first, last] = [Math.max(before.length - size, 0), before.length - innocent];
    while (last - first > 1) {
      if (!goesOn()) return undefined;
      const middle = (first + last) >> 1;
      if (await fails(before.slice(middle))) first = middle;
      else last = middle;
    }
    return before[first];
  }
  return undefined;
}
