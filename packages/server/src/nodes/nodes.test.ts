import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { resolveConfig } from "../config/resolve-config.ts";
import type { Database } from "../database/database.ts";
import { listNodes } from "../database/repositories/nodes.ts";
import { ContentHold } from "../library/holds/content-hold.ts";
import { describeEngines, type EnginePlace } from "../testing/engines.ts";
import { openTestDatabase } from "../testing/open-test-database.ts";
import { openOtherConnection } from "../testing/other-connection.ts";
import { never } from "../testing/upload-fixture.ts";
import { featureLevel } from "./restricting-features.ts";
import { ServingNode } from "./serving-node.ts";

const older = { version: "0.1.9", level: featureLevel - 1 };
const newer = { version: "9.0.0", level: featureLevel };
const refusal = "--data-dir: here is used with features that this version of Sluice (0.1.9) doesn't know; use ";

describeEngines((engine) => {
  let folder: string;
  let place: EnginePlace;
  let database: Database;
  let config: ReturnType<typeof resolveConfig>;
  const nodes: ServingNode[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-nodes-"));
    place = await engine.prepare();
    config = resolveConfig({ ...place.settings, dataDir: folder });
    database = await openTestDatabase(config);
  });
  afterEach(async () => {
    vi.useRealTimers();
    await Promise.all(nodes.splice(0).map((node) => node.close()));
    await database.close();
    await place.drop();
    await rm(folder, { recursive: true });
  });

  async function start(id: string, program?: typeof older): Promise<ServingNode> {
    const deps = { database, id, place: "--data-dir: here", now: Date.now, ...(program && { program }) };
    const node = await ServingNode.register(deps);
    nodes.push(node);
    return node;
  }
  const takeHold = () => ContentHold.take({ database, now: Date.now }, never);
  const living = async () =>
    (await listNodes(database.reader, Date.now())).flatMap(({ id, isAlive }) => (isAlive ? [id] : []));

  /** Sets back the time at which a node was seen, as if the node had hung since. */
  async function silence(id: string, ms: number): Promise<void> {
    const other = openOtherConnection(config);
    try {
      await other
        .updateTable("nodes")
        .set(({ eb }) => ({ seen_at: eb("seen_at", "-", ms) }))
        .where("id", "=", id)
        .execute();
    } finally {
      await other.destroy();
    }
  }

  test("a node is listed from its start to its end", async () => {
    const one = await start("one");
    await start("two", newer);
    const [first, second] = await listNodes(database.reader, Date.now());
    expect([first, second]).toMatchObject([
      { id: "one", isAlive: true },
      { id: "two", version: "9.0.0", isAlive: true },
    ]);
    await one.close();
    expect(await living()).toEqual(["two"]);
  });

  test("a restricting feature is not switched on while a node lives that doesn't know it, and nothing is changed", async () => {
    const node = await start("one", older);
    await start("two", newer);
    await expect(takeHold()).rejects.toThrow("A server of Sluice 0.1.9 uses this library");
    await node.close();
    // Nothing of the refused attempt keeps the older version out.
    await (await start("one", older)).close();
    await (await takeHold()).release();
  });

  test("once it has been switched on, a node that doesn't know it is refused", async () => {
    await (await takeHold()).release();
    await expect(start("one", older)).rejects.toMatchObject({
      name: "ConfigError",
      message: `${refusal}0.2.0 or a later version`,
    });
    expect(await living()).toEqual([]);
    await start("two", newer);
  });

  test("of a feature that is switched on and a node that doesn't know it, both at once, one is refused", async () => {
    const other = openOtherConnection(config);
    for (let round = 0; round < 8; round++) {
      const settled = await Promise.allSettled([takeHold(), start("one", older)]);
      expect(settled.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      const [hold] = settled;
      if (hold.status === "fulfilled") await hold.value.release();
      await nodes.pop()?.close();
      await other.updateTable("node_floor").set({ level: 0, since: "" }).execute();
    }
    await other.destroy();
  });

  test("a node that was killed counts as dead after a minute, and is forgotten later", async () => {
    await start("killed", older);
    await silence("killed", 58_000);
    await expect(takeHold()).rejects.toThrow("A server of Sluice 0.1.9");
    await silence("killed", 3000);
    await (await takeHold()).release();
    expect(await living()).toEqual([]);
    await silence("killed", 600_000);
    await start("two");
    expect((await listNodes(database.reader, Date.now())).map(({ id }) => id)).toEqual(["two"]);
  });

  test("a node says that it lives, and ends if a feature that it doesn't know was switched on while it hung", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const node = await start("hung", older);
    await silence("hung", 61_000);
    expect(await living()).toEqual([]);
    vi.advanceTimersByTime(10_000);
    await vi.waitFor(async () => expect(await living()).toEqual(["hung"]));
    expect(node.outdated.aborted).toBe(false);
    await silence("hung", 61_000);
    await (await takeHold()).release();
    vi.advanceTimersByTime(10_000);
    await vi.waitFor(() => expect(node.outdated.aborted).toBe(true));
    expect(node.outdated.reason).toMatchObject({ name: "ConfigError", message: expect.stringContaining(refusal) });
    expect(await living()).toEqual([]);
  });
});
