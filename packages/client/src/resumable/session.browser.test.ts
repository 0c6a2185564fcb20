import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { recall } from "./memory.ts";
import { Session } from "./session.ts";

const url = "https://uploads.example/_sluice/resumable/id";
const inAnHour = (): number => Date.now() + 3_600_000;

let key: string;
let deleted: string[];
beforeEach(() => {
  key = crypto.randomUUID();
  deleted = [];
  vi.stubGlobal("fetch", async (address: string, { method }: RequestInit) => {
    deleted.push(`${method} ${address}`);
    return new Response(null, { status: 204 });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** Begins a session as an upload does. */
async function begin(expires = inAnHour()): Promise<Session> {
  const session = new Session();
  await session.find(key);
  session.begin(url, expires, "token");
  if (expires > Date.now()) await expect.poll(() => recall(key)).toEqual({ url, expires });
  return session;
}

async function found(): Promise<string | undefined> {
  const session = new Session();
  await session.find(key);
  await session.leave(false);
  return session.url;
}

test("a session that was left is found under its key, and under no other", async () => {
  await (await begin()).leave(false);
  expect(await found()).toBe(url);
  key = crypto.randomUUID();
  expect(await found()).toBeUndefined();
});

test("while a session is under way, another upload of the same file does not get it, and leaves it alone", async () => {
  const session = await begin();
  const other = new Session();
  await other.find(key);
  expect(other.url).toBeUndefined();
  other.begin(`${url}2`, inAnHour(), "token");
  await other.end();
  await session.leave(false);
  expect(await found()).toBe(url);
});

test("a session that another upload has taken meanwhile is left to it", async () => {
  const session = await begin();
  session.confirm(5);
  await session.leave(false);
  const other = new Session();
  await other.find(key);
  await session.takeUp();
  expect([session.url, session.offset, session.shown]).toEqual([undefined, 0, 0]);
  expect(other.url).toBe(url);
  await other.leave(false);
});

test("a session goes on after a pause if nobody has taken it", async () => {
  const session = await begin();
  await session.leave(false);
  await session.takeUp();
  expect(session.url).toBe(url);
  expect(await found()).toBeUndefined();
  await session.leave(false);
});

test("a session that has ended is forgotten", async () => {
  const session = await begin();
  await session.end();
  expect(await found()).toBeUndefined();
  expect(deleted).toEqual([]);
});

test("a canceled session is ended on the server and forgotten, once", async () => {
  const session = await begin();
  await Promise.all([session.leave(true), session.leave(true)]);
  expect(await found()).toBeUndefined();
  expect(deleted).toEqual([`DELETE ${url}`]);
});

test("a session that has expired is not found", async () => {
  await (await begin(Date.now() - 1)).leave(false);
  expect(await found()).toBeUndefined();
});

test("without IndexedDB and without a key, a session lives as long as its page", async () => {
  vi.stubGlobal("indexedDB", { open: () => raise() });
  const session = new Session();
  await session.find(key);
  session.begin(url, inAnHour(), "token");
  await session.leave(false);
  await session.takeUp();
  expect(session.url).toBe(url);
  await session.leave(false);
  const unnamed = new Session();
  await unnamed.find(undefined);
  unnamed.begin(url, inAnHour(), "token");
  await unnamed.takeUp();
  expect(unnamed.url).toBe(url);
});

function raise(): never {
  throw new DOMException("The user denied permission to access the database.", "UnknownError");
}

test("what the page was told never falls while the session lives", async () => {
  const session = await begin();
  session.shown = 90;
  session.confirm(40);
  expect([session.offset, session.shown]).toEqual([40, 90]);
  await session.leave(true);
});
