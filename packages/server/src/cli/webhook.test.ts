import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSluice } from "../app/app.ts";
import type { Sluice } from "../app/sluice.ts";
import { describeEngines, type EnginePlace } from "../testing/engines.ts";
import { runProgram } from "./program.ts";

const keyPair = { publicKey: "public_test", privateKey: "private_test" };

interface Received {
  readonly path: string;
  readonly id: string;
  readonly timestamp: string;
  readonly event: { readonly id: string; readonly type: string; readonly data: { readonly fileId?: string } };
}

describeEngines((engine) => {
  let folder: string;
  let place: EnginePlace;
  let sluice: Sluice;
  let receiver: Server;
  let received: Received[];
  let answers: Map<string, (path: string) => { status: number; location?: string }>;
  let base: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-webhook-"));
    place = await engine.prepare();
    received = [];
    answers = new Map();
    receiver = createServer(async (request, response) => {
      const path = request.url ?? "";
      const event = JSON.parse(await text(request));
      const header = (name: string) => String(request.headers[name]);
      received.push({ path, id: header("webhook-id"), timestamp: header("webhook-timestamp"), event });
      const { status, location } = answers.get(path)?.(path) ?? { status: 200 };
      response.writeHead(status, location === undefined ? {} : { location }).end(`answer\n${status}`);
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    const extensions = { moderation: `${base}/moderation` };
    const settings = {
      ...place.settings,
      ...keyPair,
      dataDir: folder,
      port: 0,
      allowPrivateNetworks: true,
      extensions,
      extensionSecret: "whsec_c2VjcmV0LWZvci10ZXN0cw==",
    };
    sluice = await createSluice(settings);
    await sluice.listen();
  });
  afterEach(async () => {
    await sluice.close();
    receiver.closeAllConnections();
    receiver.close();
    await place.drop();
    await rm(folder, { recursive: true });
  });

  async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    const lines = { out: "", err: "" };
    let code = 0;
    const { databaseUrl } = place.settings;
    const data = ["--data-dir", folder, ...(databaseUrl === undefined ? [] : ["--database-url", databaseUrl])];
    await runProgram([...args, ...data], {
      environment: {},
      terminal: {
        print: (line) => {
          lines.out += `${line}\n`;
        },
        printError: (line) => {
          lines.err += `${line}\n`;
        },
        interactive: true,
      },
      logDestination: new PassThrough(),
      setExitCode: (given) => {
        code = given;
      },
      shutdown: new AbortController().signal,
    });
    return { code, ...lines };
  }

  async function add(path: string, ...options: string[]): Promise<string> {
    const { out, err } = await run("webhook", "add", "demo", base + path, "--allow-private-networks", ...options);
    expect(err).toBe("");
    return /^webhook +(\S+)$/m.exec(out)?.[1] ?? "";
  }

  async function upload(fileName: string, fields: Readonly<Record<string, string>> = {}): Promise<string> {
    const form = new FormData();
    form.set("file", new Blob(["hello"]));
    for (const [name, value] of Object.entries({ fileName, ...fields })) form.set(name, value);
    const authorization = `Basic ${Buffer.from(`${keyPair.privateKey}:`).toString("base64")}`;
    const answer = await fetch(`${sluice.url}/api/v2/files/upload`, {
      method: "POST",
      body: form,
      headers: { authorization },
    });
    return ((await answer.json()) as { fileId: string }).fileId;
  }

  const typesAt = (path: string) => received.filter((one) => one.path === path).map(({ event }) => event.type);

  test("an endpoint is added with a secret of its own, listed, disabled, enabled and removed", async () => {
    const addA = ["webhook", "add", "demo", `${base}/a`];
    const { out } = await run(...addA, "--allow-private-networks", "--events", "file.deleted,file.created");
    const [, id = "", secret = ""] = /^webhook +(\S+)\nsecret +(whsec_\S{40,})\n$/.exec(out) ?? [];
    expect(secret).not.toBe("");
    const line = `${id}  demo  ${base}/a (enabled): file.deleted, file.created\n`;
    expect((await run("webhook", "list")).out).toBe(line);
    await run("webhook", "disable", id);
    expect((await run("webhook", "list", "demo")).out).toBe(line.replace("enabled", "disabled"));
    await run("webhook", "enable", id);
    expect((await run("webhook", "list")).out).toBe(line);
    expect((await run("webhook", "rotate-secret", id)).out).toMatch(/^secret +whsec_/);
    expect(await run("webhook", "remove", id)).toEqual({ code: 0, out: "", err: "" });
    expect((await run("webhook", "list")).out).toBe("");
  });

  test("what a receiver refuses or redirects is kept and logged, and sent again when it is told to", async () => {
    answers.set("/refusing", () => ({ status: 500 }));
    answers.set("/redirecting", () => ({ status: 302, location: `${base}/elsewhere` }));
    const [refusing, redirecting] = [await add("/refusing"), await add("/redirecting")];
    const fileId = await upload("a.txt");
    await expect.poll(() => [...typesAt("/refusing"), ...typesAt("/redirecting")]).toHaveLength(2);
    const logOf = async (id: string) => (await run("webhook", "log", id)).out;
    await expect.poll(() => logOf(refusing)).toMatch(/attempt 1: .* the status 500\. \(\d+ ms\) "answer 500"\n/);
    await expect.poll(() => logOf(redirecting)).toContain("the status 302.");
    expect(await logOf(refusing)).toContain(`event ${received[0]?.event.id} (file.created), attempt 1: `);
    expect(typesAt("/elsewhere")).toEqual([]);
    answers.clear();
    // A failed event is sent again by itself after some seconds, as another attempt. A replayed one begins anew.
    const firstAttempts = async (id: string) => [...(await logOf(id)).matchAll(/attempt 1:/g)].length;
    const [first] = received;
    const replayed = await run("webhook", "replay", refusing, "--event", first?.event.id ?? "");
    expect(replayed).toEqual({ code: 0, out: "events to send: 1\n", err: "" });
    await expect.poll(() => firstAttempts(refusing)).toBe(2);
    const again = received.findLast(({ path }) => path === "/refusing");
    expect(again).toMatchObject({ id: first?.id, event: { ...first?.event, data: { fileId } } });
    expect((await run("webhook", "replay", redirecting, "--since", "1h")).out).toBe("events to send: 1\n");
    await expect.poll(() => firstAttempts(redirecting)).toBe(2);
    await run("webhook", "disable", redirecting);
    const disabled = await run("webhook", "replay", redirecting, "--since", "1h");
    expect(disabled).toMatchObject({ code: 2, err: expect.stringContaining("is disabled") });
    const late = await add("/late", "--events", "file.deleted");
    expect((await run("webhook", "replay", late, "--since", "1h")).out).toBe("events to send: 0\n");
  });

  test("an extension that failed is in the log with its reason, whether anybody is told of it or not", async () => {
    answers.set("/moderation", () => ({ status: 403 }));
    const extensions = '[{"name":"moderation"}]';
    const told = await upload("told.txt", { extensions, webhookUrl: `${base}/told` });
    const untold = await upload("untold.txt", { extensions });
    const logOf = async () => (await run("webhook", "log", "--account", "demo")).out;
    const failed = (id: string) => `(extension moderation of file ${id} failed, PROVIDER_REFUSED: "`;
    await expect.poll(logOf).toContain(failed(untold));
    expect(await logOf()).toMatch(/: no webhook tells of it\n/);
    await expect.poll(logOf).toContain(failed(told));
    expect(await logOf()).toMatch(/"\), attempt 1 at \S+\/told: delivered: 200 \(\d+ ms\)/);
    expect(await run("jobs", "list")).toMatchObject({ out: "", err: "no job has failed for good\n" });
    // It is not an event of the account that its endpoints could be told of.
    const endpoint = await add("/late", "--events", "file.deleted");
    const [, eventId = ""] = /event (\S+) \([^\n]*no webhook tells/.exec(await logOf()) ?? [];
    const replayed = await run("webhook", "replay", endpoint, "--event", eventId);
    expect(replayed).toMatchObject({ code: 2, err: expect.stringContaining("no such event") });
    const all = await add("/all");
    expect((await run("webhook", "replay", all, "--since", "1h")).out).toBe("events to send: 0\n");
  });

  test("an endpoint is tried at once, and the exit code says what came of it", async () => {
    answers.set("/broken", () => ({ status: 503 }));
    const [good, broken] = [await add("/good"), await add("/broken")];
    const tried = await run("webhook", "test", good, "--allow-private-networks");
    expect(tried).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^delivered: 200 \(\d+ ms\)\nanswer: answer 200\n$/),
    });
    expect(typesAt("/good")).toEqual(["webhook.test"]);
    const failed = await run("webhook", "test", broken, "--allow-private-networks");
    expect(failed).toMatchObject({ code: 1, out: expect.stringContaining("the status 503") });
    const refused = await run("webhook", "test", good);
    expect(refused).toMatchObject({ code: 1, out: expect.stringContaining("is not public") });
    expect(typesAt("/good")).toHaveLength(1);
  });

  test("the secret for URLs that requests name is shown, is no endpoint's, and is rotated by itself", async () => {
    const secretOf = (out: string) => /^secret +(whsec_\S{40,})\n$/.exec(out)?.[1];
    const shown = await run("webhook", "secret", "demo");
    expect(shown).toMatchObject({ code: 0, err: "" });
    expect(secretOf(shown.out)).toBeDefined();
    expect((await run("webhook", "secret", "demo")).out).toBe(shown.out);
    const endpoint = await add("/endpoint");
    const rotated = await run("webhook", "rotate-secret", "--account", "demo", "--grace", "0");
    expect(secretOf(rotated.out)).not.toBe(secretOf(shown.out));
    expect((await run("webhook", "secret", "demo")).out).toBe(rotated.out);
    await run("webhook", "rotate-secret", endpoint);
    expect((await run("webhook", "secret", "demo")).out).toBe(rotated.out);
    const chosen = "whsec_chosen-by-the-operator";
    const given = await run("webhook", "rotate-secret", "--account", "demo", "--secret", chosen);
    expect(given).toEqual({ code: 0, out: "", err: "" });
    expect((await run("webhook", "secret", "demo")).out).toContain(chosen);
  });

  test("dead letters are listed and run again", async () => {
    expect((await run("jobs", "list")).out).toBe("");
    expect((await run("jobs", "retry", "--name", "deliver-webhook")).out).toBe("jobs to run again: 0\n");
    expect(await run("jobs", "retry", "0123")).toMatchObject({ code: 2, err: expect.stringContaining("jobId") });
    expect(await run("jobs", "retry", "--name", "nothing")).toMatchObject({
      code: 2,
      err: expect.stringContaining("--name"),
    });
  });

  test("what can't be meant is refused in one line that names it", async () => {
    const unknown = "0123456789abcdef01234567";
    for (const [named, ...args] of [
      ["imagekitId", "add", "nobody", "https://example.com"],
      ["url", "add", "demo", "ftp://example.com"],
      ["url", "add", "demo", "https://me:secret@example.com"],
      ["--allow-private-networks", "add", "demo", "http://[::ffff:127.0.0.1]/"],
      ["--allow-private-networks", "add", "demo", "http://hooks.localhost./"],
      ["--events", "add", "demo", "https://example.com", "--events", "file.moved"],
      ["--secret", "add", "demo", "https://example.com", "--secret", "short"],
      ["webhookId", "remove", unknown],
      ["webhookId", "test", unknown],
      ["webhookId", "replay", unknown, "--since", "1h"],
      ["--since", "replay", unknown, "--since", "yesterday"],
      ["--event", "replay", unknown],
      ["--last", "log", unknown, "--last", "many"],
      ["webhookId", "log", unknown],
      ["--account", "log"],
      ["--account", "log", unknown, "--account", "demo"],
      ["--account", "log", "--account", "nobody"],
      ["imagekitId", "list", "nobody"],
      ["imagekitId", "secret", "nobody"],
      ["--account", "rotate-secret"],
      ["--account", "rotate-secret", unknown, "--account", "demo"],
      ["--account", "rotate-secret", "--account", "nobody"],
      ["webhookId", "rotate-secret", unknown],
    ] as const) {
      const { code, err } = await run("webhook", ...args);
      expect({ args, code, err }).toEqual({ args, code: 2, err: expect.stringMatching(/^sluice: [^\n]*\n$/) });
      expect(err).toContain(named);
    }
  });
});
