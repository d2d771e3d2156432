/**
 * A whole screen of a terminal, of which only those rows are written that have changed: nothing flickers, and a slow line is not
 * filled.
 *
 * @module
 */

/** A screen of its own (what was there comes back), without a cursor, and without a terminal that breaks rows. */
export const ENTER_SCREEN = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J";
/** The terminal as it was. */
export const LEAVE_SCREEN = "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l";

/** Knows what is on the screen. */
export class ScreenPainter {
  #rows: readonly string[] = [];
  #isKnown = false;

  /** Nothing is known any more: its size has changed, or somebody else has written to it. */
  forget(): void {
    this.#isKnown = false;
  }

  /**
   * What is to be written so that these rows are seen, each painted for itself.
   *
   * @returns Nothing where they are there already.
   */
  paint(rows: readonly string[]): string {
    const before = this.#isKnown ? this.#rows : [];
    const clear = this.#isKnown ? "" : "\x1b[0m\x1b[2J";
    const written = rows.map((row, i) =>
      row === before[i] || row === "" && before[i] === undefined ? "" : place(i, row)
    );
    for (let i = rows.length; i < before.length; i++) if (before[i] !== "") written.push(place(i, ""));
    this.#rows = rows;
    this.#isKnown = true;
    return clear + written.join("");
  }
}

/** A row in its place, and nothing behind it. */
function place(index: number, row: string): string {
  return `\x1b[${index + 1};1H\x1b[2K${row}`;
}
