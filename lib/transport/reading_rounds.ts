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
/** Deno 2.4 makes an immediate of a timer, and looks at its sockets in each turn: one so long, in milliseconds, counts as many. */
const SLOW_TURN = { time: 0.5, counts: 30 } as const;
/** How many turns without a read are enough, even if there is always something to write. */
const TURNS_WITHOUT_READS = 3 * QUIET_TURNS;
/**
 * How many may read on in a turn. Most find bytes that have come meanwhile and are read and answered at once, two operations
 * each; past those of a turn the runtime would put them off, which costs more.
 */
const READERS_A_TURN = OPERATIONS_A_TURN / 2;
/** How long what was read in large pieces may keep the runtime busy before those who send it rest, in milliseconds. */
const WORK_BEFORE_REST = 10;
/** How long they rest, in milliseconds: the runtime has nothing to do meanwhile but to look at its sockets. */
const REST = 1;

/**
 * Tells links when to read again: at once, as long as fewer are busy than the runtime serves in a turn; if more are, when
 * all have been served. One for all links of a thread, because the runtime counts them together.
 */
export class ReadingRounds {
  #links = 0;
  /** In this turn. */
  #reads = 0;
  /** Since the last turn in which somebody read. */
  #writes = 0;
  /** Who has read, in order, and may read on in the next round. */
  #waiting: Reader[] = [];
  /** There are rounds. */
  #isCrowded = false;
  /** Who may read on in this round and was not told so yet, the first one last. */
  #due: Reader[] = [];
  #readsInRound = 0;
  /** How many reads end a round: as many as there were links. Those that come later must not prolong it for ever. */
  #mostReads = 0;
  #quietTurns = 0;
  #lastLook = 0;
  #turnsWithoutReads = 0;
  /** How long large pieces have taken since the last rest, in milliseconds. */
  #work = 0;
  /** Who has to rest. */
  #resting: Reader[] = [];
  #rest: ReturnType<typeof setTimeout> | undefined;

  /** A link is open. */
  join(): void {
    this.#links++;
  }

  /** A link is closed. */
  leave(): void {
    if (--this.#links === 0) this.#endRest();
  }

  /**
   * Somebody has read much at once, and wants to read on. Whoever has bytes ready at any time never lets the runtime come to rest, so
   * that it looks at all other sockets only once in 61 turns: seconds, if each turn is a piece that takes long to read.
   *
   * @param time how long it took to deal with what was read, in milliseconds.
   */
  hasReadMuch(reader: Reader, time: number): void {
    this.#work += time;
    if (this.#work < WORK_BEFORE_REST) return this.hasRead(reader);
    this.#resting.push(reader);
    this.#rest ??= setTimeout(() => this.#endRest(), REST);
  }

  #endRest(): void {
    clearTimeout(this.#rest);
    this.#rest = undefined;
    this.#work = 0;
    const resting = this.#resting;
    this.#resting = [];
    for (const reader of resting) reader.readOn();
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
    if (!this.#isCrowded && !isFull) this.#letAllRead();
    else {
      if (!this.#isCrowded) this.#beginRounds();
      this.#readsInRound += this.#reads;
    }
    this.#reads = this.#writes = 0;
  };

  #beginRounds(): void {
    this.#isCrowded = true;
    this.#readsInRound = 0;
    this.#mostReads = this.#links;
    setImmediate(this.#takeTurn);
  }

  readonly #takeTurn = (): void => {
    if (this.#due.length > 0) this.#letSomeRead();
    else if (this.#isRoundOver()) this.#nextRound();
    if (this.#isCrowded) setImmediate(this.#takeTurn);
  };

  #isRoundOver(): boolean {
    const now = performance.now();
    const isSlow = this.#quietTurns > 0 && now - this.#lastLook > SLOW_TURN.time;
    this.#lastLook = now;
    this.#quietTurns += isSlow ? SLOW_TURN.counts : 1;
    this.#turnsWithoutReads++;
    return this.#quietTurns > QUIET_TURNS || this.#turnsWithoutReads > TURNS_WITHOUT_READS ||
      this.#readsInRound >= this.#mostReads;
  }

  #nextRound(): void {
    this.#isCrowded = this.#readsInRound >= OPERATIONS_A_TURN;
    if (!this.#isCrowded) {
      this.#writes = 0;
      return this.#letAllRead();
    }
    this.#due = this.#waiting.reverse();
    this.#waiting = [];
    this.#readsInRound = 0;
    this.#mostReads = this.#links;
  }

  #letSomeRead(): void {
    for (let i = 0; i < READERS_A_TURN && this.#due.length > 0; i++) this.#due.pop()!.readOn();
    this.#quietTurns = this.#turnsWithoutReads = 0;
  }

  #letAllRead(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const reader of waiting) reader.readOn();
  }
}
