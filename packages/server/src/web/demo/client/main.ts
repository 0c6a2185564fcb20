import "@sluice/client";
import type { SluiceUploader } from "@sluice/client/element";
import { addCopyButtons } from "./copy-buttons.ts";
import { deleteCommand, listCommand } from "./curl.ts";
import { byId, setHidden, setText } from "./dom.ts";
import { createFlows, type Flow } from "./flow.ts";
import { recordingGetToken } from "./get-token.ts";
import { dropSecret, takeSecret } from "./link-secret.ts";
import { replay } from "./replay.ts";
import { createDelivery } from "./show-delivery.ts";
import { showFlow } from "./show-flow.ts";

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
