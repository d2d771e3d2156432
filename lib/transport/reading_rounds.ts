/**
 * Reading in rounds, so that of many busy links none is read twice before all that have bytes were read once.
 *
 * The runtime finishes so many operations in a turn of its event loop, and puts off the others that are ready. Those that
 * get ready meanwhile go ahead of them: peers who are answered at once, and who write again at once, would keep all the
 * others waiting for seconds. See docs/decisions/0015-reading-in-rounds.md.
 *
 * @module
 */

/** Something that reads when it is told to. */
export interface Reader {
  /** Reads on, or does nothing if it need not read any more. */
  readOn(): void;
}

/** How many operations of a kind the runtime finishes in a turn: tokio's cooperative budget of a task. */
const OPERATIONS_A_TURN = 128;
/**
 * How many turns without any work show that nobody is put off: tokio looks at its sockets after 61 of them, and then at
 * those who were put off. 80 take a fifth of a millisecond.
 */
const QUIET_TURNS = 80;
/** How many turns without a read are enough, even if there is always something to write. */
const TURNS_WITHOUT_READS = 3 * QUIET_TURNS;

/**
 * Tells links when to read again: at once, as long as fewer are busy than the runtime serves in a turn; if more are, when
 * all have been served. One for all links of a thread, because the runtime counts them together.
 */
export class ReadingRounds {
  #links = 0;
  #waiting: Reader[] = [];
  /** In this turn. */
  #reads = 0;
  /** Since the last turn in which somebody read. */
  #writes = 0;
  /** How many reads the round lasts at most, if there is one: as many as there were links. New links must not prolong it. */
  #readsLeft: number | undefined;
  #quietTurns = 0;
  #turnsWithoutReads = 0;

  /** A link is open. */
  join(): void {
    this.#links++;
  }

  /** A link is closed. */
  leave(): void {
    this.#links--;
  }

  /** Somebody has read, and wants to read on. */
  hasRead(reader: Reader): void {
    this.#waiting.push(reader);
    this.#quietTurns = this.#turnsWithoutReads = 0;
    // The runtime settles all that it has finished in a turn before anything else runs: this follows the last of it.
    if (this.#reads++ === 0) queueMicrotask(this.#endTurn);
  }

  /** Somebody has written. */
  hasWritten(): void {
    this.#writes++;
    this.#quietTurns = 0;
  }

  readonly #endTurn = (): void => {
    const isFull = this.#reads >= OPERATIONS_A_TURN || this.#writes >= OPERATIONS_A_TURN;
    if (this.#readsLeft !== undefined) this.#readsLeft -= this.#reads;
    else if (isFull) {
      this.#readsLeft = this.#links - this.#reads;
      setImmediate(this.#look);
    } else this.#letRead();
    this.#reads = this.#writes = 0;
  };

  readonly #look = (): void => {
    const isQuiet = ++this.#quietTurns > QUIET_TURNS || ++this.#turnsWithoutReads > TURNS_WITHOUT_READS;
    if (isQuiet || this.#readsLeft! <= 0) {
      this.#readsLeft = undefined;
      this.#writes = 0;
      this.#letRead();
    } else setImmediate(this.#look);
  };

  #letRead(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const reader of waiting) reader.readOn();
  }
}
