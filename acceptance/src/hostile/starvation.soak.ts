import { expect, test } from "vitest";
import { expectStored } from "../harness/expectations.ts";
import { filePart, textPart, textParts } from "../harness/multipart.ts";
import { startServerProcess } from "../harness/server.ts";
import { type Answer, mint, post, uploadBasic, uploadWithToken } from "../harness/upload.ts";
import { residentMemory } from "./support/process-facts.ts";
import { fileStart, uploadHead, withStrangers } from "./support/strangers.ts";

const MiB = 1024 * 1024;
const GiB = 1024 * MiB;
const fields = { fileName: "honest.bin" } as const;
const rounds = 7;

const ways: Readonly<Record<string, (url: string) => Promise<Answer>>> = {
  "private key": (url) => uploadBasic(url, "0123456789", fields),
  "token first": (url) => post(url, [textPart("token", mint(fields)), ...textParts(fields), filePart("0123456789")]),
  "token last": (url) => uploadWithToken(url, "0123456789", fields),
};

/** The median time of an upload in each way, in milliseconds. */
async function timesOf(url: string): Promise<Record<string, number>> {
  const times: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [way, upload] of Object.entries(ways)) {
      const started = performance.now();
      expectStored(await upload(url));
      times[way] = [...(times[way] ?? []), performance.now() - started];
    }
  }
  return Object.fromEntries(
    Object.entries(times).map(([way, all]) => [way, Math.round(all.sort((a, b) => a - b)[rounds >> 1] ?? 0)]),
  );
}

test.each([4, 64, 1000])(
  "from %i addresses, strangers with all connections there are keep nobody waiting",
  {
    timeout: 240_000,
  },
  async (addresses) => {
    const server = await startServerProcess();
    try {
      for (const [what, send] of [
        ["nothing", ""],
        ["the start of a form", `${uploadHead(300 * MiB)}--b\r\n`],
        ["the start of a file", uploadHead(300 * MiB) + fileStart],
      ] as const) {
        await withStrangers(server.url, { addresses, connections: 8200, send }, async () => {
          const times = await timesOf(server.url);
          process.stdout.write(`${addresses} addresses send ${what}: ${JSON.stringify(times)} ms\n`);
          for (const time of Object.values(times)) expect(time).toBeLessThan(1000);
        });
      }
      expect((await residentMemory(server)).peak).toBeLessThan(2 * GiB);
    } finally {
      await server.stop();
    }
  },
);
