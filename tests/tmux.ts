/**
 * Real terminals for tests: programs run in panes of a tmux server that belongs to one test alone.
 *
 * @module
 */

/** How long a test waits for something to be seen, in milliseconds. */
const DEADLINE = 60_000;
/** How often it looks, in milliseconds. */
const INTERVAL = 30;

/**
 * Tells the exit status on the screen: tmux 3.3 knows it as well, but not always. Ctrl-C may reach the shell too. What is
 * seen does not depend on the colours that whoever runs the tests likes.
 */
const SHELL = ["sh", "-c", 'trap : INT; unset NO_COLOR; "$@"; echo "[status $?]"; read -r _', "sh"];
const STATUS = /^\[status (\d+)\]$/;

/** A terminal that a program runs in; disposing it ends both. */
export class TmuxPane implements AsyncDisposable {
  readonly #socket: string;

  private constructor(socket: string) {
    this.#socket = socket;
  }

  /** Opens a terminal of 60 columns and 16 rows, and runs these words in it. */
  static async open(words: readonly string[]): Promise<TmuxPane> {
    const pane = new TmuxPane(`chat-test-${crypto.randomUUID()}`);
    await pane.#tmux("-f", "/dev/null", "new-session", "-d", "-x", "60", "-y", "16", ...SHELL, ...words);
    return pane;
  }

  /** Types text. */
  async type(text: string): Promise<void> {
    await this.#tmux("send-keys", "-l", text);
  }

  /** Presses keys by their names: `Enter`, `C-c`, `Left`. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux("send-keys", ...keys);
  }

  /** Types a line. */
  async enter(line: string): Promise<void> {
    await this.type(line);
    await this.press("Enter");
  }

  /** Pastes text, as the terminal's user does; a program that wants to know is told that it was pasted. */
  async paste(text: string): Promise<void> {
    await this.#tmux("set-buffer", "--", text);
    await this.#tmux("paste-buffer", "-p");
  }

  /** The same, in a terminal that tells no program what was pasted. */
  async pasteUnmarked(text: string): Promise<void> {
    await this.#tmux("set-buffer", "--", text);
    await this.#tmux("paste-buffer");
  }

  /** Makes the terminal wider or narrower. */
  async resize(columns: number): Promise<void> {
    await this.#tmux("resize-window", "-x", String(columns));
  }

  /** What is on the screen, row by row, without the empty rows at the end. */
  async rows(): Promise<string[]> {
    return (await this.#tmux("capture-pane", "-p")).trimEnd().split("\n");
  }

  /** The same, with the escape sequences that paint it. */
  async painted(): Promise<string> {
    return await this.#tmux("capture-pane", "-p", "-e");
  }

  /** The cursor's column. */
  async cursorColumn(): Promise<number> {
    return Number(await this.#tmux("display-message", "-p", "#{cursor_x}"));
  }

  /** Waits until the rows are as wanted, and gives them. Rejects with what is on the screen if it does not come to that. */
  async until(wanted: (rows: string[]) => boolean): Promise<string[]> {
    for (const start = Date.now();;) {
      const rows = await this.rows();
      if (wanted(rows)) return rows;
      const isOver = STATUS.test(rows.at(-1)!) || Date.now() - start > DEADLINE;
      if (isOver) throw new Error(`not seen; the screen:\n${rows.join("\n")}`);
      await new Promise((resolve) => setTimeout(resolve, INTERVAL));
    }
  }

  /** Waits until some row is this. */
  async shows(row: string): Promise<void> {
    await this.until((rows) => rows.includes(row));
  }

  /** Waits until the program has ended, with the cursor at the start of a row, and gives its exit status. */
  async status(): Promise<number> {
    const rows = await this.until((rows) => STATUS.test(rows.at(-1)!));
    return Number(STATUS.exec(rows.at(-1)!)![1]);
  }

  /** Ends the program and the terminal. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux("kill-server");
  }

  async #tmux(...args: readonly string[]): Promise<string> {
    const command = new Deno.Command("tmux", { args: ["-u", "-L", this.#socket, ...args] });
    const { success, stdout, stderr } = await command.output();
    if (!success) throw new Error(`tmux ${args[0]} failed: ${new TextDecoder().decode(stderr).trim()}`);
    return new TextDecoder().decode(stdout);
  }
}
