import { SluiceError } from "@sluice/protocol";
import { uploading } from "@sluice/protocol/schemas";
import { createUploadToken, inspectUploadToken, type TokenInspection } from "@sluice/token";
import type { Command } from "commander";
import { principalOf } from "../accounts/authenticate.ts";
import type { KeyPair } from "../accounts/key-pair.ts";
import { ConfigError } from "../config/config-error.ts";
import type { Connection } from "../database/database.ts";
import { findAccount } from "../database/repositories/accounts.ts";
import { findKeyPair, type KeyPairWithAccount, listFullKeyPairs } from "../database/repositories/key-pairs.ts";
import { findUsedToken } from "../database/repositories/used-tokens.ts";
import { type CommandContext, configOf, withParts } from "./context.ts";
import { addSettingOptions, dataSettings, type SettingName } from "./options.ts";
import { urlOfServer } from "./running-server.ts";

const keySettings: readonly SettingName[] = [...dataSettings, "imagekitId", "publicUrl", "host", "port"];

export function addTokenCommands(program: Command, context: CommandContext): void {
  const token = program.command("token").description("make and explain upload tokens");
  const mint = token.command("mint").description("mint a token and print a curl command that uses it");
  mint.requiredOption("--file <path>", "the file that the curl command uploads");
  mint.option("--field <name=value>", "a parameter of the upload; may be given several times", collect, []);
  mint.option("--expires-in <seconds>", "lifetime, 1 to 3600", "600");
  addSettingOptions(mint, keySettings).action(() => mintToken(mint, context));
  const inspect = token
    .command("inspect <token>")
    .description("explain why a token is or is not accepted, and exit with 1 if it is not; burns nothing");
  inspect.option(
    "--field <name=value>",
    "a field of the form to hold it against; may be given several times",
    collect,
    [],
  );
  addSettingOptions(inspect, dataSettings).action((text: string) => inspectToken(text, inspect, context));
}

function collect(value: string, earlier: readonly string[]): string[] {
  return [...earlier, value];
}

async function mintToken(command: Command, context: CommandContext): Promise<void> {
  const options = command.opts<{ file: string; field: string[]; expiresIn: string }>();
  const config = configOf(command, context);
  const keys = await withParts(config, ({ database }) => currentKeys(database.reader, config.imagekitId));
  const fileName = options.file.split("/").at(-1) ?? options.file;
  const parameters = { fileName, ...Object.fromEntries(parseFields(options.field)) };
  const expiresIn = Number(options.expiresIn);
  if (!Number.isInteger(expiresIn) || expiresIn < 1 || expiresIn > 3600) {
    throw new ConfigError("--expires-in must be a whole number from 1 to 3600");
  }
  const token = await createUploadToken(parameters, { ...keys, expiresIn });
  const url = await urlOfServer(command, config);
  const fields = Object.entries({ token, ...parameters });
  context.terminal.print(
    [
      `curl ${quote(`${url}/api/v2/files/upload`)}`,
      // Unlike -F, this option sends the value as it is, whatever it begins with.
      ...fields.map(([name, value]) => `--form-string ${quote(`${name}=${value}`)}`),
      `-F ${quote(`file=@${quoteForCurl(options.file)}`)}`,
    ].join(" \\\n  "),
  );
}

async function inspectToken(text: string, command: Command, context: CommandContext): Promise<void> {
  const { print } = context.terminal;
  const { field } = command.opts<{ field: string[] }>();
  await withParts(configOf(command, context), async ({ database: { reader } }) => {
    let pairProblems: readonly string[] | undefined;
    const report = await inspectUploadToken(text, field.length === 0 ? undefined : parseFields(field), {
      findPrivateKey: async (publicKey) => {
        const pair = await findKeyPair(reader, { public_key: publicKey });
        if (pair !== undefined) pairProblems = problemsOfPair(pair);
        return pair?.private_key;
      },
    });
    const used = await isUsed(reader, report);
    const usedProblems = used === true ? ["The token has been used before."] : used === false ? [] : undefined;
    const checks = [
      ...report.checks,
      outcomeOf("key pair in force", pairProblems),
      outcomeOf("single use", usedProblems),
    ];
    if (report.header !== undefined) print(`header   ${JSON.stringify(report.header)}`);
    if (report.claims !== undefined) print(`claims   ${JSON.stringify(Object.fromEntries(report.claims))}`);
    if (report.issuedAt !== undefined) print(`issued   ${report.issuedAt}`);
    if (report.expiresAt !== undefined) print(`expires  ${report.expiresAt}`);
    for (const { name, outcome, problems } of checks) {
      print(`${outcome.padEnd(8)} ${name}`);
      for (const problem of problems) print(`           ${problem}`);
    }
    const acceptable = report.acceptable && checks.every(({ outcome }) => outcome !== "failed");
    if (!acceptable) {
      context.setExitCode(1);
      return print("This token would not be accepted.");
    }
    const condition = field.length === 0 ? " with a form of exactly these claims; --field holds it against one" : "";
    print(`This token would be accepted${condition}.`);
  });
}

/** Whether the token has been used. @returns undefined when it has no digest or no lifetime to look up */
async function isUsed(reader: Connection, { digest, expiresAt }: TokenInspection): Promise<boolean | undefined> {
  if (digest === undefined || expiresAt === undefined) return undefined;
  const key = { expires_at: Date.parse(expiresAt) / 1000, digest: Buffer.from(digest, "hex") };
  return (await findUsedToken(reader, key)) !== undefined;
}

/** @param problems undefined when the check could not be made */
function outcomeOf(name: string, problems: readonly string[] | undefined) {
  if (problems === undefined) return { name, outcome: "skipped", problems: [] } as const;
  return { name, outcome: problems.length === 0 ? "passed" : "failed", problems } as const;
}

/** The errors that an upload with a token of this pair would get, however good the token is. */
function problemsOfPair(pair: KeyPairWithAccount): string[] {
  try {
    principalOf(pair, Date.now(), uploading.keys, "token");
    return [];
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    return [`${error.message} ${error.help}`];
  }
}

async function currentKeys(reader: Connection, imagekitId: string): Promise<KeyPair> {
  const account = await findAccount(reader, { imagekit_id: imagekitId });
  const [pair] = account === undefined ? [] : await listFullKeyPairs(reader, account.id, Date.now());
  if (pair === undefined) throw new ConfigError(`--imagekit-id: there is no account ${imagekitId} with a key pair`);
  return { publicKey: pair.public_key, privateKey: pair.private_key };
}

function parseFields(fields: readonly string[]): [string, string][] {
  return fields.map((field) => {
    const equals = field.indexOf("=");
    if (equals < 1) throw new ConfigError("--field must have the form name=value");
    return [field.slice(0, equals), field.slice(equals + 1)];
  });
}

/** Quotes a file's name for curl's -F, where commas and semicolons would end it. */
function quoteForCurl(path: string): string {
  return `"${path.replaceAll(/["\\]/g, "\\$&")}"`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
