/**
 * How many users there can be: each takes descriptors of the system.
 *
 * @module
 */

/** So many are left for everything else. */
const SPARE = 64;

/** How many descriptors this program may have open, where the system tells; asked of a shell, which has the same limit. */
export async function descriptorLimit(): Promise<number | undefined> {
  if (Deno.build.os === "windows") return undefined;
  try {
    const { stdout } = await new Deno.Command("sh", { args: ["-c", "ulimit -n"], stderr: "null" }).output();
    const limit = Number(new TextDecoder().decode(stdout).trim());
    return Number.isInteger(limit) ? limit : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}

/** How many users there can be of those that are asked for, if each takes as many descriptors. */
export function usersWithin(users: number, limit: number | undefined, each: number): number {
  return limit === undefined ? users : Math.max(1, Math.min(users, Math.floor((limit - SPARE) / each)));
}
