import { type GetToken, UploadError } from "@sluice/client";
import type { SluiceUploader } from "@sluice/client/element";
import { byId, setHidden, setText } from "./dom.ts";
import { createFlows, type Flow, type Flows } from "./flow.ts";
import { replay } from "./replay.ts";
import { createDelivery } from "./show-delivery.ts";
import { showFlow } from "./show-flow.ts";

/** Commands that are ready for a shell, except for the private key, which this page does not know. */
const listCommand = (origin: string, folder: string): string =>
  `curl -u '<private key>:' \\\n'${origin}/v1/files?path=${folder}'`;

const deleteCommand = (origin: string, fileId = "<fileId>"): string =>
  `curl -X DELETE \\\n-u '<private key>:' \\\n'${origin}/v1/files/${fileId}'`;

/** The time for which a button says that it has copied, in milliseconds. */
const praiseMs = 2000;

/** Gives every command a button that copies it, where the browser lets the page write to the clipboard. */
export function addCopyButtons(announce: (message: string) => void): void {
  if (navigator.clipboard === undefined) return;
  for (const command of document.querySelectorAll<HTMLElement>(".command")) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "copy", textContent: "Copy" });
    button.ariaLabel = `Copy: ${command.querySelector("pre")?.ariaLabel}`;
    button.addEventListener("click", async () => {
      const isCopied = await write(command.querySelector("pre code")?.textContent ?? "");
      button.textContent = isCopied ? "Copied" : "Couldn't copy";
      announce(button.textContent);
      setTimeout(() => {
        button.textContent = "Copy";
      }, praiseMs);
    });
    command.append(button);
  }
}

async function write(text: string): Promise<boolean> {
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}

interface TokenSource {
  readonly url: string;
  readonly publicKey: string;
  /** The lifetime to ask for, in seconds. */
  readonly lifetime: number;
  /** The secret of the link that opened the page. */
  readonly secret: () => string | undefined;
  /** Called when the server doesn't take the secret. */
  readonly onRefusedSecret: () => void;
}

/**
 * Asks the page's own backend for a token, as the guide's page does, and records the request and the answer. A page
 * that shows none of that can use `token-endpoint` instead.
 */
function recordingGetToken(source: TokenSource, flows: Flows): GetToken {
  const { url, publicKey, lifetime } = source;
  return async (request, signal, file) => {
    const flow = flows.of(file as File);
    const asked = { ...request, expire: lifetime, publicKey };
    Object.assign(flow, {
      request: asked,
      tokenAnswer: undefined,
      token: undefined,
      result: undefined,
      error: undefined,
    });
    const headers = { "content-type": "application/json", "x-sluice-demo": source.secret() ?? "" };
    const body = JSON.stringify(asked);
    const response = await fetch(url, { method: "POST", headers, body, signal, cache: "no-store" });
    const answer = await response.json();
    flow.tokenAnswer = answer;
    flow.token = answer.token;
    flow.parameters = answer.parameters ?? request.uploadPayload;
    if (response.ok) return answer;
    if (answer.reason === "NOT_THE_DEMO_PAGE") source.onRefusedSecret();
    const help = answer.reason === "PUBLIC_KEY_UNKNOWN" ? "The key pair has changed. Reload this page." : answer.help;
    const { status } = response;
    throw new UploadError(answer.reason, answer.message, { source: "token-endpoint", status, help, response: answer });
  };
}

/// <reference lib="dom" />

const storedAs = "sluice-demo-secret";

/**
 * Takes the secret from the link by which the page was opened, and out of the address. A reload finds it in the tab's
 * storage.
 * @returns undefined where the page was opened without the link
 */
function takeSecret(): string | undefined {
  const given = new URLSearchParams(location.hash.slice(1)).get("secret");
  if (given !== null) {
    history.replaceState(null, "", `${location.pathname}${location.search}`);
    inStorage((storage) => storage.setItem(storedAs, given));
  }
  return given ?? inStorage((storage) => storage.getItem(storedAs)) ?? undefined;
}

/** Forgets a secret that the server does not take any more. */
function dropSecret(): void {
  inStorage((storage) => storage.removeItem(storedAs));
}

/** A browser that blocks storage throws. The secret then lasts until the page is loaded again. */
function inStorage<Result>(use: (storage: Storage) => Result): Result | undefined {
  try {
    return use(sessionStorage);
  } catch {
    return undefined;
  }
}

const { tokenUrl = "", publicKey = "", folder = "", lifetime = "" } = document.body.dataset;
const uploader = byId("uploader", HTMLElement) as SluiceUploader;
const chooser = byId("shown", HTMLSelectElement);
const flows = createFlows();
const delivery = createDelivery();
let shown: Flow | undefined;
/** Whether the user has chosen what to look at. An upload that ends meanwhile then doesn't take its place. */
let isPinned = false;

let secret: string | undefined;
useSecret(takeSecret());
// A link that is pasted into the address of the open page loads nothing anew.
addEventListener("hashchange", () => useSecret(takeSecret()));

/** Without a secret there are no tokens, and the page says how to open it. */
function useSecret(found: string | undefined): void {
  secret = found;
  uploader.toggleAttribute("disabled", secret === undefined);
  setHidden("closed", secret !== undefined);
}

uploader.getToken = recordingGetToken(
  {
    url: tokenUrl,
    publicKey,
    lifetime: Number(lifetime),
    secret: () => secret,
    onRefusedSecret() {
      dropSecret();
      useSecret(undefined);
    },
  },
  flows,
);
uploader.parameters = () => {
  const tags = byId("tags", HTMLInputElement).value.trim();
  const useUniqueFileName = byId("unique", HTMLInputElement).checked;
  return { folder, useUniqueFileName, ...(tags === "" ? {} : { tags, responseFields: "tags" }) };
};
uploader.addEventListener("sluice-add", () => {
  isPinned = false;
});
for (const type of ["sluice-done", "sluice-failed"] as const) {
  uploader.addEventListener(type, ({ detail: { task } }) => {
    if (!(task?.file instanceof File)) return;
    const flow = Object.assign(flows.of(task.file), { result: task.result, error: task.error });
    if (!isPinned) show(flow);
    listFlows();
  });
}

function show(flow: Flow): void {
  shown = flow;
  delivery.show(flow.result);
  showFlow(flow);
  if (flow.result === undefined) return;
  setText("delete-name", flow.result.name);
  setText("delete-command", deleteCommand(location.origin, flow.result.fileId));
}

function listFlows(): void {
  const ended = flows.ended();
  chooser.replaceChildren(...ended.map((flow) => new Option(flow.file.name, "", false, flow === shown)));
  setHidden("chooser", ended.length < 2);
}

chooser.addEventListener("change", () => {
  isPinned = true;
  const flow = flows.ended()[chooser.selectedIndex];
  if (flow) show(flow);
});

byId("replay", HTMLButtonElement).addEventListener("click", async ({ currentTarget }) => {
  const flow = shown;
  if (flow === undefined || (currentTarget as HTMLElement).ariaDisabled === "true") return;
  announce(await replay(flow, () => flow === shown));
});

function announce(message: string): void {
  setText("announcer", message);
}

setText("list-command", listCommand(location.origin, folder));
setText("delete-command", deleteCommand(location.origin));
addCopyButtons(announce);
