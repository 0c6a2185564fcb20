import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import type { Request } from "../api/routes.ts";
import { tellChange } from "../library/changes.ts";
import { notify } from "../shell/notice-store.ts";

type Change = Request<"PATCH /v1/files/:fileId/details">["body"];

/** Changes a file's details and shows them everywhere. A refusal is shown as a notice. @returns whether it is stored */
export async function changeFile(fileId: string, change: Change): Promise<boolean> {
  try {
    const { body } = await call("PATCH /v1/files/:fileId/details", { parameters: { fileId }, body: change });
    tellChange({ kind: "replaced", files: [body] });
    return true;
  } catch (error) {
    const { message, help } = asProblem(error);
    notify({ kind: "failed", message, details: help === undefined ? [] : [help] });
    return false;
  }
}
