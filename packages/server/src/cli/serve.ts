import { once } from "node:events";
import type { Command } from "commander";
import type { Logger } from "pino";
import { configure, readAllSettings } from "../app/configuration/configure.ts";
import type { Sluice } from "../app/sluice.ts";
import type { Config } from "../config/config.ts";
import { type Settings, settings } from "../config/settings.ts";
import { consoleAddress, takesSessions } from "../console/make-link.ts";
import { findFfmpeg } from "../media/video/find-ffmpeg.ts";
import { createLogger } from "../observability/logger.ts";
import type { SupervisorOptions } from "../workers/supervisor.ts";
import { startWebAppBuilds, type WebAppBuilds } from "./build-web-apps.ts";
import { type CommandContext, untilShutdown } from "./context.ts";
import { blameVariables } from "./environment.ts";
import { locateSecretsKey } from "./locate-secrets-key.ts";
import { formerDefaults, openByDefault } from "./open-by-default.ts";
import { addSettingOptions, rawSettings, type SettingName } from "./options.ts";
import { exportCommand, keepKeyPair, locatePrivateKey } from "./private-key-file.ts";
import { restartWorkers } from "./restart-workers.ts";
import { noteServer } from "./running-server.ts";
import { isAskedByPerson } from "./shutdown-request.ts";
import { nameSetting } from "./start-problem.ts";
import { startWarnings } from "./start-warnings.ts";
import { revealSecret } from "./terminal.ts";

export function addServeCommand(program: Command, context: CommandContext): void {
  const command = program.command("serve").description("run the server, as npm start does");
  addSettingOptions(command, Object.keys(settings) as SettingName[]);
  command.action(() => untilShutdown(context, serve(command, context)));
}

async function serve(command: Command, context: CommandContext): Promise<void> {
  const values = readAllSettings(rawSettings(command, context.environment));
  const logLevel = values.logLevel ?? "info";
  const logger = createLogger(logLevel, context.logDestination);
  const config = configure(values);
  const signal = context.shutdown;
  const sluice = await createServer({ config, logger, logLevel, signal });
  let building: WebAppBuilds | undefined;
  let takeBackNote: (() => Promise<void>) | undefined;
  try {
    await sluice.listen().catch((error: unknown) => {
      throw nameSetting(error, config, context.environment);
    });
    takeBackNote = await noteServer(config.dataDir, sluice.url);
    context.onRestart?.((readEnvironment) => {
      const readAgain = () => {
        const { variables, take } = readEnvironment();
        return { settings: readAllSettings(rawSettings(command, variables)), takeEnvironment: take };
      };
      void restartWorkers(sluice, logger, values, readAgain).then((now) => {
        if (now?.demo && !config.demo) printLine(context, ["demo page", sluice.demoLink]);
      });
    });
    building = startWebAppBuilds(config, context, logger);
    const privateKey = await privateKeyLine(sluice, command);
    const webhookSecret = await newWebhookSecretLine(sluice, context);
    const consoleAt = await consoleLine(sluice, context);
    const facts = [privateKey, ...secretsKeyLine(sluice, command), ...webhookSecret, await videoLine(config)];
    announce(sluice, { facts, pages: consoleAt }, command, context);
    const end = AbortSignal.any([context.shutdown, sluice.failed]);
    if (!end.aborted) await once(end, "abort");
    if (context.shutdown.aborted && !isAskedByPerson(context.shutdown.reason)) await drain(sluice, logger);
    logger.info("shutting down: finishing the requests in flight");
    // Throws, so that the process's supervisor starts it again.
    sluice.failed.throwIfAborted();
  } finally {
    await takeBackNote?.();
    await building?.stop();
    await sluice.close();
  }
}

/** Serves on while load balancers notice that this server leaves. */
async function drain(sluice: Sluice, logger: Logger): Promise<void> {
  const seconds = sluice.config.drainDelayMs / 1000;
  if (seconds > 0) logger.info({ seconds }, "draining: /health tells load balancers to send requests elsewhere");
  await sluice.leave();
}

/** Loads the server only now, so that a wrong setting is said at once. */
async function createServer(options: SupervisorOptions): Promise<Sluice> {
  if (options.config.workers > 1) return (await import("../workers/supervisor.ts")).createSupervisor(options);
  return (await import("../app/single-process.ts")).createSingleProcess({ ...options, keepsReady: true });
}

type Line = readonly [name: string, value: string];

