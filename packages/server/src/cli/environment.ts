import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { ConfigError } from "../config/config-error.ts";
import { variableInForce } from "../config/read-settings.ts";
import { type ShownSetting, settings } from "../config/settings.ts";
import { errnoOf } from "../storage/storage-error.ts";
import { nearestName } from "../text/nearest-name.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const records: readonly ShownSetting[] = Object.values(settings);
const variables = records.map(({ environment }) => environment);

/** The variables by which the examples' applications find their server. They may stand in the same environment. */
const ofApplications: readonly string[] = ["SLUICE_URL"];

/**
 * Returns a line for each `SLUICE_*` variable that is no setting. The tests' own variables begin with `SLUICE_TEST_`.
 */
export function unknownVariables(environment: Environment): string[] {
  const known = [...variables, ...ofApplications];
  return Object.keys(environment)
    .filter((name) => name.startsWith("SLUICE_") && !name.startsWith("SLUICE_TEST_") && !known.includes(name))
    .map((name) => {
      const nearest = nearestName(name, variables);
      return `${name} is not a setting${nearest === undefined ? "" : `; did you mean ${nearest}?`}`;
    });
}

/**
 * Puts the variable's name in place of the flag's where the value came from the environment, since the variable is what
 * has to be changed.
 */
export function blameVariables(problem: string, argv: readonly string[], environment: Environment): string {
  return records.reduce((text, { flag, ...names }) => {
    const isGiven = argv.some((argument) => argument === flag || argument.startsWith(`${flag}=`));
    const variable = variableInForce(names, environment);
    return isGiven || variable === undefined ? text : text.replaceAll(new RegExp(`${flag}(?![\\w-])`, "g"), variable);
  }, problem);
}

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
