import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { faultsOnScreens, focused, openConsole, openOnSmallScreen } from "./harness/console-page.ts";
import { call } from "./harness/media-api.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";
import { startWebhookReceiver, type WebhookReceiver } from "./harness/webhook-receiver.ts";

/** Would run a script wherever it was shown as HTML. */
const markup = `<img src=x onerror="globalThis.hacked=1"><script>globalThis.hacked=1</script></pre><b>bold</b>`;

let server: RunningServer;
let browser: Browser;
let receiver: WebhookReceiver;
beforeAll(async () => {
  receiver = await startWebhookReceiver((webhook, response) => {
    response.statusCode = webhook.path === "/broken" ? 500 : 200;
    response.setHeader("content-type", "text/html").setHeader("x-markup", markup).end(markup);
  });
  server = await startServer({
    flags: ["--allow-private-networks", "--webhook-url", `${receiver.url}/configured`],
  });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await receiver?.close();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let press = 0; press < 80; press++) {
    await page.keyboard.press("Tab");
    if (name.test(await focused(page))) return;
  }
  throw new Error(`Tab does not lead to ${name}`);
}

test("an endpoint is added, tested, changed and removed by mouse, and hostile answers stay text", async () => {
  const { page, problems } = await openConsole(browser, server.url, "webhooks");
  await page.getByText("From configuration").waitFor();
  await page.getByRole("button", { name: "New endpoint" }).click();
  await page.getByRole("textbox", { name: "URL" }).fill(`${receiver.url}/added`);
  await page.getByRole("switch", { name: "All events" }).uncheck({ force: true });
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByText("Select at least one event.").waitFor();
  await page.getByRole("checkbox", { name: "file.created" }).check();
  await page.getByRole("button", { name: "Create" }).click();
  const made = page.getByRole("dialog", { name: "Your new endpoint" });
  await made.getByText(/^whsec_/).waitFor();
  await made.getByRole("button", { name: "Done" }).click();
  await expect.poll(() => focused(page)).toBe("New endpoint");

  await page.getByRole("button", { name: `Test ${receiver.url}/added` }).click();
  const detail = page.getByRole("dialog", { name: "Delivery" });
  await detail.getByText("Delivered 200").waitFor();
  expect(receiver.at("/added").map(({ event }) => event.type)).toEqual(["webhook.test"]);
  expect(await detail.getByRole("region", { name: "Response: Body" }).textContent()).toBe(markup);
  expect(await detail.getByText(`x-markup: ${markup}`).count()).toBe(1);
  expect(await page.evaluate(() => (globalThis as { hacked?: number }).hacked)).toBe(undefined);
  expect(await detail.locator("img, script, b").count()).toBe(0);
  expect(await detail.getByRole("button", { name: "Send again" }).count()).toBe(0);
  await detail.getByRole("button", { name: "Close delivery" }).click();

  await page.getByRole("button", { name: `More actions: ${receiver.url}/added` }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await page.getByRole("textbox", { name: "URL" }).press("Escape");
  await expect.poll(() => focused(page)).toBe(`More actions: ${receiver.url}/added`);
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await page.getByRole("textbox", { name: "URL" }).fill(`${receiver.url}/moved`);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: `More actions: ${receiver.url}/moved` }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await page.getByText("Endpoint removed").waitFor();
  expect((await call(server.url, "GET", "/_sluice/webhooks")).body).toHaveLength(1);
  expect(problems).toEqual([]);
});

test("a failed delivery is found, looked at and sent again by keyboard, and waits among the jobs", async () => {
  const body = { url: `${receiver.url}/broken`, events: ["file.created"] };
  const { body: added } = await call(server.url, "POST", "/_sluice/webhooks", { body });
  const { page } = await openConsole(browser, server.url, `webhooks?endpoint=${added.id}`);
  await page.getByText("Nothing has been sent yet").waitFor();
  await uploadBasic(server.url, "hello", { fileName: "hello.txt" });
  // The page brings itself up to date.
  await page.getByText("Failed 500").first().waitFor();
  await page.getByText("1 delivery waiting to be sent or retried").waitFor();
  await tabTo(page, /^Failed 500/);
  await page.keyboard.press("Enter");
  const detail = page.getByRole("dialog", { name: "Delivery" });
  await detail.getByText("Its server answered with the status 500.").waitFor();
  const sent = receiver.at("/broken").length;
  await tabTo(page, /^Send again$/);
  await page.keyboard.press("Enter");
  await page.getByText("Sending the event again").waitFor();
  await expect.poll(() => receiver.at("/broken").length, { timeout: 10_000 }).toBeGreaterThan(sent);
  await page.keyboard.press("Escape");
  await expect.poll(() => detail.count()).toBe(0);
  await expect.poll(() => focused(page)).toMatch(/^Failed 500/);

  await tabTo(page, /^View jobs$/);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Jobs", exact: true }).waitFor();
  await page.getByText(`to ${receiver.url}/broken`).first().waitFor();
  expect(await page.getByText(/^\d+ of 17 attempts$/).count()).toBeGreaterThan(0);
  await page.getByRole("link", { name: "Health" }).click();
  await page.getByText("Accepting uploads").waitFor();
  await call(server.url, "DELETE", `/_sluice/webhooks/${added.id}`);
});

