import type { Command } from "commander";
import { ConfigError } from "../config/config-error.ts";
import { askedLinkMs, consoleAddress, makeConsoleLink, takesSessions } from "../console/make-link.ts";
import { type CommandContext, configOf, withParts } from "./context.ts";
import { addSettingOptions, dataSettings, type SettingName } from "./options.ts";
import { urlOfServer } from "./running-server.ts";

const linkSettings: readonly SettingName[] = [
  ...dataSettings,
  "imagekitId",
  "publicUrl",
  "console",
  "consoleOrigin",
  "host",
  "port",
];

export function addConsoleLinkCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("console-link")
    .description("print a link that signs in to the web console once, within 10 minutes");
  command.option("--account <imagekitId>", "the account, if it is not the configured one");
  command.option("--read-only", "a session that changes nothing", false);
  addSettingOptions(command, linkSettings).action(() => printLink(command, context));
}

async function printLink(command: Command, context: CommandContext): Promise<void> {
  const config = configOf(command, context);
  if (!config.console) throw new ConfigError("--no-console switches the console off, so no link leads there");
  const { account, readOnly } = command.opts<{ account?: string; readOnly: boolean }>();
  const imagekitId = account ?? config.imagekitId;
  const address = consoleAddress(config, await urlOfServer(command, config));
  await withParts(config, async ({ database }) => {
    const role = readOnly ? "read" : "full";
    const link = await makeConsoleLink(database, address, { imagekitId, role, lifeMs: askedLinkMs });
    if (link === undefined) {
      throw new ConfigError(
        `${account === undefined ? "--imagekit-id" : "--account"}: there is no account ${imagekitId}`,
      );
    }
    context.terminal.print(link);
  });
  if (!takesSessions(address)) {
    context.terminal.printError(
      "warning: the console signs nobody in over plain HTTP from another machine; --public-url names an address with HTTPS",
    );
  }
}
