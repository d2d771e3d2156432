/**
 * Chromium without a window, for tests of pages: driven over its DevTools protocol.
 *
 * @module
 */

import { commandOf } from "../conformance/testing/needed_programs.ts";
import { Transcript } from "./program.ts";

/** What it needs to run as anybody, and to leave everybody else alone. */
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--remote-debugging-port=0",
];

/** How long anything may take, in milliseconds. Far more than needed: machines are busy. */
const PATIENCE_MS = 60_000;

/** What is said back and forth: a method of the protocol and its parameters, or what came of it. */
type Fields = Readonly<Record<string, unknown>>;

interface Answer {
  readonly id?: number;
  readonly result?: Fields;
  readonly error?: { readonly message: string };
}

interface AccessibleNode {
  readonly ignored: boolean;
  readonly role: { readonly value: string };
  readonly name?: { readonly value: string };
}

/** Roles of what is only the text of something. */
const TEXT_ROLES: ReadonlySet<string> = new Set(["StaticText", "InlineTextBox"]);

/** How large a window is, in pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/** A browser, driven over one connection. */
class Browser {
  readonly #process: Deno.ChildProcess;
  readonly #said: Transcript;
  readonly #folder: string;
  readonly #socket: WebSocket;
  readonly #closed = Promise.withResolvers<void>();
  readonly #waiting = new Map<number, PromiseWithResolvers<Fields>>();
  #calls = 0;

