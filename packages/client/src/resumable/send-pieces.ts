import { DetailedError, type HttpResponse, Upload } from "tus-js-client";
import type { Admission } from "../job.ts";
import type { TransportAnswer } from "../transport.ts";
import type { SentSoFar, UploadError } from "../upload-error.ts";
import type { Attempt } from "./attempt.ts";
import type { Session } from "./session.ts";
import { sessionError } from "./session-error.ts";
import type { Tools } from "./tools.ts";

/** A proxy that collects whole requests loses at most this much when a connection breaks. */
const defaultPieceSize = 16 * 1024 * 1024;

/** Longer than the server takes to answer a request without a body. */
const patienceMs = 30_000;

/** The server's lifetime of sessions, in case a proxy has removed the header that says it. */
const defaultLifetimeMs = 24 * 60 * 60 * 1000;

/**
 * Sends the rest of the file. Without an address of the session, it first creates the session with this admission.
 * Resolves when the server has confirmed the last byte, or when its answer to the last byte takes long.
 * @throws UploadError
 */
export async function sendPieces(
  session: Session,
  admission: Admission | undefined,
  attempt: Attempt,
  tools: Tools,
): Promise<void> {
  const { job, file, endpoint, signal, progress, stallTimeout } = attempt;
  const { size } = file;
  const { pieceSize = defaultPieceSize } = Object(job.settings.resumable);
  const token = String(admission?.credentials.token);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let expires = Date.now() + defaultLifetimeMs;
  let begin = 0;
  let begun = performance.now();
  let loaded = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const pieceEnd = (): number => Math.min(size, begin + pieceSize);
  function expect(
    ms: number,
    otherwise = () => reject(tools.passing("STALLED", "The upload made no progress.")),
  ): void {
    clearTimeout(timer);
    timer = setTimeout(otherwise, ms);
  }

  const upload = new Upload(file, {
    ...(session.url
      ? { uploadUrl: session.url }
      : { endpoint: `${endpoint}/_sluice/resumable`, metadata: { token, ...admission?.parameters } }),
    chunkSize: pieceSize,
    // The caller retries: it asks the session first, and its token is known to be used.
    retryDelays: null,
    storeFingerprintForResuming: false,
    fingerprint: async () => "",
    onBeforeRequest(request) {
      if (request.getMethod() !== "PATCH") return;
      begin = Number(request.getHeader("Upload-Offset"));
      begun = performance.now();
      loaded = 0;
      session.confirm(begin);
    },
    onAfterResponse(_request, response) {
      expires = Date.parse(tools.headersOf(response.getUnderlyingObject())["upload-expires"] ?? "") || expires;
    },
    onUploadUrlAvailable() {
      if (session.url) return;
      // The page reaches the server at this endpoint, which needn't be the server's public URL.
      const id = new URL(String(upload.url)).pathname.split("/").at(-1);
      upload.url = `${endpoint}/_sluice/resumable/${id}`;
      session.begin(upload.url, expires, token);
    },
    onProgress(sent) {
      const end = pieceEnd();
      loaded = sent - begin;
      if (sent < end) expect(stallTimeout);
      else if (end === size) expect(patienceMs, resolve);
      else expect(Math.max(patienceMs, stallTimeout));
      session.shown = Math.max(session.shown, sent);
      progress({
        phase: sent < size ? "sending" : "processing",
        loaded: session.shown,
        total: size,
        lengthComputable: true,
      });
    },
    onChunkComplete: (_size, offset) => session.confirm(offset),
    onSuccess() {
      session.confirm(size);
      resolve();
    },
    onError: async (error) => {
      clearTimeout(timer);
      const sent = { loaded, total: pieceEnd() - begin, ms: performance.now() - begun };
      reject(await errorOf(error, sent, session, attempt, tools));
    },
  });
  try {
    expect(patienceMs);
    upload.start();
    await tools.unlessAborted(promise, signal);
  } finally {
    clearTimeout(timer);
    await upload.abort();
  }
}

async function errorOf(
  error: Error,
  sent: SentSoFar,
  session: Session,
  attempt: Attempt,
  tools: Tools,
): Promise<Error> {
  if (!(error instanceof DetailedError)) return error;
  const { originalRequest, originalResponse } = error;
  const { file, endpoint, signal } = attempt;
  // The address of the session is a secret, which no error may contain.
  if (!originalResponse) return tools.networkError(file, `${endpoint}/_sluice/resumable`, sent, signal);
  const answer = answerOf(originalResponse, tools);
  if (!session.url) return tools.errorOf(answer, "ANSWER_INVALID", { url: endpoint });
  // An answer to HEAD has no body. The next attempt asks by GET what has become of the session.
  if (originalRequest.getMethod() === "HEAD") return headError(answer, attempt, tools);
  return sessionError(answer, session, attempt, tools);
}

function headError(answer: TransportAnswer, { endpoint }: Attempt, tools: Tools): UploadError {
  return Object.assign(tools.errorOf(answer, "ANSWER_INVALID", { url: endpoint }), { retryable: true, again: true });
}

function answerOf(response: HttpResponse, tools: Tools): TransportAnswer {
  const xhr: XMLHttpRequest = response.getUnderlyingObject();
  return { status: xhr.status, headers: tools.headersOf(xhr), text: xhr.responseText };
}
