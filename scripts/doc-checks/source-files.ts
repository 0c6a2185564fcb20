/** Finds the files of TypeScript that a page names between backticks, by the end of their path. Patterns name no file. */
export function sourceFilesIn(text: string): string[] {
  const prose = text.replaceAll(/^\s*(```+)[^\n]*\n.*?^\s*\1$/gms, "");
  const names = Array.from(prose.matchAll(/`((?:[\w.-]+\/)*[\w.-]+\.tsx?)`/g), ([, name = ""]) => name);
  return names.filter((name) => !name.includes("NNNN"));
}
