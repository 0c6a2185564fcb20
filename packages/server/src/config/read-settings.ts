import { type DomainParsers, type Settings, type ShownSetting, settings } from "./settings.ts";

/**
 * The values of the flags, by flag (`--data-dir`), and of the environment, by variable name. A switch is true or false.
 */
export interface RawSettings {
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads every setting. A flag wins over its environment variable, that variable wins over the platform's, and an empty
 * variable counts as unset.
 * @param parsers the domains' parsers: the configuration doesn't know how the values of their settings are written
 * @throws ConfigError that names the setting which is wrong
 */
export function readSettings(raw: RawSettings, parsers: DomainParsers): Settings {
  const entries = Object.entries(settings).flatMap(([name, setting]) => {
    const text = textOf(raw, setting);
    const parse = "parse" in setting ? setting.parse : parsers[name as keyof DomainParsers];
    return text === undefined ? [] : [[name, parse(text)]];
  });
  return Object.fromEntries(entries) as Settings;
}

function textOf(
  { flags, environment }: RawSettings,
  { flag, ...names }: Pick<ShownSetting, "flag" | "environment" | "platformEnvironment">,
): string | undefined {
  const value = flags[flag];
  if (value !== undefined) return String(value);
  const variable = variableInForce(names, environment);
  return variable === undefined ? undefined : environment[variable];
}

/** The variable that gives the setting its value, unless the flag does. @returns undefined where no variable is set */
export function variableInForce(
  { environment: own, platformEnvironment: platform }: Pick<ShownSetting, "environment" | "platformEnvironment">,
  environment: RawSettings["environment"],
): string | undefined {
  return [own, platform].find((name) => name !== undefined && Boolean(environment[name]));
}
