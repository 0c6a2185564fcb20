import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { errnoOf } from "../storage/storage-error.ts";

/**
 * Puts the variables of a file into the environment. A variable that the process was given wins.
 * @returns does the same again with what the file holds by then. A variable that the file no longer has is removed.
 */
export function readEnvironmentFile(path: string, environment: NodeJS.ProcessEnv): () => void {
  let ofFile: readonly string[] = [];
  const read = (): void => {
    const found = parse(path);
    for (const name of ofFile) delete environment[name];
    ofFile = Object.keys(found).filter((name) => environment[name] === undefined);
    for (const name of ofFile) environment[name] = found[name];
  };
  read();
  return read;
}

function parse(path: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(path, "utf8"));
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return {};
    throw error;
  }
}
