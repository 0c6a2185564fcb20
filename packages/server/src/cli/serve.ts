import { once } from "node:events";
import type { Command } from "commander";
import type { Sluice } from "../app.ts";
import { readSettings } from "../config/read-settings.ts";
import { resolveConfig } from "../config/resolve-config.ts";
import { settings } from "../config/settings.ts";
import { createLogger } from "../observability/logger.ts";
import { createSupervisor } from "../processes/supervisor.ts";
import { createSingleProcess } from "../single-process.ts";
import { type CommandContext, untilShutdown } from "./context.ts";
import { addSettingOptions, rawSettings, type SettingName } from "./options.ts";
import { nameSetting } from "./start-problem.ts";
import { startWarnings } from "./start-warnings.ts";
import { revealSecret } from "./terminal.ts";

export function addServeCommand(program: Command, context: CommandContext): void {
  const command = program.command("serve").description("run the server until SIGTERM or SIGINT");
  addSettingOptions(command, Object.keys(settings) as SettingName[]);
  command.action(() => untilShutdown(context, serve(command, context)));
}

async function serve(command: Command, context: CommandContext): Promise<void> {
  const values = readSettings(rawSettings(command, context.environment));
  const logLevel = values.logLevel ?? "info";
  const logger = createLogger(logLevel, context.logDestination);
  const config = resolveConfig(values);
  const signal = context.shutdown;
  const sluice =
    config.workers === 1
      ? createSingleProcess({ config, logger, signal })
      : createSupervisor({ config, logger, logLevel, signal });
  try {
    await sluice.listen().catch((error: unknown) => {
      throw nameSetting(error, config);
    });
    const secrets = await revealNewSecrets(sluice, context);
    announce(sluice, secrets, context);
    const end = AbortSignal.any([context.shutdown, sluice.failed]);
    if (!end.aborted) await once(end, "abort");
    logger.info("shutting down: finishing what is in flight");
    // Whoever watches over the process is to start it again.
    sluice.failed.throwIfAborted();
  } finally {
    await sluice.close();
  }
}

type Line = readonly [name: string, value: string];

/** What has just been made and nobody has seen yet. */
async function revealNewSecrets(sluice: Sluice, { terminal }: CommandContext): Promise<Line[]> {
  const { config, keys, keysAreNew, newWebhookSecret } = sluice;
  const reveal = (name: string, secret: string) =>
    revealSecret(terminal, config.dataDir, `${name}-${config.imagekitId}`, secret);
  const lines: Line[] = [];
  if (keysAreNew) lines.push(["private key", await reveal("private-key", keys.privateKey)]);
  if (newWebhookSecret !== undefined) lines.push(["webhook secret", await reveal("webhook-secret", newWebhookSecret)]);
  return lines;
}

function announce(sluice: Sluice, secrets: readonly Line[], { terminal }: CommandContext): void {
  const { config, keys, url } = sluice;
  const lines = [
    ["listening on", url],
    ["account", `${config.imagekitId} (files are delivered under ${url}/${config.imagekitId}/)`],
    ["public key", keys.publicKey],
  ];
  for (const [name, value] of secrets) lines.push([name, terminal.interactive ? `${value} (shown this once)` : value]);
  if (config.demo) lines.push(["demo page", `${url}/_sluice/demo`]);
  terminal.print("Sluice is ready.");
  for (const [name = "", value = ""] of lines) terminal.print(`  ${name.padEnd(15)}${value}`);
  for (const warning of startWarnings(config)) terminal.printError(`warning: ${warning}`);
}
