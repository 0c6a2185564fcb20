/**
 * The tests that one acceptance run leaves out, each with the reason: whole files, and single tests by the names
 * written in their files. `%s`, `%i` and `$property` in a name match any text.
 */
export type LeftOut = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

export function wholeFiles(leftOut: LeftOut): string[] {
  return Object.keys(leftOut).filter((file) => typeof leftOut[file] === "string");
}

/** Returns the reason why the test is left out; undefined if it is not. */
export function reasonToSkip(leftOut: LeftOut, file: string, name: string): string | undefined {
  const left = leftOut[file];
  if (typeof left !== "object") return undefined;
  return Object.entries(left).find(([template]) => matches(template, name))?.[1];
}

function matches(template: string, name: string): boolean {
  const literally = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const pattern = template
    .split(/%[si]|\$[\w.]+/)
    .map(literally)
    .join(".*");
  return new RegExp(`^${pattern}$`, "s").test(name);
}

/** The tests of `size-limits.test.ts` that touch neither an engine nor what processes share. */
export const testsOfPlans = {
  "free takes 25 MiB of everything": "is about a setting",
  "lite takes 40 MiB, and larger videos": "is about a setting",
  "pro takes 50 MiB, and larger videos": "is about a setting",
  "is overridden by single limits": "is about settings",
  "comes from the environment as well": "is about settings",
} as const;
