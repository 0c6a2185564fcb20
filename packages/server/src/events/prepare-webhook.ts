import type { Config } from "../config/config.ts";
import type { SluiceDatabase } from "../transactions.ts";
import { generateWebhookSecret } from "./webhook-secret.ts";

export interface PreparedWebhook {
  /** Of the configured endpoint, made just now: nobody has seen it yet. */
  readonly newWebhookSecret: string | undefined;
}

/** Has the configured account's endpoint be what `--webhook-url` and `--webhook-secret` say. */
export async function prepareWebhook(
  database: SluiceDatabase,
  { imagekitId, webhook }: Pick<Config, "imagekitId" | "webhook">,
): Promise<PreparedWebhook> {
  const spare = generateWebhookSecret();
  const { madeSecret } = await database.run("configureWebhook", { imagekitId, ...webhook, spare, now: Date.now() });
  return { newWebhookSecret: madeSecret ? spare : undefined };
}
