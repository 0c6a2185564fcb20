import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { eraseAccount } from "../account-data/erase/erase-account.ts";
import { exportAccount } from "../account-data/export/export-account.ts";
import type { Parts } from "../app/parts.ts";
import { ConfigError } from "../config/config-error.ts";
import { findAccount } from "../database/repositories/accounts.ts";
import { listWebhooks } from "../database/repositories/webhooks.ts";
import { type CommandContext, configOf, withParts } from "./context.ts";
import { addSettingOptions, dataSettings } from "./options.ts";
import { furtherPrivateKeyFiles, keyPairFiles } from "./private-key-file.ts";
import { endpointFile, urlSecretFile } from "./webhook.ts";

/** An export prints a line after this many files. */
const progressStep = 10_000;

/** Hands over and erases everything that is stored for an account. */
export function addAccountDataCommands(account: Command, context: CommandContext): void {
  const hand = account
    .command("export <imagekitId>")
    .description("write all that is stored for an account into a folder");
  hand.requiredOption("--to <folder>", "a new or an empty folder");
  addSettingOptions(hand, dataSettings).action((imagekitId: string) => runExport(imagekitId, hand, context));
  const erase = account.command("delete <imagekitId>").description("erase an account and all that is stored for it");
  erase.option("--confirm <imagekitId>", "the same id again: nothing brings the account back");
  addSettingOptions(erase, dataSettings).action((imagekitId: string) => runErase(imagekitId, erase, context));
}

async function runExport(imagekitId: string, command: Command, context: CommandContext): Promise<void> {
  const { to } = command.opts<{ to: string }>();
  const { terminal, shutdown, setExitCode } = context;
  let told = 0;
  const onProgress = ({ files, versions, bytes }: { files: number; versions: number; bytes: number }): void => {
    if (files + versions < told + progressStep) return;
    told = files + versions;
    terminal.print(`${told} contents so far, ${bytes} bytes`);
  };
  await withParts(configOf(command, context), async (parts) => {
    const services = { ...parts, now: Date.now };
    const done = await exportAccount(services, { imagekitId, to, onProgress }, shutdown);
    if (done === undefined) throw unknownAccount(imagekitId);
    const { rows, tables, files, versions, bytes, problems, manifest } = done;
    terminal.print(`rows: ${rows} of ${tables} tables`);
    terminal.print(`files: ${files}, and ${versions} earlier versions, ${bytes} bytes in all`);
    if (problems === 0) return terminal.print(`complete: ${manifest} names every file with its SHA-256`);
    terminal.printError(`sluice: ${problems} contents are missing or damaged in the store; ${manifest} names them`);
    setExitCode(1);
  });
}

async function runErase(imagekitId: string, command: Command, context: CommandContext): Promise<void> {
  const { confirm } = command.opts<{ confirm?: string }>();
  if (confirm !== imagekitId) {
    throw new ConfigError(
      `--confirm ${imagekitId} must be given: this erases the account for good, with all its files`,
    );
  }
  const config = configOf(command, context);
  const { terminal, shutdown } = context;
  await withParts(config, async (parts) => {
    const files = await secretFilesOf(parts, config.dataDir, imagekitId);
    const { jobOwners } = await import("../app/jobs.ts");
    const erased = await eraseAccount({ ...parts, jobOwners, now: Date.now }, imagekitId, shutdown);
    if (erased === undefined) throw unknownAccount(imagekitId);
    for (const name of files) await rm(join(config.dataDir, `${name}.txt`), { force: true });
    const { versions, blobs, bytes, jobs, rows, derivedFiles, sharedDerivedFiles } = erased;
    terminal.print(`erased the account ${imagekitId}`);
    terminal.print(`files: ${erased.files} with ${versions} versions; contents in the store: ${blobs}, ${bytes} bytes`);
    terminal.print(`other rows: ${rows}; jobs: ${jobs}`);
    terminal.print(`made images: ${derivedFiles} on this machine, ${sharedDerivedFiles} in the bucket`);
    terminal.print(`a server that is started with --imagekit-id ${imagekitId} makes a new, empty account of that name`);
  });
}

/**
 * The names, without their ending, of the files into which commands and servers on this machine have put the account's
 * secrets.
 */
async function secretFilesOf({ database: { reader } }: Parts, dataDir: string, imagekitId: string): Promise<string[]> {
  const account = await findAccount(reader, { imagekit_id: imagekitId });
  if (account === undefined) return [];
  const webhooks = await listWebhooks(reader, account.id);
  const own = [...keyPairFiles(imagekitId), `webhook-secret-${imagekitId}`];
  const further = await furtherPrivateKeyFiles(dataDir, imagekitId);
  return [...own, ...further, urlSecretFile(imagekitId), ...webhooks.map(({ id }) => endpointFile(id))];
}

function unknownAccount(imagekitId: string): ConfigError {
  return new ConfigError(`imagekitId: there is no account ${imagekitId}`);
}
