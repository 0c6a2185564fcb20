import type { Command } from "commander";
import type { Config } from "../config/config.ts";
import { ConfigError } from "../config/config-error.ts";
import type { Connection } from "../database/database.ts";
import { type AccountRow, findAccount, listAccounts } from "../database/repositories/accounts.ts";
import {
  findWebhook,
  listWebhookAttempts,
  listWebhooks,
  type WebhookEndpointRow,
} from "../database/repositories/webhooks.ts";
import { firstEventId, isEventId } from "../events/event-id.ts";
import { type EventType, eventTypes, isEventType } from "../events/event-types.ts";
import { newTestEvent } from "../events/test-webhook.ts";
import { parseWebhookSecret, parseWebhookUrlSetting } from "../events/webhook-options.ts";
import { generateWebhookSecret, secretsOf } from "../events/webhook-secret.ts";
import { WebhookSender } from "../events/webhook-sender.ts";
import {
  addWebhook,
  maxWebhooks,
  type Replay,
  type ReplayOutcome,
  removeWebhook,
  replayEvents,
  rotateWebhookSecret,
  setWebhookStatus,
  type WebhookOutcome,
} from "../events/webhook-transactions.ts";
import { rotateWebhookUrlSecret, webhookUrlSecret } from "../events/webhook-url-secret.ts";
import { leadsInside, outboundRules } from "../network/outbound-rules.ts";
import { type CommandContext, configOf, withParts, withQueue } from "./context.ts";
import { describeAttempt, describeEndpoint } from "./describe-webhook.ts";
import { addSettingOptions, dataSettings, type SettingName } from "./options.ts";
import { parseSpan, parseTime } from "./parse-time.ts";
import { revealSecret } from "./terminal.ts";

/** The number of events that one transaction puts into the queue. */
const replayBatch = 500;

