import { globSync, readFileSync } from "node:fs";
import { posix } from "node:path";

/** A source file and its imports, types included. */
export interface SourceFile {
  /** The path from the repository's root. */
  readonly path: string;
  readonly text: string;
  /** The paths of imported files and the names of imported packages. */
  readonly imports: readonly string[];
}

/** Tests, and files that only tests use, may import everything. */
const isForTests = (path: string): boolean => /\.(test|soak|proof)\.ts$|\/testing\//.test(path);

/** @param pattern such as `packages/server/src/**​/*.ts` */
export function readSources(pattern: string): SourceFile[] {
  return globSync(pattern)
    .filter((path) => !isForTests(path))
    .map((path) => {
      const text = readFileSync(path, "utf8");
      return { path, text, imports: importsIn(text, path) };
    });
}

export function importsIn(text: string, path: string): string[] {
  const specifiers = text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^;"]*?from\s+"([^"]+)"|\bimport\(\s*"([^"]+)"/g);
  const sideEffects = text.matchAll(/(?:^|\n)import\s+"([^"]+)"/g);
  return [...specifiers, ...sideEffects]
    .map(([, ...found]) => found.find((specifier) => specifier !== undefined) ?? "")
    .map((specifier) => (specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : specifier));
}
