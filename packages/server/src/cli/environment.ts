import { variableInForce } from "../config/read-settings.ts";
import { type ShownSetting, settings } from "../config/settings.ts";
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
