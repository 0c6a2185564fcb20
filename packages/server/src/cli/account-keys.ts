import type { Command } from "commander";
import type { KeyPairFacts } from "../accounts/account-transactions.ts";
import { generateKeyPair, type KeyPair, keyNameIn, keyNameRule } from "../accounts/key-pair.ts";
import { isKeyRole, keyRoles } from "../accounts/key-roles.ts";
import {
  createKeyPair,
  maxKeyPairs,
  replaceKeyPair,
  revokeKeyPair,
  rotateKeyPair,
} from "../accounts/manage-key-pairs.ts";
import { ConfigError } from "../config/config-error.ts";
import { type CommandContext, configOf, withParts } from "./context.ts";
import { addSettingOptions, dataSettings } from "./options.ts";
import { exportCommand, keepFurtherPrivateKey, keepKeyPair } from "./private-key-file.ts";

const hourMs = 60 * 60 * 1000;

/**
 * The times for which the old pairs may stay valid after a rotation: the vendor's choices (docs/protocol/upload.md §2).
 */
const graces: Readonly<Record<string, number>> = {
  "0": 0,
  "1h": hourMs,
  "24h": 24 * hourMs,
  "3d": 72 * hourMs,
  "7d": 168 * hourMs,
};

const roles = Object.entries(keyRoles).map(([role, may]) => `${role} ${may}`);

export function addAccountKeyCommands(account: Command, context: CommandContext): void {
  const create = account.command("create-key <imagekitId>").description("give an account one more key pair");
  create.requiredOption("--role <role>", `what the pair may do, for good: ${roles.join("; ")}`);
  create.option("--may-overwrite", "with the role upload: uploads may add versions to files that are there", false);
  create.option("--name <name>", `what people call the pair: ${keyNameRule}`);
  addSettingOptions(create, dataSettings).action((imagekitId: string) => createKey(imagekitId, create, context));
  const rotate = account.command("rotate-key <imagekitId>").description("give an account a new key pair");
  rotate.option("--grace <time>", `how long the old pairs stay valid: ${Object.keys(graces).join(", ")}`, "24h");
  rotate.option("--key <publicKey>", "replace this pair alone, by one with the same role and name");
  rotate.option("--all", "end the pairs with the roles upload and read as well", false);
  addSettingOptions(rotate, dataSettings).action((imagekitId: string) => rotateKey(imagekitId, rotate, context));
  const revoke = account
    .command("revoke-key <imagekitId> <publicKey>")
    .description("end a key pair at once, with the uploads that it has begun");
  addSettingOptions(revoke, dataSettings).action((imagekitId: string, publicKey: string) =>
    revokeKey(imagekitId, publicKey, revoke, context),
  );
}

async function createKey(imagekitId: string, command: Command, context: CommandContext): Promise<void> {
  const rights = factsIn(command);
  const config = configOf(command, context);
  const pair = generateKeyPair();
  const account = { imagekit_id: imagekitId };
  await withParts(config, async ({ database }) => {
    const { outcome } = await database.run(createKeyPair, { account, pair, rights, now: Date.now() });
    if (outcome !== "created") throw refusalOf(outcome, imagekitId, "imagekitId");
  });
  await printPair(context, pair, () => keepFurtherPrivateKey(config.dataDir, imagekitId, pair));
}

/** @throws ConfigError that names the option */
function factsIn(command: Command): KeyPairFacts {
  const { role, mayOverwrite, name } = command.opts<{ role: string; mayOverwrite: boolean; name?: string }>();
  if (!isKeyRole(role)) throw new ConfigError(`--role must be one of ${Object.keys(keyRoles).join(", ")}`);
  if (mayOverwrite && role !== "upload") throw new ConfigError("--may-overwrite goes with --role upload alone");
  const kept = name === undefined ? null : keyNameIn(name);
  if (kept === undefined) throw new ConfigError(`--name must be ${keyNameRule}`);
  return { role, mayOverwrite: role === "full" || mayOverwrite, name: kept };
}

async function rotateKey(imagekitId: string, command: Command, context: CommandContext): Promise<void> {
  const { grace, key, all } = command.opts<{ grace: string; key?: string; all: boolean }>();
  const graceMs = Object.hasOwn(graces, grace) ? graces[grace] : undefined;
  if (graceMs === undefined) throw new ConfigError(`--grace must be one of ${Object.keys(graces).join(", ")}`);
  if (key !== undefined && all) throw new ConfigError("--key and --all exclude each other");
  const config = configOf(command, context);
  const pair = generateKeyPair();
  const now = Date.now();
  const ended = await withParts(config, async ({ database }) => {
    if (key === undefined) {
      const done = await database.run(rotateKeyPair, { imagekitId, pair, graceMs, now, all });
      if (done.outcome !== "rotated") throw refusalOf(done.outcome, imagekitId, "imagekitId");
      return done.ended;
    }
    const asked = { account: { imagekit_id: imagekitId }, replaced: { public_key: key }, pair, graceMs, now };
    const done = await database.run(replaceKeyPair, asked);
    if (done.outcome !== "replaced") throw refusalOf(done.outcome, imagekitId, "--key");
    return [done.ended];
  });
  await printPair(context, pair, () =>
    key === undefined
      ? keepKeyPair(config.dataDir, imagekitId, pair)
      : keepFurtherPrivateKey(config.dataDir, imagekitId, pair),
  );
  for (const { publicKey, validUntil } of ended) {
    const end = graceMs === 0 ? "has ended" : `works until ${new Date(validUntil).toISOString()}`;
    context.terminal.print(`earlier pair ${publicKey} ${end}`);
  }
}

async function revokeKey(
  imagekitId: string,
  publicKey: string,
  command: Command,
  context: CommandContext,
): Promise<void> {
  await withParts(configOf(command, context), async ({ database }) => {
    const asked = { account: { imagekit_id: imagekitId }, revoked: { public_key: publicKey }, now: Date.now() };
    const outcome = await database.run(revokeKeyPair, asked);
    if (outcome !== "revoked") throw refusalOf(outcome, imagekitId, "publicKey");
  });
}

function refusalOf(
  outcome: "no account" | "no such pair" | "configured" | "ending" | "last" | "too many",
  imagekitId: string,
  option: string,
): ConfigError {
  switch (outcome) {
    case "no account":
      return noAccount(imagekitId);
    case "no such pair":
      return new ConfigError(`${option}: the account ${imagekitId} has no such key pair in force`);
    case "configured":
      return new ConfigError(
        `${option}: the servers' configuration names this pair; take it out and restart them first`,
      );
    case "ending":
      return new ConfigError(`${option}: this pair has an end already; use the one that has taken its place`);
    case "too many":
      return new ConfigError(`imagekitId: ${imagekitId} has ${maxKeyPairs} pairs already; revoke some of them first`);
    case "last":
      return new ConfigError(
        `${option}: it is the account's last pair that may do everything; use rotate-key --grace 0`,
      );
  }
}

function noAccount(imagekitId: string): ConfigError {
  return new ConfigError(`imagekitId: there is no account ${imagekitId}`);
}

/**
 * Keeps the private key and prints where it is. At a terminal the pair is printed first, ready to paste, so a person sees it even
 * when the file can't be written.
 */
export async function printPair(
  { terminal }: CommandContext,
  pair: KeyPair,
  keep: () => Promise<string>,
): Promise<void> {
  if (terminal.interactive) terminal.print(exportCommand(pair));
  terminal.print(`public key   ${pair.publicKey}`);
  terminal.print(`private key  in ${await keep()}`);
}
