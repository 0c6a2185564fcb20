import { join } from "node:path";
import { type CuttingProxy, startCuttingProxy } from "../harness/cutting-proxy.ts";
import { withTemporaryFolder } from "../harness/data-dir.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../harness/webhook-receiver.ts";
import { type SourceFile, writeSource } from "./ordeal.ts";
import { openPageClient, type PageClient, type PageClientName } from "./page-client.ts";

const fields = { fileName: "survivor.bin", folder: "/proof", useUniqueFileName: "false" } as const;

/** All that an ordeal has but the server. */
export interface Trial {
  readonly folder: string;
  readonly source: SourceFile;
  /** The way from the page to the server. The server's public address is here. */
  readonly proxy: CuttingProxy;
  readonly webhooks: WebhookReceiver;
  readonly client: PageClient;
  /** Flags for the server. */
  readonly flags: readonly string[];
}

/** Makes a file of so many bytes and opens a page that is to upload it, for as long as the function runs. */
export async function withTrial(
  name: PageClientName,
  bytes: number,
  run: (trial: Trial) => Promise<void>,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const source = await writeSource(join(folder, "source.bin"), bytes);
    await using opened = new AsyncDisposableStack();
    const proxy = opened.adopt(await startCuttingProxy("http://127.0.0.1:9"), (one) => one.close());
    const webhooks = opened.adopt(await startWebhookReceiver(), (one) => one.close());
    const client = opened.adopt(await openPageClient(name, { source, sluice: proxy.url, fields }), (one) =>
      one.close(),
    );
    const hook = ["--webhook-url", `${webhooks.url}/hook`, "--allow-private-networks"];
    const flags = ["--public-url", proxy.url, "--max-file-size", String(bytes), ...hook];
    await run({ folder, source, proxy, webhooks, client, flags });
  });
}
