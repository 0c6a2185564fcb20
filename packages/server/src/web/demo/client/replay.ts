import { UploadError, upload } from "@sluice/client";
import { byId } from "./dom.ts";
import type { Flow } from "./flow.ts";
import { showRefusal } from "./show-flow.ts";

/** Sends the form of this upload again, with the token that it has used, and shows what the server says. */
export async function replay(flow: Flow, isShown: () => boolean): Promise<string> {
  const { file, token, parameters } = flow;
  const button = byId("replay", HTMLButtonElement);
  // If the button were disabled, the user who pressed it would lose the focus.
  button.ariaDisabled = "true";
  try {
    const outcome = await present(file, token, parameters);
    if (isShown()) showRefusal("replay-refusal", outcome);
    return `${file.name}: the same token was used again. ${outcome.message}`;
  } finally {
    button.ariaDisabled = "false";
  }
}

async function present(
  file: File,
  token: Flow["token"],
  parameters: Flow["parameters"],
): Promise<Pick<UploadError, "reason" | "message" | "help" | "status">> {
  try {
    await upload({ file, fileName: file.name, ...parameters, token, endpoint: location.origin });
    // The first attempt may have been refused before its token was checked.
    return {
      status: 200,
      reason: "STORED",
      message: "This was the token's first use, and the file is stored.",
      help: "",
    };
  } catch (error) {
    if (error instanceof UploadError) return error;
    throw error;
  }
}
