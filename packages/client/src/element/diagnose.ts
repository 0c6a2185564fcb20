import type { SentSoFar, UploadError } from "../upload-error.ts";

/**
 * Writes to the browser's console what is wrong with the set-up and how to fix it. The text is for the page's
 * developer, never for its users.
 * @param told the messages written so far, which are not written again
 */
export async function diagnose(error: UploadError, told: Set<string>): Promise<void> {
  const { reason, message, help, requestId, status, cause } = error;
  const url = error.url && new URL(error.url, document.baseURI).href;
  const key = `${reason} ${message} ${help}`;
  if (told.has(key)) return;
  told.add(key);
  const lines = [
    `<sluice-uploader> ${reason}: ${message}`,
    url && (status ? `${url} answered ${status}` : url),
    help ?? (await adviceOn(error, url)),
    answerOf(error),
    requestId && `x-request-id: ${requestId}`,
  ];
  // A developer's own function has thrown: its stack says where.
  const thrown = url === undefined && cause !== undefined ? [cause] : [];
  // biome-ignore lint/suspicious/noConsole: a page's developer looks nowhere else.
  console.error(lines.filter(Boolean).join("\n"), ...thrown);
}

/** Advice for a token endpoint that answers with this status. */
const adviceByStatus: Readonly<Record<number, string>> = {
  200: 'A token endpoint answers JSON, {"token": "…"}. A page in its place may be that of a sign-in, or of a wrong address.',
  401: "The user is not signed in there, or cookies did not come along: fetch sends none to another origin, for which getToken takes a function.",
  403: "It refused. With a `reason` and a `message` of its own in the answer's JSON, users would be told why.",
  404: "Nothing is there: check the address of the token endpoint.",
  405: "A token endpoint takes POST.",
  500: "It failed: look into the log of your backend. Users read that uploads aren't available right now.",
};

async function adviceOn(error: UploadError, url: string | undefined): Promise<string | undefined> {
  const { reason, source, status = 200, sent } = error;
  if (sent) return adviceOnInterruption(sent);
  if (source === "server") {
    return "That is no answer of Sluice's: `endpoint` is the address of something else, or a proxy in front answers in Sluice's place (413: its limit on bodies).";
  }
  if (reason === "TOKEN_ENDPOINT" && url === undefined) {
    return source
      ? 'getToken has to return the token, or { token: "…" }.'
      : "getToken threw this, maybe because your token route has answered something else than the token.";
  }
  return source ? adviceByStatus[status > 499 ? 500 : status] : url && (await reasonForSilence(error, url));
}

/** The server was in reach, so the connection broke, or an answer came that the page may not read. */
function adviceOnInterruption({ loaded, total, ms }: SentSoFar): string {
  const limits = "Does a proxy in front limit the size of bodies? nginx takes 1 MB by default: client_max_body_size.";
  const isWhole = total > 0 && loaded === total;
  return [
    `${loaded} of ${total} bytes were sent in ${(ms / 1000).toFixed(1)} s.`,
    isWhole && "An answer without CORS headers, such as a proxy's 413, can't be read from a page of another origin.",
    limits,
    !isWhole && "Or the time of a request? Traefik ends it after 60 s by default: readTimeout.",
    "If the next attempt gets through, the network has changed on the way.",
  ]
    .filter(Boolean)
    .join(" ");
}

/** Shows what a token endpoint has answered. An answer without an error's status may contain a token under another name. */
function answerOf({ source, status, response }: UploadError): string | undefined {
  const members = Object.keys(Object(response));
  if (source !== "token-endpoint" || members.length === 0) return undefined;
  return status ? `Its answer: ${JSON.stringify(response).slice(0, 500)}` : `Its answer has: ${members.join(", ")}`;
}

/** Browsers hide from scripts why a request got no answer. Test requests find out some of it. */
async function reasonForSilence({ reason }: UploadError, url: string): Promise<string> {
  const isToken = reason === "TOKEN_ENDPOINT";
  const failure =
    "An error that a framework answers by itself often has no CORS headers: look into the log of your backend.";
  if (await answers(url, { headers: { "content-type": "application/json" } })) {
    return isToken
      ? `It answers now, so the connection broke, or pages of another origin may not read that answer. ${failure}`
      : "It answers now: the connection broke, maybe at a limit on size or time of a proxy in front.";
  }
  if (!(await answers(url, { mode: "no-cors" }))) {
    return "Nothing answers there: is it running, is its address right and its certificate trusted, and does the page's Content-Security-Policy (connect-src) allow it?";
  }
  if (!isToken) {
    return "CORS: something answers there, but not as Sluice, which pages of any origin may read. Is `endpoint` the address of something else, or does a proxy in front answer in Sluice's place?";
  }
  const { origin } = location;
  return `CORS: it answers, but pages of ${origin} may not read that. uploadTokenHandler takes cors: { origins: ["${origin}"] }; anything else has to answer OPTIONS and POST with Access-Control-Allow-Origin, and to allow the header content-type. ${failure}`;
}

async function answers(url: string, init: RequestInit): Promise<boolean> {
  try {
    await fetch(url, { ...init, cache: "no-store", credentials: "omit" });
    return true;
  } catch {
    return false;
  }
}
