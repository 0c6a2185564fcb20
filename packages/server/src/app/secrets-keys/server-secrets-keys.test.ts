import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseSecretsKeys } from "../../config/secrets-keys.ts";
import { createOrigin } from "../../endpoints/origins/manage-origins.ts";
import { SealedSecrets } from "../../endpoints/origins/sealed-secrets.ts";
import { describeEngines } from "../../testing/engines.ts";
import { openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { newId } from "../../text/id.ts";
import { makeSecretsKeyFile, readSecretsKeyFile, secretsKeyFile } from "./secrets-key-file.ts";
import { findSecretsKeys } from "./server-secrets-keys.ts";

const [first = "", second = ""] = ["1a", "2b"].map((byte) => parseSecretsKeys(byte.repeat(32))[0]);

describeEngines((engine) => {
  let fixture: UploadFixture;
  let log: { level: number; msg: string }[];
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
    log = [];
  });
  afterEach(() => fixture.close());

  const onSqlite = () => fixture.config.databaseUrl === undefined;
  const keyFiles = async () => (await readdir(fixture.config.dataDir)).filter((name) => name.startsWith("secrets-key"));

  function find(secretsKeys: readonly string[] = []) {
    const logger = pino({}, { write: (line: string) => void log.push(JSON.parse(line)) });
    return findSecretsKeys({ ...fixture.config, secretsKeys }, fixture.parts.database.reader, logger);
  }

  /** Stores an origin whose secrets are encrypted with the key. @returns the key's id */
  async function sealWith(key: string): Promise<string> {
    const { accountId } = fixture.principal;
    const id = newId();
    const secrets = new SealedSecrets([key]).seal({ secretKey: "geheim" }, { accountId, originId: id });
    const columns = { name: "Bucket", type: "S3", settings: "{}", secrets };
    await fixture.parts.database.run(createOrigin, { accountId, id, columns, now: Date.now() });
    return secrets.split(".")[1] ?? "";
  }

  test("the first start makes a key on SQLite, and later starts have the same", async () => {
    const { keys, facts } = await find();
    if (!onSqlite()) {
      expect({ keys, facts }).toEqual({ keys: [], facts: { file: undefined, canEncrypt: false, lacking: [] } });
      expect(await keyFiles()).toEqual([]);
      return;
    }
    const file = secretsKeyFile(fixture.config.dataDir);
    expect(facts).toEqual({ file, canEncrypt: true, lacking: [] });
    expect(keys).toEqual(parseSecretsKeys(await readFile(file, "utf8")));
    expect(await keyFiles()).toEqual(["secrets-key.txt"]);
    await sealWith(keys[0] ?? "");
    expect(await find()).toEqual({ keys, facts });
    expect(log).toEqual([]);
  });

  test("beside stored secrets no key is made, and the missing one is named", async () => {
    const id = await sealWith(first);
    const { keys, facts } = await find();
    expect(keys).toEqual([]);
    expect(facts).toMatchObject({ canEncrypt: false, lacking: [id] });
    expect(log).toMatchObject([{ level: 40, lacking: [id], msg: expect.stringContaining("can't open") }]);
    expect(await keyFiles()).toEqual([]);
    if (!onSqlite()) return;
    await writeFile(secretsKeyFile(fixture.config.dataDir), first);
    expect(await find()).toMatchObject({ keys: [first], facts: { canEncrypt: true, lacking: [] } });
  });

  test("the configuration's keys are used instead of a file, and those that they lack are named", async () => {
    const ids = [await sealWith(first), await sealWith(second)];
    expect(await find([second])).toEqual({
      keys: [second],
      facts: { file: undefined, canEncrypt: true, lacking: [ids[0]] },
    });
    expect(await find([second, first])).toMatchObject({ facts: { lacking: [] } });
    expect(await keyFiles()).toEqual([]);
  });
});

describe("the file of the key", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-secrets-key-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("is for its owner alone, and servers that make it at the same time have the same key", async () => {
    const umask = process.umask(0);
    try {
      const makers = Array.from({ length: 8 }, async () => {
        await makeSecretsKeyFile(folder);
        return readSecretsKeyFile(folder);
      });
      const keys = await Promise.all(makers);
      expect(new Set(keys.flat()).size).toBe(1);
    } finally {
      process.umask(umask);
    }
    expect(await readdir(folder)).toEqual(["secrets-key.txt"]);
    expect((await stat(secretsKeyFile(folder))).mode & 0o777).toBe(0o600);
  });

  test("may hold earlier keys behind the current one, as the setting may", async () => {
    await writeFile(secretsKeyFile(folder), `${"1a".repeat(32)},\n${"2b".repeat(32)}\n`);
    expect(await readSecretsKeyFile(folder)).toEqual([first, second]);
  });

  test.each(["", "geheim", "1a".repeat(31)])("is refused by its name where it holds %j, and stays", async (text) => {
    await writeFile(secretsKeyFile(folder), text);
    const refused = await readSecretsKeyFile(folder).catch((error: Error) => error);
    expect(refused).toMatchObject({ name: "ConfigError", message: expect.stringContaining(secretsKeyFile(folder)) });
    if (text !== "") expect(String(refused)).not.toContain(text);
    await makeSecretsKeyFile(folder);
    expect(await readFile(secretsKeyFile(folder), "utf8")).toBe(text);
  });
});
