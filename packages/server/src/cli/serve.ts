import { once } from "node:events";
import type { Command } from "commander";
import { createSluice, type Sluice } from "../app.ts";
import type { Config } from "../config/config.ts";
import { readSettings } from "../config/read-settings.ts";
import { resolveConfig } from "../config/resolve-config.ts";
import { settings } from "../config/settings.ts";
import { createLogger } from "../observability/logger.ts";
import { createSupervisor } from "../processes/supervisor.ts";
import { type CommandContext, untilShutdown } from "./context.ts";
import { addSettingOptions, addUnbuiltOptions, rawSettings, type SettingName } from "./options.ts";
import { nameSetting } from "./start-problem.ts";
import { startWarnings } from "./start-warnings.ts";
import { revealPrivateKey } from "./terminal.ts";

export function addServeCommand(program: Command, context: CommandContext): void {
  const command = program.command("serve").description("run the server until SIGTERM or SIGINT");
  addSettingOptions(command, Object.keys(settings) as SettingName[]);
  addUnbuiltOptions(command).action(() => untilShutdown(context, serve(command, context)));
}

async function serve(command: Command, context: CommandContext): Promise<void> {
  const values = readSettings(rawSettings(command, context.environment));
  const logLevel = values.logLevel ?? "info";
  const logger = createLogger(logLevel, context.logDestination);
  const config = resolveConfig(values);
  const named = namingSetting(config);
  const signal = context.shutdown;
  const start =
    config.workers === 1
      ? createSluice({ ...values, logger, signal })
      : createSupervisor({ config, logger, logLevel, signal });
  const sluice = await named(start);
  try {
    // A key that was made is in the database for good: whatever happens next, its owner gets to see it now or never.
    const newKey = await revealNewKey(sluice, context);
    await named(sluice.listen()).catch((error: unknown) => {
      if (newKey !== undefined) context.terminal.print(`private key  ${newKey}`);
      throw error;
    });
    announce(sluice, newKey, context);
    const end = AbortSignal.any([context.shutdown, sluice.failed]);
    if (!end.aborted) await once(end, "abort");
    logger.info("shutting down: finishing what is in flight");
    // Whoever watches over the process is to start it again.
    sluice.failed.throwIfAborted();
  } finally {
    await sluice.close();
  }
}

/** Rejections that a setting is to blame for name it. */
function namingSetting(config: Config): <Result>(step: Promise<Result>) => Promise<Result> {
  return (step) =>
    step.catch((error: unknown) => {
      throw nameSetting(error, config);
    });
}

async function revealNewKey({ config, keys, keysAreNew }: Sluice, { terminal }: CommandContext) {
  if (!keysAreNew) return undefined;
  return revealPrivateKey(terminal, config.dataDir, config.imagekitId, keys.privateKey);
}

function announce(sluice: Sluice, newKey: string | undefined, { terminal }: CommandContext): void {
  const { config, keys, url } = sluice;
  const lines = [
    ["listening on", url],
    ["account", `${config.imagekitId} (files are delivered under ${url}/${config.imagekitId}/)`],
    ["public key", keys.publicKey],
  ];
  if (newKey !== undefined) lines.push(["private key", terminal.interactive ? `${newKey} (shown this once)` : newKey]);
  if (config.demo) lines.push(["demo page", `${url}/_sluice/demo`]);
  terminal.print("Sluice is ready.");
  for (const [name = "", value = ""] of lines) terminal.print(`  ${name.padEnd(13)}${value}`);
  for (const warning of startWarnings(config)) terminal.printError(`warning: ${warning}`);
}
