/**
 * The place of a module for a thread or a process.
 * @param name the module's name without its extension
 * @param importer the `import.meta.url` of a module beside it, which has the same extension
 */
export function moduleBeside(name: string, importer: string): URL {
  return new URL(`${name}${importer.endsWith(".ts") ? ".ts" : ".js"}`, importer);
}
