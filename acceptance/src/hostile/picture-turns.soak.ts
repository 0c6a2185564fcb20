import { randomFillSync } from "node:crypto";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deliver } from "../harness/deliver.ts";
import { jpeg } from "../harness/samples.ts";
import { type ServerProcess, startServerProcess } from "../harness/server.ts";
import { uploadBasic } from "../harness/upload.ts";
import { alarmsOf } from "./support/alarms.ts";

const waitingImages = 48;

let server: ServerProcess;
let small: string;
let large: string;
beforeAll(async () => {
  server = await startServerProcess({
    flags: ["--trust-proxy", "1", "--limit", `images-spare=2,images-waiting=${waitingImages}`],
  });
  small = await store(await jpeg(800, 600), "small.jpg");
  large = await store(await noise(4000, 3000), "large.jpg");
  // The first picture waits for the start of a process.
  await ask("203.0.113.200", `${small}?tr=w-20`);
});
afterAll(async () => {
  await server.stop();
  // Jobs that look at new pictures are refused as well, and come again.
  expect(alarmsOf(server).filter((line) => !line.includes("no turn in the line"))).toEqual([]);
});

async function store(file: Uint8Array, fileName: string): Promise<string> {
  const { status, body } = await uploadBasic(server.url, file, { fileName });
  expect(status).toBe(200);
  return body.url;
}

function noise(width: number, height: number): Promise<Buffer> {
  const data = randomFillSync(Buffer.alloc(width * height * 3));
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 60 })
    .toBuffer();
}

async function ask(client: string, url: string): Promise<{ readonly status: number; readonly tookMs: number }> {
  const began = performance.now();
  const { status } = await deliver(url, { headers: { "x-forwarded-for": client } });
  return { status, tookMs: performance.now() - began };
}

let asked = 0;
/** Seconds of work, another URL each time. */
const askDear = (client: string) => ask(client, `${large}?tr=w-${4000 - ++asked},bl-100`);

/** Asks for a picture that nobody has asked for, every quarter of a second while others work. */
async function visit(client: string, isBusy: () => boolean) {
  const visits: ReturnType<typeof ask>[] = [];
  while (isBusy() && visits.length < 60) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    visits.push(ask(client, `${small}?tr=w-${100 + ++asked}`));
  }
  const all = await Promise.all(visits);
  const times = all.map(({ tookMs }) => Math.round(tookMs)).sort((one, other) => one - other);
  return { statuses: new Set(all.map(({ status }) => status)), times };
}

test.each([
  ["twelve dear pictures of one address", 1, 12],
  ["pictures of 24 networks that fill the line", 24, 4],
])("a visitor's cheap pictures are made beside %s", { timeout: 240_000 }, async (what, clients, each) => {
  let left = 0;
  let most = 0;
  const flood = Array.from({ length: clients * each }, async (_, index) => {
    left += 1;
    most = Math.max(most, left);
    const outcome = await askDear(`198.51.100.${index % clients}`);
    left -= 1;
    return outcome;
  });
  const { statuses, times } = await visit(`203.0.113.${clients}`, () => left > 0);
  const dear = await Promise.all(flood);
  const counts = Object.groupBy(dear, ({ status }) => status);
  const told = Object.fromEntries(Object.entries(counts).map(([status, all]) => [status, all?.length]));
  process.stdout.write(`${what}: ${JSON.stringify(told)}; the visitor's ${times.length}: ${times.join(" ")} ms\n`);
  expect(times.length).toBeGreaterThan(4);
  expect(statuses).toEqual(new Set([200]));
  expect(times[Math.floor(0.9 * times.length)]).toBeLessThan(1000);
  // A picture may wait for the start of a process, but never for a dear picture.
  expect(times.at(-1)).toBeLessThan(4000);
  // The line was full, and those who filled it were refused.
  if (most > waitingImages) expect(counts[503]?.length).toBeGreaterThan(0);
});
