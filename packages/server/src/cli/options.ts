import { type Command, Option } from "commander";
import type { RawSettings } from "../config/read-settings.ts";
import { settings, unbuiltSettings } from "../config/settings.ts";

export type SettingName = keyof typeof settings;

/** Adds the settings' flags; values are read by `rawSettings`, so that flags and variables are parsed in one place. */
export function addSettingOptions(command: Command, names: readonly SettingName[]): Command {
  for (const name of names) {
    const { flag, argument, description, standard } = settings[name] as (typeof settings)[SettingName] & {
      argument?: string;
    };
    const option = new Option(argument === undefined ? flag : `${flag} ${argument}`, description);
    command.addOption(option.default(undefined, standard));
    if (argument === undefined) command.addOption(new Option(flag.replace("--", "--no-")).hideHelp());
  }
  return command;
}

/** Flags whose feature is not built: known, so that they can be refused by name. */
export function addUnbuiltOptions(command: Command): Command {
  for (const unbuilt of unbuiltSettings) {
    const flags = "argument" in unbuilt ? `${unbuilt.flag} ${unbuilt.argument}` : unbuilt.flag;
    command.addOption(new Option(flags).hideHelp());
  }
  return command;
}

export function rawSettings(command: Command, environment: RawSettings["environment"]): RawSettings {
  const values: Record<string, string | boolean> = command.opts();
  const flags = Object.fromEntries(
    [...Object.values(settings), ...unbuiltSettings].map(({ flag }) => [flag, values[camelCase(flag)]]),
  );
  return { flags, environment };
}

function camelCase(flag: string): string {
  return flag.replace(/^--/, "").replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
