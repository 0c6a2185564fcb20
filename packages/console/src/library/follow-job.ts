import { call } from "../api/call.ts";
import { onSignOut } from "../door/session.ts";
import { dismiss, notify } from "../shell/notice-store.ts";
import { tellProblem } from "../shell/tell-problem.ts";
import { texts } from "../texts/texts.ts";
import { tellChange } from "./changes.ts";

const pollMs = { first: 150, max: 2000 };

/**
 * Starts a job of a folder and shows how far it is, until it has ended or the user has signed out. The job itself goes
 * on then. Never throws.
 */
export async function followJob(start: () => Promise<string>, title: string, finished: string): Promise<void> {
  const signedOut = new AbortController();
  const unregister = onSignOut(() => signedOut.abort());
  const { signal } = signedOut;
  let notice: number | undefined;
  try {
    const jobId = await start();
    for (let wait = pollMs.first; !signal.aborted; wait = Math.min(wait * 1.5, pollMs.max)) {
      const { body } = await call("GET /v1/bulkJobs/:jobId", { parameters: { jobId } }, signal);
      if ("message" in body) {
        notify({ kind: "failed", message: body.message, details: [body.help] });
        return;
      }
      if (body.status === "Completed") {
        notify({ kind: "done", message: finished });
        return;
      }
      // A job that waits for its first run has told nothing yet.
      const { fraction, message } = body.progress ?? { fraction: 0 };
      notice = notify({
        kind: "done",
        message: message === undefined ? title : `${title}: ${message}`,
        details: [texts.done.folderLocked],
        progress: fraction,
        ...(notice !== undefined && { id: notice }),
      });
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  } catch (error) {
    if (!signal.aborted) tellProblem(error, title);
  } finally {
    unregister();
    if (notice !== undefined) dismiss(notice);
    if (!signal.aborted) tellChange({ kind: "changed" });
  }
}
