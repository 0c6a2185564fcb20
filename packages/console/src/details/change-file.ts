import { call } from "../api/call.ts";
import type { Request } from "../api/routes.ts";
import { tellChange } from "../library/changes.ts";
import { tellProblem } from "../shell/tell-problem.ts";

type Change = Request<"PATCH /v1/files/:fileId/details">["body"];

/** Changes a file's details and shows them everywhere. A refusal is shown as a notice. @returns whether it is stored */
export async function changeFile(fileId: string, change: Change): Promise<boolean> {
  try {
    const { body } = await call("PATCH /v1/files/:fileId/details", { parameters: { fileId }, body: change });
    tellChange({ kind: "replaced", files: [body] });
    return true;
  } catch (error) {
    tellProblem(error);
    return false;
  }
}