/** The flag or the variable by which a setting is given. */
function givenBy(name: "privateKey" | "secretsKey", command: Command): string {
  const { flag, environment } = settings[name];
  return command.opts<Settings>()[name] === undefined ? environment : flag;
}

/** Says where the private key is, as each start does. A newly made key is stored there first. */
async function privateKeyLine({ config, keys, keysAreNew }: Sluice, command: Command): Promise<Line> {
  const { dataDir, imagekitId, keyPair } = config;
  const place = async () => {
    if (keysAreNew) return `in ${await keepKeyPair(dataDir, imagekitId, keys)}`;
    if (keyPair === undefined) return locatePrivateKey(dataDir, imagekitId, keys);
    return `given by ${givenBy("privateKey", command)}`;
  };
  return ["private key", await place()];
}

/** Says where the key for the secrets of origins is, as each start does, and which key is missing. */
function secretsKeyLine({ secretsKeys }: Sluice, command: Command): Line[] {
  const place = secretsKeys && locateSecretsKey(secretsKeys, givenBy("secretsKey", command));
  return place === undefined ? [] : [["secrets key", place]];
}

/** Says what reads videos, or why they are delivered as they are. */
async function videoLine({ ffmpeg }: Pick<Config, "ffmpeg">): Promise<Line> {
  const found = await findFfmpeg(ffmpeg);
  return ["videos", "missing" in found ? `kept as they are: ${found.missing}` : found.name];
}

/** One line when this start made the configured endpoint's secret, which nobody has seen yet; otherwise none. */
async function newWebhookSecretLine(
  { config, newWebhookSecret }: Sluice,
  { terminal }: CommandContext,
): Promise<Line[]> {
  if (newWebhookSecret === undefined) return [];
  const shown = await revealSecret(terminal, config.dataDir, `webhook-secret-${config.imagekitId}`, newWebhookSecret);
  return [["webhook secret", terminal.interactive ? `${shown} (shown this once)` : shown]];
}

/**
 * The console's address. A person at a terminal gets it as a link that signs in, if it can sign in there. Elsewhere
 * output tends to be kept.
 */
async function consoleLine(sluice: Sluice, { terminal }: CommandContext): Promise<Line[]> {
  const { config, url } = sluice;
  if (!config.console) return [];
  const address = consoleAddress(config, url);
  if (!takesSessions(address)) return [["console", `${address} (over HTTPS alone: see docs/console.md)`]];
  const link = terminal.interactive ? await sluice.consoleLink() : undefined;
  if (link === undefined) return [["console", `${address} (sluice console-link prints a link that signs in)`]];
  return [["console", `${link} (signs in once, within an hour)`]];
}

function printLine({ terminal }: CommandContext, [name, value]: Line): void {
  terminal.print(`  ${name.padEnd(15)}${value}`);
}

interface FurtherLines {
  readonly facts: readonly Line[];
  readonly pages: readonly Line[];
}

function announce(sluice: Sluice, { facts, pages }: FurtherLines, command: Command, context: CommandContext): void {
  const { terminal, environment } = context;
  const { config, keys, keysAreNew, url, address } = sluice;
  const lines: Line[] = [
    ["listening on", address],
    ...(url === address ? [] : [["public URL", url] as const]),
    ["account", `${config.imagekitId} (files are delivered under ${url}/${config.imagekitId}/)`],
    ["public key", keys.publicKey],
    ...facts,
  ];
  if (sluice.metricsUrl !== undefined) lines.push(["metrics", sluice.metricsUrl]);
  if (config.demo) lines.push(["demo page", sluice.demoLink]);
  lines.push(...pages, ["documentation", `${url}/docs/`]);
  terminal.print("Sluice is ready.");
  for (const line of lines) printLine(context, line);
  if (keysAreNew && terminal.interactive) {
    terminal.print("The new keys, to paste into the shell that you work in (shown this once):");
    terminal.print(`  ${exportCommand(keys)}`);
  }
  const { flags } = rawSettings(command, environment);
  const given = Object.keys(flags).filter((flag) => flags[flag] !== undefined);
  for (const warning of startWarnings(config)) {
    terminal.printError(`warning: ${blameVariables(warning, given, environment)}`);
  }
  for (const line of formerDefaults(sluice.formerAccounts)) terminal.printError(`note: ${line}`);
  for (const line of openByDefault(config, sluice.openAccounts)) terminal.printError(`open to everybody: ${line}`);
}
