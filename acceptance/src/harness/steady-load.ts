import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import { expectKept } from "./acknowledged.ts";
import { CountingClient } from "./counting-client.ts";
import { Ledger, type LoadResult } from "./load-ledger.ts";
import { jpeg } from "./samples.ts";
import { sealedContent } from "./sealed-content.ts";
import { basic } from "./upload.ts";
import type { WebhookReceiver } from "./webhook-receiver.ts";

/** The number of clients that do the same thing again and again. Each has one connection, which it keeps. */
export interface Clients {
  /** Forms with a token, of new files. */
  readonly uploads?: number;
  /** Forms whose bodies take about a second. */
  readonly slowUploads?: number;
  /** Versions of one file for each client. */
  readonly overwrites?: number;
  /** Uploads by tus in three pieces, with pauses. */
  readonly resumable?: number;
  /** Stored files, byte by byte, and images that are made. */
  readonly deliveries?: number;
  /** Calls of the media API. */
  readonly lists?: number;
}

export interface LoadOptions {
  readonly clients?: Clients;
  /** The pause of a client between two requests, in ms. */
  readonly pauseMs?: number;
}

export interface SteadyLoad {
  /** The number of requests that have been answered so far. */
  answered(): number;
  /** Lets the requests under way finish, and tells what became of all. It may be called again. */
  stop(): Promise<LoadResult>;
}

/** The requests that a load with each kind of clients sends, as `LoadResult.answered` names them. */
export const kindsOfRequests = [
  "upload",
  "slow upload",
  "overwrite",
  "resumable creation",
  "piece",
  "resumable answer",
  "file",
  "image",
  "list",
] as const;

const standardClients = { uploads: 2, slowUploads: 1, overwrites: 1, resumable: 1, deliveries: 2, lists: 1 };

/**
 * Sends uploads, deliveries and calls without a rest, and counts every request: a client that gets anything but the
 * answer it should get has a failure, and goes on. Nothing is tried again.
 */
export async function startLoad(url: string, options: LoadOptions = {}): Promise<SteadyLoad> {
  const { clients = standardClients, pauseMs = 5 } = options;
  const ledger = new Ledger();
  const first = new CountingClient(url, ledger);
  const picture = await first.upload("upload", await jpeg(320, 240), { fileName: "picture.jpg" });
  const stopped = new AbortController();

  async function repeat(make: () => Promise<void>): Promise<void> {
    while (!stopped.signal.aborted) {
      await make();
      await wait(pauseMs);
    }
  }

  let number = 0;
  const kinds: Readonly<Record<keyof Clients, (client: CountingClient, index: number) => () => Promise<void>>> = {
    uploads: (client) => async () => {
      const name = `upload ${++number}`;
      await client.upload("upload", sealedContent(name, 100 + ((number * 7919) % 200_000)), { fileName: "new.txt" });
    },
    slowUploads: (client) => async () => {
      const content = sealedContent(`slow ${++number}`, 300_000);
      await client.upload("slow upload", content, { fileName: "slow.txt" }, 1000);
    },
    overwrites: (client, index) => {
      let version = 0;
      return async () => {
        // A file has 100 versions at most.
        const fileName = `over-${index}-${Math.floor(version++ / 90)}.txt`;
        const content = sealedContent(`version ${index} ${version}`, 5000);
        await client.upload("overwrite", content, { fileName, useUniqueFileName: "false" });
      };
    },
    resumable: (client) => async () => {
      await client.resumable(sealedContent(`resumable ${++number}`, 150_000), { fileName: "pieces.txt" });
    },
    deliveries: (client) => async () => {
      const width = 10 + (++number % 60);
      if (picture !== undefined && number % 2 === 0) await client.image(`${picture.path}?tr=w-${width}`);
      else await client.original(ledger.anyStored(number));
    },
    lists: (client) => async () => {
      await client.ask("list", { path: "/v1/files?limit=5", headers: { authorization: basic } }, 200);
    },
  };
  const running = Object.entries(clients).flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, index) => {
      const client = new CountingClient(url, ledger);
      return repeat(kinds[kind as keyof Clients](client, index)).finally(() => client.close());
    }),
  );
  return {
    answered: () => ledger.total,
    async stop() {
      stopped.abort();
      await Promise.all(running);
      first.close();
      return ledger.result();
    },
  };
}

/**
 * Expects that no request failed, that every acknowledged upload is there with its bytes, and that its event was
 * delivered.
 */
export async function expectNothingLost(
  url: string,
  { failures, stored }: LoadResult,
  receiver?: WebhookReceiver,
): Promise<void> {
  expect(failures).toEqual([]);
  expect(new Set(stored.map(({ versionId }) => versionId)).size).toBe(stored.length);
  await expectKept(url, stored);
  if (receiver === undefined) return;
  const told = () => new Set(receiver.received.map(({ event }) => event.data.versionInfo?.id));
  const untold = () => {
    const known = told();
    return stored.filter(({ versionId }) => !known.has(versionId)).length;
  };
  await expect.poll(untold, { timeout: 90_000 }).toBe(0);
}
