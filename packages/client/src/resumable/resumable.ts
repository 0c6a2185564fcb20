import type { Admission } from "../job.ts";
import type { UploadProgress, UploadResponse } from "../types.ts";
import type { Attempt } from "./attempt.ts";
import { sendPieces } from "./send-pieces.ts";
import { Session } from "./session.ts";
import { sessionError } from "./session-error.ts";
import { sessionKey } from "./session-key.ts";
import type { Tools } from "./tools.ts";

/** Milliseconds before the server is asked again how a complete upload has ended. */
const pollMs = (polls: number): number => Math.min(5000, 250 * 2 ** polls);

/**
 * Uploads a file in a session of the server, which keeps what has arrived. The upload's answer comes from the session's
 * address, so that it can be had again when it was lost.
 * @throws UploadError
 */
export async function uploadResumably(attempt: Attempt, tools: Tools): Promise<UploadResponse> {
  const { job, file, endpoint, signal, progress } = attempt;
  job.session ??= new Session();
  const { session } = job;
  await session.takeUp();
  let admission: Admission | undefined;
  if (!session.url) {
    admission = await attempt.admit();
    const { parameters, credentials } = admission;
    const { remember = true } = Object(job.settings.resumable);
    const { token } = credentials;
    await session.find(remember ? await sessionKey({ endpoint, token, parameters, file }) : undefined);
  }
  if (session.url) progress(progressOf(session, "resuming", file));
  for (let polls = 0; ; ) {
    const stored = session.url && (await askFor(session, attempt, tools));
    if (stored) return stored;
    if (session.offset < file.size) {
      await sendPieces(session, admission, attempt, tools);
    } else {
      progress(progressOf(session, "processing", file));
      await tools.pause(pollMs(polls++), signal);
    }
  }
}

function progressOf({ shown }: Session, phase: UploadProgress["phase"], { size }: Blob): UploadProgress {
  return { phase, loaded: shown, total: size, lengthComputable: true };
}

/** Asks the session how far it is. Returns the upload's answer once the file is stored. */
async function askFor(session: Session, attempt: Attempt, tools: Tools): Promise<UploadResponse | undefined> {
  // This request needs no preflight.
  const answer = await tools.ask(String(session.url), { method: "GET" }, attempt.signal, "NETWORK").catch((error) => {
    // The session's address is a secret, and errors end up in logs.
    throw Object.assign(error, { url: attempt.endpoint });
  });
  const body = tools.bodyOf(answer);
  if (answer.status === 202 && typeof body.offset === "number") {
    session.confirm(body.offset);
    return undefined;
  }
  const stored = tools.isSuccess(answer) ? tools.uploadResponse(body, answer) : undefined;
  if (!stored) throw await sessionError(answer, session, attempt, tools);
  await session.end();
  return stored;
}
