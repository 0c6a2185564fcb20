import type { TransportAnswer } from "../transport.ts";
import type { UploadError } from "../upload-error.ts";
import type { Attempt } from "./attempt.ts";
import type { Session } from "./session.ts";
import type { Tools } from "./tools.ts";

/** Answers after which the session goes on: another request has it, the offset has moved, or the server is busy. */
const passingStatus = /^(408|409|423|429|460|5\d\d)$/;

/** Returns the error that a session was answered with. A session that is refused or gone is forgotten. */
export async function sessionError(
  answer: TransportAnswer,
  session: Session,
  { job, file, endpoint }: Attempt,
  tools: Tools,
): Promise<UploadError> {
  const error = tools.errorOf(answer, "ANSWER_INVALID", { url: endpoint });
  if (error.reason === "UPLOADED_FILE_DELETED") {
    await session.end();
    return tools.passing("DELETED", "The file was stored, and has been deleted since.", {
      cause: error,
      retryable: false,
      open: false,
    });
  }
  const isGone = answer.status === 404 || answer.status === 410;
  if (isGone && session.token && session.shown === file.size) {
    // The file may have been stored before the session expired.
    job.open = { endpoint, token: session.token };
  }
  const isPassing = passingStatus.test(`${answer.status}`) || tools.isSuccess(answer);
  if (!isPassing) await session.end();
  const again = isGone || isPassing;
  return Object.assign(error, { retryable: again, again, open: isGone });
}
