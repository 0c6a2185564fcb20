import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { ConfigError } from "../config/config-error.ts";
import { errnoOf } from "../storage/storage-error.ts";

type Variables = NodeJS.Dict<string>;

/** The environment as it would be with what the file holds now. Nothing has changed yet. */
export interface NewEnvironment {
  readonly variables: Readonly<Variables>;
  /** Puts the file's variables into the environment. @returns puts back those that were there before */
  take(): () => void;
}

/**
 * Puts the variables of a file into the environment. A variable that the process was given wins.
 * @returns reads the file again. A variable that the file no longer has is then absent.
 * @throws ConfigError, as the returned function does, when there is a file that can't be read
 */
export function readEnvironmentFile(path: string, environment: NodeJS.ProcessEnv): () => NewEnvironment {
  let ofFile: Variables = {};
  const put = (variables: Variables): void => {
    for (const name of Object.keys(ofFile)) delete environment[name];
    Object.assign(environment, variables);
    ofFile = variables;
  };
  const read = (): NewEnvironment => {
    const given = without(environment, ofFile);
    const found = without(parse(path), given);
    const take = () => {
      const before = ofFile;
      put(found);
      return () => put(before);
    };
    return { variables: { ...given, ...found }, take };
  };
  read().take();
  return read;
}

function without(variables: Variables, others: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => others[name] === undefined));
}

function parse(path: string): Variables {
  try {
    return parseEnv(readFileSync(path, "utf8"));
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === "ENOENT") return {};
    if (errno === undefined) throw error;
    throw new ConfigError(`${path} can't be read: ${errno}`);
  }
}
