/**
 * What we use of Deno's standard library, typed: npm's `deno-std` is the same code without its types, and whatever an untyped
 * import touches is `any` (decision 2). Whoever needs one function more declares it here; `deno task check:any` fails otherwise.
 */

declare module "@std/assert" {
  /** A class that `assertThrows`, `assertRejects` and `assertInstanceOf` look for. */
  // A constructor's parameters can only be matched in general as `never`.
  type Class<T> = abstract new (...parameters: never) => T;

  /** Throws unless `condition` is truthy. */
  export function assert(condition: unknown, message?: string): asserts condition;
  /** Throws, whatever comes. */
  export function fail(message?: string): never;
  /** Throws unless both are equal, deeply. */
  export function assertEquals<T>(actual: T, expected: T, message?: string): void;
  /** Throws if both are equal, deeply. */
  export function assertNotEquals<T>(actual: T, expected: T, message?: string): void;
  /** Throws unless both are the same by `Object.is`. */
  export function assertStrictEquals<T>(actual: unknown, expected: T, message?: string): asserts actual is T;
  /** Throws if both are the same by `Object.is`. */
  export function assertNotStrictEquals<T>(actual: T, expected: T, message?: string): void;
  /** Throws unless `actual` was made by `expected` or a class derived from it. */
  export function assertInstanceOf<T>(actual: unknown, expected: Class<T>, message?: string): asserts actual is T;
  /** Throws unless the text matches. */
  export function assertMatch(actual: string, expected: RegExp, message?: string): void;
  /** Throws unless `actual` contains `expected`. */
  export function assertStringIncludes(actual: string, expected: string, message?: string): void;
  /** Throws unless `actual` has all that `expected` has, deeply. */
  export function assertObjectMatch(actual: object, expected: object, message?: string): void;
  /** Throws unless `run` throws, and gives what it threw. */
  export function assertThrows(run: () => unknown, message?: string): unknown;
  /** Throws unless `run` throws such an error, with `includes` in its message, and gives it. */
  export function assertThrows<E extends Error>(
    run: () => unknown,
    error: Class<E>,
    includes?: string,
    message?: string,
  ): E;
  /** Rejects unless `run` rejects, and gives what it rejected with. */
  export function assertRejects(run: () => PromiseLike<unknown>, message?: string): Promise<unknown>;
  /** Rejects unless `run` rejects with such an error, with `includes` in its message, and gives it. */
  export function assertRejects<E extends Error>(
    run: () => PromiseLike<unknown>,
    error: Class<E>,
    includes?: string,
    message?: string,
  ): Promise<E>;
}

declare module "@std/bytes" {
  /** All bytes, one piece behind the other. */
  export function concat(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer>;
}

declare module "@std/html" {
  /** A text in which the five characters that mean something in HTML are entities. */
  export function escape(text: string): string;
}
