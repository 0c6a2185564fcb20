import { openAsBlob } from "node:fs";
import { basename } from "node:path";

// The requests of an app on a phone, in the order in which it sends them: node upload.ts <file>

const { BACKEND_URL = "http://127.0.0.1:4000", SLUICE_URL = "http://127.0.0.1:3000", SESSION = "" } = process.env;
const [path = ""] = process.argv.slice(2);

// 1. The app asks your backend for a token, with whatever session it has there. What it may choose is in uploadPayload.
const admission = await fetch(`${BACKEND_URL}/upload-token`, {
  method: "POST",
  headers: { "Content-Type": "application/json", Cookie: SESSION },
  body: JSON.stringify({ uploadPayload: { fileName: basename(path) } }),
});
if (!admission.ok) throw new Error(`no token: ${await admission.text()}`);
const { token, parameters } = await admission.json();

// 2. It sends one form to Sluice: the token first, so that a refusal comes before the bytes; the parameters exactly as
// the backend has answered them; the file last, streamed from where it lies.
const form = new FormData();
form.append("token", token);
for (const [name, value] of Object.entries(parameters)) form.append(name, String(value));
form.append("file", await openAsBlob(path));
const answer = await fetch(`${SLUICE_URL}/api/v2/files/upload`, { method: "POST", body: form }).catch(() => undefined);

// 3. Where the answer was lost, it asks what became of the token before it sends anything again.
const stored = answer?.ok ? await answer.json() : await outcome();
process.stdout.write(`${stored.url}\n`);

async function outcome() {
  if (answer !== undefined) throw new Error(`refused: ${await answer.text()}`);
  const asked = await fetch(`${SLUICE_URL}/_sluice/upload-outcome`, {
    method: "POST",
    body: new URLSearchParams({ token }),
  });
  const { outcome, response } = await asked.json();
  if (outcome !== "stored") throw new Error(`${outcome}: take a new token and send the form again`);
  return response;
}
