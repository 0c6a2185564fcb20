import { call } from "../api/call.ts";
import type { Request } from "../api/routes.ts";
import { tellChange } from "../library/changes.ts";
import type { LibraryFile } from "../library/library-file.ts";
import { tellProblem } from "../shell/tell-problem.ts";

type Change = Request<"PATCH /v1/files/:fileId/details">["body"];

/**
 * Changes a file's details and shows them everywhere. A refusal is shown as a notice.
 * @param isAsShown whether the file still has the values that the user has seen; if it doesn't, they are shown as they
 *   are now, and nothing is changed
 * @returns whether the change is stored
 */
export async function changeFile(
  fileId: string,
  change: Change,
  isAsShown: (now: LibraryFile) => boolean = () => true,
): Promise<boolean> {
  const parameters = { fileId };
  try {
    const { body: now } = await call("GET /v1/files/:fileId/details", { parameters });
    if (!isAsShown(now)) {
      tellChange({ kind: "replaced", files: [now] });
      return false;
    }
    const { body } = await call("PATCH /v1/files/:fileId/details", { parameters, body: change });
    tellChange({ kind: "replaced", files: [body] });
    return true;
  } catch (error) {
    tellProblem(error);
    return false;
  }
}
