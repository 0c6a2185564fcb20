const unreleased = "## Unreleased";

/**
 * Turns what is unreleased in a changelog into the section of a version, below a new and empty one.
 * @throws Error where nothing is unreleased, or the version has a section already
 */
export function releasedChangelog(text: string, version: string, date: string): string {
  if (text.includes(`\n## ${version} `)) throw new Error(`CHANGELOG.md has a section of ${version} already`);
  const start = text.indexOf(`\n${unreleased}\n`);
  if (start < 0) throw new Error(`CHANGELOG.md has no line "${unreleased}"`);
  const rest = text.slice(start + unreleased.length + 2);
  const section = /^[\s\S]*?(?=\n## |$(?![\s\S]))/.exec(rest)?.[0] ?? "";
  if (section.trim() === "")
    throw new Error(`CHANGELOG.md has nothing below "${unreleased}": say what ${version} changes`);
  return `${text.slice(0, start)}\n${unreleased}\n\n## ${version} (${date})\n${rest}`;
}
