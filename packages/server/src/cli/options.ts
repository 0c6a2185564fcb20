import { type Command, Option } from "commander";
import type { RawSettings } from "../config/read-settings.ts";
import { type ShownSetting, settings } from "../config/settings.ts";

export type SettingName = keyof typeof settings;

/** The settings that say where the data is that a command works on. */
export const dataSettings: readonly SettingName[] = ["dataDir", "databaseUrl", "storageUrl"];

/**
 * The flag of a setting. A command's own option may have the same name as a setting of the server and mean something
 * else.
 */
class SettingOption extends Option {}

/** Adds the settings' flags. `rawSettings` reads their values, so that flags and variables are parsed in one place. */
export function addSettingOptions(command: Command, names: readonly SettingName[]): Command {
  for (const name of names) {
    const setting: ShownSetting = settings[name];
    const { flag, argument, description, environment, platformEnvironment: platform, repeatable, standard } = setting;
    const variables = platform === undefined ? environment : `${environment}, else ${platform}`;
    const option = new SettingOption(usageOf(setting), `${description} (default: ${standard}; ${variables})`);
    if (repeatable) option.argParser((value: string, earlier?: string) => (earlier ? `${earlier},${value}` : value));
    command.addOption(option);
    if (argument === undefined) command.addOption(new SettingOption(flag.replace("--", "--no-")).hideHelp());
  }
  return command;
}

export function rawSettings(command: Command, environment: RawSettings["environment"]): RawSettings {
  const values: Record<string, string | boolean> = command.opts();
  const names = command.options.filter((option) => option instanceof SettingOption).map((o) => o.attributeName());
  const flags = Object.fromEntries(
    Object.values(settings)
      .filter(({ flag }) => names.includes(camelCase(flag)))
      .map(({ flag }) => [flag, values[camelCase(flag)]]),
  );
  return { flags, environment };
}

function usageOf({ flag, argument }: Pick<ShownSetting, "flag" | "argument">): string {
  return argument === undefined ? flag : `${flag} ${argument}`;
}

/** The name under which commander keeps a flag's value. */
export function camelCase(flag: string): string {
  return flag.replace(/^--/, "").replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
