import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Principal } from "../accounts/authenticate.ts";
import { listEventsSince } from "../database/repositories/events.ts";
import { listWebhookAttempts } from "../database/repositories/webhooks.ts";
import { removeFileTransaction } from "../library/files/edit-files.ts";
import { createLogger } from "../observability/logger.ts";
import { openUploadFixture, type UploadFixture } from "../testing/upload-fixture.ts";
import { AttemptLog } from "./attempt-log.ts";
import { deliverWebhook } from "./deliver-webhook.ts";
import { findEventContext } from "./event-context.ts";
import { newEventId } from "./event-id.ts";
import { pruneEvents } from "./event-transactions.ts";
import type { Exchange, Webhook } from "./webhook-sender.ts";
import {
  addWebhook as addWebhookScript,
  removeWebhook,
  rotateWebhookSecret,
  setWebhookStatus,
} from "./webhook-transactions.ts";

const never = new AbortController().signal;
const url = "https://example.com/hook?key=hunter2";
const secret = "whsec_secret-for-tests";
type Outcome = Omit<Exchange, "answer" | "sentAt">;
const good: Outcome = { status: 200, error: null, excerpt: "thanks", durationMs: 3 };

let fixture: UploadFixture;
let sent: Webhook[];
let answer: Outcome;

beforeEach(async () => {
  fixture = await openUploadFixture();
  [sent, answer] = [[], good];
});
afterEach(() => fixture.close());

async function addWebhook(): Promise<string> {
  const input = { imagekitId: "demo", url, secret, types: null, now: fixture.time };
  const added = await fixture.parts.database.run(addWebhookScript, input);
  return "id" in added ? added.id : "";
}

/** Records the deletion of a file, of which every endpoint is told. */
async function addEvent(): Promise<string> {
  const { database } = fixture.parts;
  const { accountId } = fixture.principal;
  const { file_id: fileId } = await fixture.upload("hello");
  const events = await findEventContext(database.reader, accountId, "http://sluice.test");
  await database.run(removeFileTransaction, { accountId, fileId, events, now: fixture.time });
  const [event] = await listEventsSince(database.reader, accountId, { from: "", limit: 1 });
  if (event === undefined) throw new Error("nothing was recorded");
  return event.id;
}

/** Adds an event for the URL that a request named. */
function addOwnEvent(target: string, { accountId } = fixture.principal): string {
  const id = newEventId(fixture.time);
  const database = new DatabaseSync(join(fixture.config.dataDir, "sluice.sqlite"), { timeout: 5000 });
  const row = [id, accountId, "extension", target, "{}"];
  database.prepare("insert into events (id, account_id, type, url, payload) values (?, ?, ?, ?, ?)").run(...row);
  database.close();
  return id;
}

async function deliver(input: { eventId: string; endpointId?: string }, attempt = 1): Promise<void> {
  const { services } = fixture;
  const attempts = new AttemptLog({ ...services, logger: createLogger("silent") });
  const sender = {
    send: async (webhook: Webhook) => {
      sent.push(webhook);
      return { ...answer, answer: null, sentAt: fixture.time };
    },
  };
  const job = { id: "1", name: "deliver-webhook", input, attempt };
  try {
    await deliverWebhook({ ...services, sender, attempts }, job, never);
  } finally {
    await attempts.flush();
  }
}

test("each attempt sends the same event, and is written down with what came of it", async () => {
  const [endpointId, eventId] = [await addWebhook(), await addEvent()];
  answer = { status: 500, error: "Its server answered with the status 500.", excerpt: "no", durationMs: 7 };
  await expect(deliver({ eventId, endpointId })).rejects.toThrow(answer.error ?? "");
  answer = good;
  fixture.time += 5000;
  await deliver({ eventId, endpointId }, 2);
  expect(sent).toEqual([sent[0], sent[0]]);
  expect(sent[0]).toMatchObject({ url, id: eventId, secrets: [secret] });
  expect(JSON.parse(sent[0]?.payload ?? "")).toMatchObject({ id: eventId, type: "file.deleted" });
  const [second, first] = await listWebhookAttempts(fixture.parts.database.reader, { endpointId }, 10);
  expect(first).toMatchObject({ event_id: eventId, attempt: 1, status: 500, excerpt: "no", duration_ms: 7 });
  expect(second).toMatchObject({ event_id: eventId, attempt: 2, status: 200, error: null, duration_ms: 3 });
});

test("nobody is told when the endpoint is disabled or removed, or the event too old to be kept", async () => {
  const [endpointId, eventId] = [await addWebhook(), await addEvent()];
  const { database } = fixture.parts;
  await database.run(setWebhookStatus, { id: endpointId, status: "disabled" });
  await deliver({ eventId, endpointId });
  await database.run(setWebhookStatus, { id: endpointId, status: "enabled" });
  const removed = await addWebhook();
  await database.run(removeWebhook, { id: removed });
  await deliver({ eventId, endpointId: removed });
  expect(await database.run(pruneEvents, { before: fixture.time - 1000, limit: 10 })).toBe(0);
  expect(await database.run(pruneEvents, { before: fixture.time + 1000, limit: 10 })).toBe(1);
  await deliver({ eventId, endpointId });
  expect(sent).toEqual([]);
});

test("after a rotation it is signed with the old secret as well, as long as the grace lasts", async () => {
  const [endpointId, eventId] = [await addWebhook(), await addEvent()];
  const rotation = { id: endpointId, secret: "whsec_another-secret", graceMs: 1000, now: fixture.time };
  expect(await fixture.parts.database.run(rotateWebhookSecret, rotation)).toBe("done");
  await deliver({ eventId, endpointId });
  fixture.time += 2000;
  await deliver({ eventId, endpointId });
  expect(sent.map(({ secrets }) => secrets)).toEqual([["whsec_another-secret", secret], ["whsec_another-secret"]]);
});

test("a request's own URL is told, signed with a secret of the account for this use, and never with an endpoint's", async () => {
  const own = addOwnEvent("https://example.org/own");
  await deliver({ eventId: own });
  await addWebhook();
  await deliver({ eventId: own });
  await deliver({ eventId: addOwnEvent("https://example.org/own", fixture.stranger) });
  const [ofAccount = [], again, ofStranger = []] = sent.map(({ secrets }) => secrets);
  expect(ofAccount).toEqual([expect.stringMatching(/^whsec_\S{40,}$/)]);
  expect(ofAccount).not.toContain(secret);
  expect(again).toEqual(ofAccount);
  expect(ofStranger).toEqual([expect.stringMatching(/^whsec_\S{40,}$/)]);
  expect(ofStranger).not.toEqual(ofAccount);
  expect(sent[0]?.url).toBe("https://example.org/own");
  const attemptsOf = ({ accountId }: Principal) =>
    listWebhookAttempts(fixture.parts.database.reader, { accountId }, 10);
  const attempt = { event_id: own, url: "https://example.org/own", status: 200 };
  expect(await attemptsOf(fixture.principal)).toMatchObject([attempt, attempt]);
  expect(await attemptsOf(fixture.stranger)).toHaveLength(1);
});