export function addWebhookCommands(program: Command, context: CommandContext): void {
  const webhook = program.command("webhook").description("manage webhook endpoints, their secrets and replays");
  const all = Object.keys(eventTypes).join(", ");
  command("add <imagekitId> <url>", "have an account's events sent to a URL", add, ["allowPrivateNetworks"])
    .option("--events <types>", `types of events, separated by commas: ${all} (all)`)
    .option("--secret <secret>", "secret with which its webhooks are signed, whsec_… (made)");
  command("list [imagekitId]", "list the endpoints, of one account or all", list);
  command("test <webhookId>", "send a webhook now and show the answer", test, ["allowPrivateNetworks"]);
  command("log [webhookId]", "show the last attempts at an endpoint", log)
    .option("--account <imagekitId>", "at the URLs that requests have named in webhookUrl, instead of an endpoint's")
    .option("--last <number>", "number of attempts to show", "20");
  command("replay <webhookId>", "send events that are still kept to an endpoint once more", replay)
    .option("--event <eventId>", "id of the event to send")
    .option(
      "--since <time>",
      "send all events of its types since this time: 2026-05-01T10:00Z, or 30m, 24h, 3d ago; events of transformations count by the upload's time",
    );
  command(
    "secret <imagekitId>",
    "show the secret that signs webhooks to the webhookUrls of an account's requests",
    showUrlSecret,
  );
  command("rotate-secret [webhookId]", "give an endpoint a new secret, or the webhookUrls of an account", rotateSecret)
    .option("--account <imagekitId>", "a new secret for the webhookUrls of its requests, instead of an endpoint's")
    .option("--grace <time>", "time for which the old secret signs as well: 0, 30m, 24h, 3d", "24h")
    .option("--secret <secret>", "the new secret, whsec_… (made)");
  command("enable <webhookId>", "send events to an endpoint again", (id) => setStatus(id, "enabled"));
  command("disable <webhookId>", "send no events to an endpoint", (id) => setStatus(id, "disabled"));
  command("remove <webhookId>", "forget an endpoint", remove);

  type Action = (first: string, second: string) => (command: Command) => Promise<void>;

  function command(usage: string, description: string, action: Action, more: readonly SettingName[] = []): Command {
    const made = webhook.command(usage).description(description);
    addSettingOptions(made, [...dataSettings, ...more]);
    return made.action((first: string, second: string) => action(first, second)(made));
  }

  function add(imagekitId: string, url: string) {
    return async (made: Command) => {
      const options = made.opts<{ events?: string; secret?: string }>();
      const types = parseTypes(options.events);
      const secret = options.secret === undefined ? undefined : parseWebhookSecret("--secret", options.secret);
      const config = configOf(made, context);
      const endpoint = {
        imagekitId,
        url: parseEndpointUrl(config, url),
        types,
        secret: secret ?? generateWebhookSecret(),
      };
      await withParts(config, async ({ database }) => {
        const outcome = await database.run(addWebhook, { ...endpoint, now: Date.now() });
        if ("problem" in outcome) throw new ConfigError(addProblems[outcome.problem](imagekitId));
        context.terminal.print(`webhook  ${outcome.id}`);
        if (secret === undefined) await showSecret(config, endpointFile(outcome.id), endpoint.secret);
      });
    };
  }

  function list(imagekitId: string | undefined) {
    return (made: Command) =>
      withParts(configOf(made, context), async ({ database: { reader } }) => {
        const accounts = await listAccounts(reader);
        const chosen = accounts.filter((account) => imagekitId === undefined || account.imagekit_id === imagekitId);
        if (chosen.length === 0) throw new ConfigError(`imagekitId: there is no account ${imagekitId}`);
        for (const { id, imagekit_id: name } of chosen) {
          for (const endpoint of await listWebhooks(reader, id))
            context.terminal.print(describeEndpoint(endpoint, name));
        }
      });
  }

  function test(id: string) {
    return async (made: Command) => {
      const config = configOf(made, context);
      await withParts(config, async ({ database: { reader } }) => {
        const endpoint = await endpointOf(reader, id);
        const now = Date.now();
        const sender = new WebhookSender(outboundRules(config), Date.now);
        try {
          const webhook = { url: endpoint.url, ...newTestEvent(now), secrets: secretsOf(endpoint, now) };
          const { status, error, excerpt, durationMs } = await sender.send(webhook, context.shutdown);
          context.terminal.print(`${error ?? `delivered: ${status}`} (${durationMs} ms)`);
          if (excerpt !== null) context.terminal.print(`answer: ${excerpt}`);
          if (error !== null) context.setExitCode(1);
        } finally {
          await sender.close();
        }
      });
    };
  }

  function log(id: string | undefined) {
    return async (made: Command) => {
      const { account, last } = made.opts<{ account?: string; last: string }>();
      const limit = Number(last);
      if (!Number.isInteger(limit) || limit < 1) throw new ConfigError("--last must be a whole number from 1");
      await withParts(configOf(made, context), async ({ database: { reader } }) => {
        const at = await endpointOrAccountOf(reader, id, account);
        for (const row of await listWebhookAttempts(reader, at, limit)) context.terminal.print(describeAttempt(row));
      });
    };
  }

  function replay(id: string) {
    return async (made: Command) => {
      const { event, since } = made.opts<{ event?: string; since?: string }>();
      if ((event === undefined) === (since === undefined)) throw new ConfigError("--event or --since must be given");
      if (event !== undefined && !isEventId(event)) throw new ConfigError("--event must be the id of an event");
      const after = since === undefined ? "" : firstEventId(parseTime("--since", since, Date.now()));
      const config = configOf(made, context);
      await withParts(config, (parts) =>
        withQueue(config, parts, async () => {
          let count = 0;
          for (let last: string | undefined = after; last !== undefined; ) {
            const which: Replay["which"] =
              event === undefined ? { after: last, limit: replayBatch } : { eventId: event };
            const outcome: ReplayOutcome = await parts.database.run(replayEvents, { id, which });
            if ("problem" in outcome) throw new ConfigError(replayProblems[outcome.problem]);
            count += outcome.replayed;
            last = outcome.last;
          }
          context.terminal.print(`events to send: ${count}`);
        }),
      );
    };
  }

  /** Shows the account's secret for the URLs in webhookUrl, and makes it where the account has none yet. */
  function showUrlSecret(imagekitId: string) {
    return async (made: Command) => {
      const config = configOf(made, context);
      await withParts(config, async ({ database }) => {
        const account = await accountOf(database.reader, imagekitId, "imagekitId");
        const { secret } = await webhookUrlSecret(database, account.id);
        await showSecret(config, urlSecretFile(imagekitId), secret);
      });
    };
  }

  function rotateSecret(id: string | undefined) {
    return async (made: Command) => {
      const options = made.opts<{ account?: string; grace: string; secret?: string }>();
      const graceMs = parseSpan("--grace", options.grace);
      const given = options.secret === undefined ? undefined : parseWebhookSecret("--secret", options.secret);
      const secret = given ?? generateWebhookSecret();
      const config = configOf(made, context);
      const rotation = { secret, graceMs, now: Date.now() };
      await withParts(config, async ({ database }) => {
        const at = await endpointOrAccountOf(database.reader, id, options.account);
        if ("accountId" in at) await database.run(rotateWebhookUrlSecret, { ...at, ...rotation });
        else expectDone(await database.run(rotateWebhookSecret, { id: at.endpointId, ...rotation }));
        const file = "accountId" in at ? urlSecretFile(String(options.account)) : endpointFile(at.endpointId);
        if (given === undefined) await showSecret(config, file, secret);
      });
    };
  }

  function setStatus(id: string, status: WebhookEndpointRow["status"]) {
    return (made: Command) =>
      withParts(configOf(made, context), async ({ database }) =>
        expectDone(await database.run(setWebhookStatus, { id, status })),
      );
  }

  function remove(id: string) {
    return (made: Command) =>
      withParts(configOf(made, context), async ({ database }) => expectDone(await database.run(removeWebhook, { id })));
  }

  async function showSecret({ dataDir }: Config, file: string, secret: string): Promise<void> {
    context.terminal.print(`secret   ${await revealSecret(context.terminal, dataDir, file, secret)}`);
  }
}