test("a job that is tried again leaves the list, and the keyboard stays in it", async () => {
  const { page } = await openConsole(browser, server.url, "");
  const times = { createdAt: new Date().toISOString(), dueAt: null, failedAt: null };
  const failed = {
    id: "1",
    name: "make-video",
    state: "failed",
    attempts: 3,
    maxAttempts: 3,
    reason: null,
    subject: {},
    progress: null,
  };
  let jobs = [{ ...failed, ...times }];
  await page.route(/_sluice\/jobs\?/, (route) => route.fulfill({ json: { jobs, nextCursor: null } }));
  await page.route("**/_sluice/jobs/retry", (route) => {
    jobs = [];
    return route.fulfill({ json: { retried: 1 } });
  });
  await page.goto(`${server.url}/console/jobs?state=failed`);
  await page.getByRole("button", { name: /^Retry/ }).press("Enter");
  await page.getByText("No failed jobs").waitFor();
  await expect.poll(() => focused(page)).toBe("Failed");
});

test("the room of deleted files is freed in Health, and what keeps it is said", async () => {
  const { body: file } = await uploadBasic(server.url, Buffer.alloc(3 * 1024 * 1024, "free me"), { fileName: "f.bin" });
  await call(server.url, "DELETE", `/v1/files/${file.fileId}?permanent=true`);
  const { page, problems } = await openConsole(browser, server.url, "health");
  const free = page.getByRole("button", { name: "Free up space" });
  await free.click();
  await page.getByText(/^Freed 3(\.\d)? MB$/).waitFor();
  await free.press("Enter");
  await page.getByText("Nothing to free").waitFor();
  expect(problems).toEqual([]);

  // A server with many contents answers in parts.
  const answers = [
    { contents: 1, bytes: 2048, heldUntil: null, nextCursor: "next" },
    { contents: 0, bytes: 0, heldUntil: new Date().toISOString(), nextCursor: null },
  ];
  const asked: unknown[] = [];
  await page.route("**/_sluice/sweep", (route) => {
    asked.push(route.request().postDataJSON());
    return route.fulfill({ json: answers.shift() });
  });
  await free.click();
  await page.getByText("Freed 2 KB", { exact: true }).waitFor();
  await page.getByText("A backup or account deletion is using these files").waitFor();
  expect(asked).toEqual([{}, { cursor: "next" }]);
  await page.unroute("**/_sluice/sweep");
  await page.route("**/_sluice/sweep", (route) =>
    route.fulfill({ status: 503, json: { reason: "STORAGE_FULL", message: "The server has no room left.", help: "" } }),
  );
  await free.click();
  await page.getByText("The server has no room left.").waitFor();
});

test("Health lists the nodes of the library with their versions", async () => {
  const { page, problems } = await openConsole(browser, server.url, "health");
  await page.getByRole("heading", { name: "Nodes" }).waitFor();
  const node = page.getByRole("listitem").filter({ hasText: "last seen" });
  expect(await node.textContent()).toMatch(/^Sluice \d+\.\d+\.\d+Online/);
  expect(problems).toEqual([]);
});

test("a key that may only read is shown none of it", async () => {
  const { body: pair } = await call(server.url, "POST", "/_sluice/keys", { body: { role: "read" } });
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${server.url}/console/webhooks`);
  await page.getByRole("textbox", { name: "Public key" }).fill(pair.publicKey);
  await page.getByLabel("Private key", { exact: true }).fill(pair.privateKey);
  await page.keyboard.press("Enter");
  await page.getByText("You don't have permission to do this.").waitFor();
  expect(await page.getByRole("link", { name: "Jobs" }).count()).toBe(0);
});

test("the views fit a small and a wide screen, dark and light, without a fault that axe finds", async () => {
  const { body } = await call(server.url, "GET", "/_sluice/webhook-attempts");
  const page = await openOnSmallScreen(browser, server.url);
  const faults: string[] = [];
  for (const view of ["webhooks", `webhooks?attempt=${body.attempts[0].id}`, "jobs", "jobs?state=waiting", "health"]) {
    await page.goto(`${server.url}/console/${view}`);
    await page.getByRole("heading").first().waitFor({ state: "attached" });
    await page.waitForLoadState("networkidle");
    const shown = view.includes("attempt=") ? page.getByRole("dialog") : page.getByRole("main");
    const found = await faultsOnScreens(page, shown);
    faults.push(...found.map((fault) => `${view}: ${fault}`));
  }
  expect(faults).toEqual([]);
});
