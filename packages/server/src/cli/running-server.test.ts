import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, expect, test } from "vitest";
import { resolveConfig } from "../config/resolve-config.ts";
import type { Settings } from "../config/settings.ts";
import { addSettingOptions } from "./options.ts";
import { noteServer, urlOfServer } from "./running-server.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-running-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** The URL for a command with these flags. The settings are those of the flags and of the environment together. */
async function urlFor(flags: readonly string[] = [], settings: Settings = {}): Promise<string> {
  const command = addSettingOptions(new Command("mint"), ["publicUrl", "host", "port"]);
  await command.action(() => undefined).parseAsync([...flags], { from: "user" });
  return urlOfServer(command, resolveConfig({ dataDir: folder, ...settings }));
}

test("a command leads to the server that runs on the data folder, until it has ended", async () => {
  expect(await urlFor()).toBe("http://127.0.0.1:3000");
  const takeBack = await noteServer(folder, "http://127.0.0.1:4321");
  expect((await stat(join(folder, "server.json"))).mode & 0o777).toBe(0o600);
  expect(await urlFor([], { port: 3000, publicUrl: "https://media.example" })).toBe("http://127.0.0.1:4321");
  await takeBack();
  expect(await readdir(folder)).toEqual([]);
  expect(await urlFor([], { publicUrl: "https://media.example" })).toBe("https://media.example");
});

test("the command's own flags win", async () => {
  await noteServer(folder, "http://127.0.0.1:4321");
  expect(await urlFor(["--port", "5000"], { port: 5000 })).toBe("http://127.0.0.1:5000");
  expect(await urlFor(["--public-url", "https://a.example"], { publicUrl: "https://a.example" })).toBe(
    "https://a.example",
  );
});

test("a server on every address is reached on this machine", async () => {
  await noteServer(folder, "http://0.0.0.0:4321");
  expect(await urlFor()).toBe("http://127.0.0.1:4321");
});

test("the note of a process that was killed, and what is no note, count for nothing", async () => {
  // Larger than any process id of Linux.
  for (const text of [
    '{"pid":4194305,"url":"http://127.0.0.1:4321"}',
    '{"pid":1}',
    '{"pid":-1,"url":"http://a/"}',
    "{",
    "",
  ]) {
    await writeFile(join(folder, "server.json"), text);
    expect([text, await urlFor()]).toEqual([text, "http://127.0.0.1:3000"]);
  }
});

test("a folder that can't be written keeps no server from starting, and another server's note stays", async () => {
  await mkdir(join(folder, "server.json"));
  await (await noteServer(folder, "http://127.0.0.1:1"))();
  await rm(join(folder, "server.json"), { recursive: true });
  const takeBack = await noteServer(folder, "http://127.0.0.1:1");
  await writeFile(join(folder, "server.json"), '{"pid":1,"url":"http://127.0.0.1:2"}');
  await takeBack();
  expect(await readdir(folder)).toEqual(["server.json"]);
});