/** @throws ConfigError for a URL to which the server would never connect, as far as the URL's text tells */
function parseEndpointUrl({ allowPrivateNetworks }: Config, text: string): string {
  const url = parseWebhookUrlSetting("url", text);
  if (allowPrivateNetworks || !leadsInside(url)) return url;
  throw new ConfigError(
    "url leads to an address that is not public: the server sends nothing there without --allow-private-networks, which this command takes too",
  );
}

/** @throws ConfigError */
async function endpointOf(reader: Connection, id: string): Promise<WebhookEndpointRow> {
  const endpoint = await findWebhook(reader, id);
  if (endpoint === undefined) throw new ConfigError(noWebhook);
  return endpoint;
}

/** Returns either an endpoint, or the account whose requests name URLs in webhookUrl. @throws ConfigError */
async function endpointOrAccountOf(
  reader: Connection,
  id: string | undefined,
  account: string | undefined,
): Promise<{ readonly endpointId: string } | { readonly accountId: string }> {
  if (id !== undefined && account === undefined) return { endpointId: (await endpointOf(reader, id)).id };
  if (id === undefined && account !== undefined)
    return { accountId: (await accountOf(reader, account, "--account")).id };
  throw new ConfigError("either webhookId or --account must be given");
}

/** @throws ConfigError */
async function accountOf(reader: Connection, imagekitId: string, argument: string): Promise<AccountRow> {
  const account = await findAccount(reader, { imagekit_id: imagekitId });
  if (account === undefined) throw new ConfigError(`${argument}: there is no account ${imagekitId}`);
  return account;
}

/** @throws ConfigError */
function parseTypes(text: string | undefined): EventType[] | null {
  if (text === undefined) return null;
  const types = text.split(",").map((type) => type.trim());
  const unknown = types.find((type) => !isEventType(type));
  if (unknown !== undefined) {
    const known = Object.keys(eventTypes).join(", ");
    throw new ConfigError(`--events: there is no event ${JSON.stringify(unknown)}, only ${known}`);
  }
  return [...new Set(types.filter(isEventType))];
}

/** @throws ConfigError */
function expectDone(outcome: WebhookOutcome): void {
  if (outcome === "no webhook") throw new ConfigError(noWebhook);
  if (outcome === "account disabled") throw new ConfigError(`webhookId: ${accountDisabled}`);
  if (outcome === "configured") {
    throw new ConfigError("webhookId: this endpoint is --webhook-url's; start the server without it instead");
  }
}

export const endpointFile = (id: string) => `webhook-secret-${id}`;
export const urlSecretFile = (imagekitId: string) => `webhook-url-secret-${imagekitId}`;

const noWebhook = "webhookId: there is no such endpoint; see sluice webhook list";

const accountDisabled = "the endpoint's account is being erased";

const addProblems = {
  "no account": (imagekitId: string) => `imagekitId: there is no account ${imagekitId}`,
  "account disabled": (imagekitId: string) => `imagekitId: the account ${imagekitId} is being erased`,
  "too many": () => `url: an account has at most ${maxWebhooks} endpoints`,
} as const;

const replayProblems = {
  disabled: "webhookId: the endpoint is disabled; enable it first",
  "no webhook": noWebhook,
  "no event": "--event: the account has no such event, or none that is still kept",
  "account disabled": `webhookId: ${accountDisabled}`,
  waiting: "--event: the event is waiting to be sent to the endpoint already; see sluice jobs",
} as const;
