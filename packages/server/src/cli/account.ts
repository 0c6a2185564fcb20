import type { Command } from "commander";
import type { AccountChanges } from "../accounts/account-transactions.ts";
import {
  createAccount as createAccountScript,
  setAccount as setAccountScript,
} from "../accounts/account-transactions.ts";
import { type DeliverySwitches, deliverySwitches, printSwitch, setSwitches } from "../accounts/delivery-switches.ts";
import { generateKeyPair } from "../accounts/key-pair.ts";
import { effectiveLimit, parseStorageLimit, storageValues } from "../accounts/storage-limit.ts";
import { ConfigError } from "../config/config-error.ts";
import { isImagekitId } from "../config/reserved-paths.ts";
import { storedBytes } from "../database/repositories/account-storage.ts";
import { listAccounts } from "../database/repositories/accounts.ts";
import { type KeyPairRow, listActiveKeyPairs } from "../database/repositories/key-pairs.ts";
import { addAccountDataCommands } from "./account-data.ts";
import { addAccountKeyCommands, printPair } from "./account-keys.ts";
import { type CommandContext, configOf, withParts } from "./context.ts";
import { addSettingOptions, camelCase, dataSettings } from "./options.ts";
import { printable } from "./printable.ts";
import { keepKeyPair } from "./private-key-file.ts";

export function addAccountCommands(program: Command, context: CommandContext): void {
  const account = program.command("account").description("manage accounts and their key pairs");
  const create = account.command("create <imagekitId>").description("make an account with a key pair of its own");
  addSettingOptions(create, dataSettings).action((imagekitId: string) => createAccount(imagekitId, create, context));
  const list = account.command("list").description("list the accounts with their public keys");
  addSettingOptions(list, dataSettings).action(() => listAll(list, context));
  const set = account.command("set <imagekitId>").description("change what an account allows");
  set.option("--v1-uploads <state>", "client uploads with a V1 signature, which locks no parameter (on, off)");
  set.option("--storage <size>", `storage that all versions of its files may take together (${storageValues})`);
  for (const { flag, values, description } of Object.values(deliverySwitches)) {
    set.option(`--${flag} <value>`, `${description} (${values})`);
  }
  addSettingOptions(set, dataSettings).action((imagekitId: string) => setAccount(imagekitId, set, context));
  addAccountKeyCommands(account, context);
  addAccountDataCommands(account, context);
}

async function createAccount(imagekitId: string, command: Command, context: CommandContext): Promise<void> {
  if (!isImagekitId(imagekitId)) {
    throw new ConfigError("imagekitId must be 1 to 64 letters, digits, - or _, and none of the server's own paths");
  }
  const config = configOf(command, context);
  const pair = generateKeyPair();
  await withParts(config, async ({ database }) => {
    const outcome = await database.run(createAccountScript, { imagekitId, pair, now: Date.now() });
    if (outcome === "exists") throw new ConfigError(`imagekitId: there is an account ${imagekitId} already`);
  });
  await printPair(context, pair, () => keepKeyPair(config.dataDir, imagekitId, pair));
}

async function setAccount(imagekitId: string, command: Command, context: CommandContext): Promise<void> {
  const changes = readChanges(command);
  await withParts(configOf(command, context), async ({ database }) => {
    const outcome = await database.run(setAccountScript, { imagekitId, changes });
    if (outcome === "no account") throw new ConfigError(`imagekitId: there is no account ${imagekitId}`);
    if (outcome === "account disabled") throw new ConfigError(`imagekitId: the account ${imagekitId} is being erased`);
  });
}

/** @throws ConfigError that names the option */
function readChanges(command: Command): AccountChanges {
  const { v1Uploads, storage } = command.opts<{ v1Uploads?: string; storage?: string }>();
  if (v1Uploads !== undefined && v1Uploads !== "on" && v1Uploads !== "off") {
    throw new ConfigError("--v1-uploads must be on or off");
  }
  const storageLimit = storage === undefined ? undefined : parseStorageLimit(storage);
  if (storage !== undefined && storageLimit === undefined) throw new ConfigError(`--storage takes ${storageValues}`);
  const delivery = readSwitchOptions(command);
  const changes = {
    ...(v1Uploads !== undefined && { v1Uploads: v1Uploads === "on" }),
    ...(storageLimit !== undefined && { storageLimit }),
    ...(Object.keys(delivery).length > 0 && { delivery }),
  };
  if (Object.keys(changes).length === 0) {
    throw new ConfigError("at least one setting must be given, such as --v1-uploads on; --help lists the settings");
  }
  return changes;
}

function readSwitchOptions(command: Command): Partial<DeliverySwitches> {
  const given = Object.entries(deliverySwitches).flatMap(([name, { flag, values, parse }]) => {
    const text = command.opts<Record<string, string>>()[camelCase(flag)];
    if (text === undefined) return [];
    const value = parse(text);
    if (value === undefined) throw new ConfigError(`--${flag} takes ${values}`);
    return [[name, value]];
  });
  return Object.fromEntries(given);
}

/** The facts about a key pair that a list shows. */
function factsOf({ name, origin, role, may_overwrite, expires_at, last_used_on }: KeyPairRow): string[] {
  return [
    ...(name === null ? [] : [`"${printable(name)}"`]),
    origin,
    ...(role === "full" ? [] : [`role ${role}`]),
    ...(role === "upload" && may_overwrite === 1 ? ["may overwrite"] : []),
    ...(expires_at === null ? [] : [`until ${new Date(expires_at).toISOString()}`]),
    ...(last_used_on === null ? [] : [`last used ${last_used_on}`]),
  ];
}

/** The switches that differ from their defaults, as they are written on the command line. */
function changedSwitches(stored: string | null): string[] {
  return Object.entries(setSwitches(stored)).flatMap(([name, value]) => {
    const { flag, standard } = deliverySwitches[name as keyof DeliverySwitches];
    const text = printSwitch(value);
    return text === printSwitch(standard) ? [] : [`${flag} ${text}`];
  });
}

async function listAll(command: Command, context: CommandContext): Promise<void> {
  const config = configOf(command, context);
  await withParts(config, async ({ database: { reader } }) => {
    const accounts = await listAccounts(reader);
    for (const { id, imagekit_id, status, v1_uploads, delivery_switches, storage_limit } of accounts) {
      context.terminal.print(`${imagekit_id} (${status}${v1_uploads === 1 ? ", V1 uploads on" : ""})`);
      const switches = changedSwitches(delivery_switches);
      if (switches.length > 0) context.terminal.print(`  ${switches.join(", ")}`);
      for (const pair of await listActiveKeyPairs(reader, id, Date.now())) {
        context.terminal.print(`  ${pair.public_key} (${factsOf(pair).join(", ")})`);
      }
      const limit = effectiveLimit(storage_limit, config.limits.storageBytes);
      const most = limit === undefined ? "" : `, ${limit} at most`;
      context.terminal.print(`  stores ${await storedBytes(reader, id)} bytes${most}`);
    }
  });
}
