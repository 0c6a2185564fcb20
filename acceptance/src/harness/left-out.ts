/** What one run of the acceptance tests leaves out, and why: whole files, and single tests by the names in their files. */
export type LeftOut = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

export function wholeFiles(leftOut: LeftOut): string[] {
  return Object.keys(leftOut).filter((file) => typeof leftOut[file] === "string");
}

/** Why the test is left out; undefined where it is not. */
export function reasonToSkip(leftOut: LeftOut, file: string, name: string): string | undefined {
  const left = leftOut[file];
  return typeof left === "object" ? left[name] : undefined;
}
