import { type DomainParsers, type Settings, settings } from "./settings.ts";

/**
 * The values of the flags, by flag (`--data-dir`), and of the environment, by variable name. A switch is true or false.
 */
export interface RawSettings {
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads every setting. A flag wins over its environment variable, and an empty variable counts as unset.
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
  { flag, environment: variable }: { readonly flag: string; readonly environment: string },
): string | undefined {
  const value = flags[flag];
  return value === undefined ? environment[variable] || undefined : String(value);
}
