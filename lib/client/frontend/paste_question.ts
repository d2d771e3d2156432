/**
 * The question whether everything that was pasted shall be sent.
 *
 * @module
 */

/** How many lines are sent without a question. */
export const MAX_UNASKED = 3;

/** How many line breaks are in a text, of any kind. */
export function countLineBreaks(text: string): number {
  return text.match(/\r\n?|\n/g)?.length ?? 0;
}

/** A line that is being edited. */
export interface Edited {
  /** The line. */
  readonly line: string;
  /** Where in it the cursor is. */
  readonly cursor: number;
}

/** Something that was pasted, and what was being edited at the time. */
export class PasteQuestion {
  /** What was pasted, without what would do something to a terminal, and with one kind of line break. */
  readonly text: string;
  /** What was being edited. */
  readonly before: Edited;

  constructor(pasted: string, { line, cursor }: Edited) {
    this.text = pasted.replace(/\r\n?/g, "\n").replace(/(?![\n\t])\p{Cc}/gu, "");
    this.before = { line, cursor };
  }

  /** How many lines it would send; what is behind the last line break stays to be edited. */
  get lines(): number {
    return countLineBreaks(this.text);
  }

  /** Whether it has to be asked. */
  get isNeeded(): boolean {
    return this.lines > MAX_UNASKED;
  }

  /** The question. */
  get prompt(): string {
    return `Send ${this.lines} pasted lines? [y/N] `;
  }

  /** Whether the answer is that it shall be sent. */
  isYes(answer: string): boolean {
    return /^\s*y(es)?\s*$/i.test(answer);
  }
}