  private constructor(process: Deno.ChildProcess, said: Transcript, folder: string, socket: WebSocket) {
    this.#process = process;
    this.#said = said;
    this.#folder = folder;
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#heard(JSON.parse(data));
    socket.onclose = () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("the browser is gone"));
      this.#closed.resolve();
    };
  }

  static async start({ width, height }: Size): Promise<Browser> {
    const folder = await Deno.makeTempDir();
    const args = [...FLAGS, `--user-data-dir=${folder}`, `--window-size=${width},${height}`, "about:blank"];
    const process = new Deno.Command(commandOf("chromium")!, { args, stdout: "null", stderr: "piped" }).spawn();
    const said = new Transcript(process.stderr);
    const [, devTools] = await said.match(/^DevTools listening on (ws:\S+)$/m);
    const socket = new WebSocket(devTools!);
    const browser = new Browser(process, said, folder, socket);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    return browser;
  }

  /** Calls a method of the protocol, in a page's session or in none. */
  call(method: string, params: Fields = {}, sessionId?: string): Promise<Fields> {
    const id = ++this.#calls;
    const waiting = Promise.withResolvers<Fields>();
    this.#waiting.set(id, waiting);
    this.#socket.send(JSON.stringify({ id, method, params, ...sessionId !== undefined && { sessionId } }));
    return waiting.promise;
  }

  /** Gives the session of a page. */
  async attach(targetId: string): Promise<string> {
    return (await this.call("Target.attachToTarget", { targetId, flatten: true })).sessionId as string;
  }

  async close(): Promise<void> {
    await this.call("Browser.close").catch(() => {});
    await Promise.all([this.#process.status, this.#said.whole(), this.#closed.promise]);
    await Deno.remove(this.#folder, { recursive: true });
  }

  #heard({ id, result, error }: Answer): void {
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (id === undefined || waiting === undefined) return;
    this.#waiting.delete(id);
    if (error === undefined) waiting.resolve(result ?? {});
    else waiting.reject(new Error(error.message));
  }
}

/** One page in a browser of its own. Disposing it ends the browser. */
export class Page implements AsyncDisposable {
  readonly #browser: Browser;
  readonly #session: string;

  private constructor(browser: Browser, session: string) {
    this.#browser = browser;
    this.#session = session;
  }

  /** Opens a file in a new browser, and waits until it is loaded. */
  static async open(path: string, size?: Size): Promise<Page> {
    return await Page.visit(`file://${await Deno.realPath(path)}`, size);
  }

  /** Opens an address in a new browser, and waits until it is loaded. */
  static async visit(address: string, size: Size = { width: 1200, height: 900 }): Promise<Page> {
    const browser = await Browser.start(size);
    const { targetInfos } = await browser.call("Target.getTargets");
    const { targetId } = (targetInfos as { type: string; targetId: string }[]).find(({ type }) => type === "page")!;
    const page = new Page(browser, await browser.attach(targetId));
    await page.go(address);
    return page;
  }

  /**
   * Opens an address as somebody else does, who shares nothing with this one but the process, and waits until it is loaded. It
   * ends with this one. Both are looked at.
   */
  async another(address: string): Promise<Page> {
    const { browserContextId } = await this.#browser.call("Target.createBrowserContext");
    const { targetId } = await this.#browser.call("Target.createTarget", { url: "about:blank", browserContextId });
    const page = new Page(this.#browser, await this.#browser.attach(targetId as string));
    for (const one of [this, page]) await one.call("Emulation.setFocusEmulationEnabled", { enabled: true });
    await page.go(address);
    return page;
  }

  /** Goes to an address, which may be the one where it is, and waits until that is loaded. */
  async go(address: string): Promise<void> {
    await this.evaluate("window.isLeft = true");
    const { errorText } = await this.call("Page.navigate", { url: address });
    if (errorText !== undefined) throw new Error(`${address}: ${errorText}`);
    // Evaluated in whichever document is there: the one that was left, or the one that is being loaded.
    const isLoaded = `new Promise((loaded) => {
      if (window.isLeft) setTimeout(() => loaded(false), 20);
      else if (document.readyState === "complete") loaded(true);
      else addEventListener("load", () => loaded(true));
    })`;
    while (await this.evaluate(isLoaded).catch(() => false) !== true);
  }

  /** Calls a method of the protocol. */
  call(method: string, params: Fields = {}): Promise<Fields> {
    return this.#browser.call(method, params, this.#session);
  }

  /** The value of an expression in the page, of which a promise is waited for. Throws what it throws. */
  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.call("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (answer.exceptionDetails !== undefined) throw new Error(JSON.stringify(answer.exceptionDetails));
    return (answer.result as { value?: unknown }).value;
  }

  /** Waits until an expression in the page is true. */
  async becomes(expression: string): Promise<void> {
    const isTrue = await this.evaluate(`new Promise((done) => {
      const deadline = performance.now() + ${PATIENCE_MS};
      const look = () => {
        if (${expression}) done(true);
        else if (performance.now() > deadline) done(false);
        else setTimeout(look, 10);
      };
      look();
    })`);
    if (isTrue !== true) throw new Error(`after ${PATIENCE_MS} ms it is not so that ${expression}`);
  }

  /** Types text where the page has its cursor, key by key. */
  async type(text: string): Promise<void> {
    for (const key of text) {
      await this.call("Input.dispatchKeyEvent", { type: "keyDown", key, text: key });
      await this.call("Input.dispatchKeyEvent", { type: "keyUp", key });
    }
  }

  /** Presses a key that types nothing, such as `ArrowDown`, or one with others held, and lets it go. */
  async press(key: string, held: { readonly shift?: boolean; readonly control?: boolean } = {}): Promise<void> {
    const modifiers = (held.control === true ? 2 : 0) + (held.shift === true ? 8 : 0);
    const code = { Enter: 13, Escape: 27, End: 35, Home: 36, ArrowUp: 38, ArrowDown: 40 }[key] ??
      key.toUpperCase().charCodeAt(0);
    const text = key === "Enter" ? { text: "\r" } : {};
    for (const type of ["keyDown", "keyUp"]) {
      const more = type === "keyDown" ? text : {};
      await this.call("Input.dispatchKeyEvent", { type, key, windowsVirtualKeyCode: code, modifiers, ...more });
    }
  }

  /** What a screen reader finds, in order: the role and the name of each element that has both, and is not merely text. */
  async accessible(): Promise<string[]> {
    const { nodes } = await this.call("Accessibility.getFullAXTree") as { readonly nodes: readonly AccessibleNode[] };
    return nodes.filter(({ ignored, role, name }) =>
      !ignored && !TEXT_ROLES.has(role.value) && (name?.value ?? "") !== ""
    )
      .map(({ role, name }) => `${role.value} ${name!.value}`);
  }

  /** Clicks into the middle of the first element that a selector finds. */
  async click(selector: string): Promise<void> {
    const place = await this.evaluate(`(() => {
      const element = document.querySelector(${JSON.stringify(selector)});
      element.scrollIntoView({ block: "center", behavior: "instant" });
      const { x, y, width, height } = element.getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 };
    })()`) as Fields;
    for (const type of ["mousePressed", "mouseReleased"]) {
      await this.call("Input.dispatchMouseEvent", { type, ...place, button: "left", clickCount: 1 });
    }
  }

  /** Ends the browser. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}
