/**
 * How many fixtures are played at a time: more while a server answers quickly, fewer when it serves one connection at a time.
 *
 * @module
 */

/** How many begin side by side, behind the very first. */
const FIRST = 2;
/** After a standstill so many fixtures at most must come through before there is another one at a time. */
const LONGEST_STRIDE = 64;
/** So many are played at a time for each that is at work. */
const WAITING = 8;

/** A fixture that has waited for long. */
interface Stall {
  /** Whether the server has answered another one since: then this one keeps nobody from being answered. */
  isOvertaken: boolean;
}

/**
 * Counts fixtures that are at work. One that waits for long is not, as long as the server answers others meanwhile: a server that is
 * wrong in many ways takes no longer than its longest silence. Whether it does is tried with one more; if that has to wait as well,
 * nothing begins beside another until some came through one by one.
 */
export class Pace {
  readonly #most: number;
  readonly #stalls = new Map<object, Stall>();
  #limit: number;
  /** How many have come through without a stall since there was one more at a time. */
  #through = 0;
  /** How many it takes. */
  #stride = 1;

  /** @param most how many may be at work at a time. */
  constructor(most: number) {
    this.#most = most;
    this.#limit = Math.min(FIRST, most);
  }

  /** Whether one more may begin beside so many that are played, of which so many take up one of the jobs. */
  hasRoom(playing: number, busy: number): boolean {
    if (playing >= WAITING * this.#most) return false;
    const working = busy - this.#overtaken;
    if (working < this.#limit) return true;
    const isTrying = this.#limit > 1 && working === this.#limit && this.#stuck === working;
    return isTrying && this.#most > 1;
  }

  /** A fixture has waited for long. Gives what ends that. */
  stall(fixture: object, busy: number): () => void {
    const stall: Stall = { isOvertaken: false };
    this.#stalls.set(fixture, stall);
    this.#through = 0;
    const working = busy - this.#overtaken;
    if (working > this.#limit && this.#stuck === working) {
      this.#limit = 1;
      this.#stride = Math.min(this.#stride * 2, LONGEST_STRIDE);
    }
    return () => {
      if (this.#stalls.get(fixture) === stall) this.#stalls.delete(fixture);
    };
  }

  /** The server has said something to a fixture. Says whether there is more room for that. */
  heard(fixture: object): boolean {
    if (this.#most === 1) return false;
    let hasRoom = false;
    for (const [other, stall] of this.#stalls) {
      if (other === fixture || stall.isOvertaken) continue;
      hasRoom = stall.isOvertaken = true;
    }
    return hasRoom;
  }

  /** A fixture is through. */
  ended(hasStalled: boolean): void {
    if (hasStalled || ++this.#through < this.#stride) return;
    this.#through = 0;
    this.#limit = Math.min(this.#limit + 1, this.#most);
  }

  get #overtaken(): number {
    return [...this.#stalls.values()].filter(({ isOvertaken }) => isOvertaken).length;
  }

  get #stuck(): number {
    return this.#stalls.size - this.#overtaken;
  }
}
