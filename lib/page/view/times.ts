/**
 * Times as they are shown.
 *
 * @module
 */

const two = (number: number) => String(number).padStart(2, "0");

/** The local time of day, as the terminal client writes it: `16:27`. */
export function clock(time: number): string {
  const date = new Date(time);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

const DAY = new Intl.DateTimeFormat("en", { weekday: "long", day: "numeric", month: "long", year: "numeric" });

/** The local day: `Friday, November 27, 2026`. */
export function day(time: number): string {
  return DAY.format(time);
}
