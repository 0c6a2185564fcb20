import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Services } from "../app/services.ts";
import { resolveConfig } from "../config/resolve-config.ts";
import { Spool } from "../spool/spool.ts";
import { openExtensionProviders } from "./open-providers.ts";
import type { ExtensionTask } from "./provider.ts";

const never = new AbortController().signal;

test("an operator's endpoint may be on a private address, whatever requests may lead to", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-providers-"));
  const server = createServer((_, response) => response.writeHead(204).end()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const extensions = { moderation: `http://127.0.0.1:${port}/`, other: `http://localhost:${port}/` };
  const extensionSecret = "whsec_0123456789abcdef";
  const config = resolveConfig({ dataDir: folder, extensions, extensionSecret, autoTagging: false });
  expect(config.allowPrivateNetworks).toBe(false);
  const spool = await Spool.open(folder);
  // No image is rendered, because nothing is tagged on this machine.
  const images = {} as Services["images"];
  const providers = openExtensionProviders({ config, images, spool, now: Date.now });
  try {
    for (const name of Object.keys(extensions)) {
      expect(await providers.find(name)?.run(taskOf(name), async (result) => result, never)).toEqual({});
    }
  } finally {
    await providers.close();
    await spool.close();
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  }
});

function taskOf(name: string): ExtensionTask {
  const times = { file_created_at: 0, created_at: 0, updated_at: 0 };
  const texts = { tags: null, ai_tags: null, custom_metadata: null, description: null, embedded_metadata: null };
  const asset = { id: "v", file_id: "f", folder_path: "/", name: "a.png", number: 1, size: 3, mime: "image/png" };
  return {
    runId: "0123456789abcdef01234567",
    extension: { name, options: {} },
    asset: { ...asset, ...times, ...texts, width: null, height: null } as unknown as ExtensionTask["asset"],
    awaited: false,
    endpoint: { publicUrl: "https://files.example", imagekitId: "demo" },
    read: () => Promise.reject(new Error("not needed")),
  };
}
