/**
 * Says which files a builder gets, by the lines of `.dockerignore`: the last line that fits a path, or a folder above it,
 * decides.
 */
export function contextFilter(dockerignore: string): (path: string) => boolean {
  const rules = dockerignore
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => ({ lets: line.startsWith("!"), pattern: patternOf(line.replace(/^!/, "")) }));
  return (path) => rules.findLast(({ pattern }) => pattern.test(path))?.lets ?? true;
}

/** Fits the path itself and everything below it. */
function patternOf(text: string): RegExp {
  const source = text
    .replace(/^\/|\/$/g, "")
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map((part) => wildcards.get(part) ?? part.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&"))
    .join("");
  return new RegExp(`^${source}(?:/.*)?$`);
}

const wildcards: ReadonlyMap<string, string> = new Map([
  ["**/", "(?:.*/)?"],
  ["**", ".*"],
  ["*", "[^/]*"],
  ["?", "[^/]"],
]);
