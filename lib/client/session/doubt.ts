/**
 * The doubt whether a server speaks what it was asked for, until it has accepted us.
 *
 * @module
 */

import { likenessOf, LOOKED_AT, silenceWords } from "../../dialects/wrong_server.ts";
import type { SetTimer } from "./waiter.ts";

/** How long a server may leave us without an answer before we say what that may mean, in milliseconds. */
export const SILENCE = 3_000;
/** How much of what a server has said is repeated, in characters. */
const EXCERPT = 60;

/** What doubt needs. */
export interface DoubtOptions {
  /** What the server was asked for. */
  readonly dialect: string;
  /** The server, as it is shown. */
  readonly server: string;
  /** Tells the time. */
  readonly timer: SetTimer;
  /** Is told what may be wrong, while we go on. */
  tell(text: string): void;
}

/** Listens to the first words of a server, and to its silence. */
export class Doubt {
  readonly #options: DoubtOptions;
  #heard = new Uint8Array();
  #hasTold = false;
  #stop: () => void = () => {};

  constructor(options: DoubtOptions) {
    this.#options = options;
  }

  /** The server is asked, and should answer. */
  begin(): void {
    this.#stop = this.#options.timer(SILENCE, () => this.#tellSilence());
  }

  /** The server has accepted us, or the conversation is over. */
  end(): void {
    this.#stop();
  }

  /** The server has said something: why we need not go on, where that is certain. */
  hear(bytes: Uint8Array): string | undefined {
    const room = LOOKED_AT - this.#heard.length;
    if (room <= 0) return undefined;
    this.#heard = new Uint8Array([...this.#heard, ...bytes.subarray(0, room)]);
    const { dialect, server, tell } = this.#options;
    const likeness = likenessOf(dialect, this.#heard);
    if (likeness === undefined) return undefined;
    const { protocol, isDialect, isCertain } = likeness;
    const remedy = isDialect
      ? `connect with --dialect ${protocol}`
      : protocol === "TLS"
      ? "add --tls"
      : "that is no chat";
    if (isCertain) return `${server} speaks ${protocol}, not ${dialect}: ${remedy}`;
    if (!this.#hasTold) tell(`${server} seems to speak ${protocol}, not ${dialect}: if so, ${remedy}`);
    this.#hasTold = true;
    return undefined;
  }

  #tellSilence(): void {
    const { dialect, server, tell } = this.#options;
    if (this.#hasTold) return;
    const said = new TextDecoder().decode(this.#heard).trim();
    const isShort = said.length <= EXCERPT;
    const what = said === ""
      ? `has said nothing for ${SILENCE / 1_000} s`
      : `has said "${isShort ? said : `${said.slice(0, EXCERPT)}…`}" and nothing else`;
    tell(`${server} ${what}: ${silenceWords(dialect)}; still waiting`);
  }
}
