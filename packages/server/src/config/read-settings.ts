import { type DomainParsers, type Settings, settings } from "./settings.ts";

/** What the flags and the environment say, by flag (`--data-dir`) and by variable name; a switch is true or false. */
export interface RawSettings {
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads every setting; a flag wins over its environment variable, and an empty variable counts as unset.
 * @param parsers those of the domains, whose settings the configuration knows nothing of
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
