import type { UploadError } from "../upload-error.ts";

/**
 * Writes to the browser's console what is wrong with the set-up and how to fix it. The text is for the page's
 * developer, never for its users.
 * @param told the messages written so far, which are not written again
 */
export async function diagnose(error: UploadError, told: Set<string>): Promise<void> {
  const { reason, message, help, requestId } = error;
  const url = error.url && new URL(error.url, document.baseURI).href;
  const key = `${reason} ${message} ${help}`;
  if (told.has(key)) return;
  told.add(key);
  const lines = [
    `<sluice-uploader> ${reason}: ${message}`,
    url,
    help ?? (error.source ? adviceOn(error) : url && (await reasonForSilence(error, url))),
    requestId && `x-request-id: ${requestId}`,
  ];
  // biome-ignore lint/suspicious/noConsole: a page's developer looks nowhere else.
  console.error(lines.filter(Boolean).join("\n"));
}

/** Advice for a token endpoint that answers with this status. */
const adviceByStatus: Readonly<Record<number, string>> = {
  200: 'A token endpoint answers JSON, {"token": "…"}. A page in its place may be that of a sign-in, or of a wrong address.',
  401: "The user is not signed in there, or cookies did not come along: fetch sends none to another origin, for which getToken takes a function.",
  403: "It refused. With a `reason` and a `message` of its own in the answer's JSON, users would be told why.",
  404: "Nothing is there: check the address of the token endpoint.",
  405: "A token endpoint takes POST.",
  500: "It failed: look into the log of your backend.",
};

function adviceOn({ source, status = 200 }: UploadError): string | undefined {
  if (source === "token-endpoint") return adviceByStatus[status > 499 ? 500 : status];
  return "That is no answer of Sluice's: `endpoint` is the address of something else, or a proxy in front answers in Sluice's place (413: its limit on bodies).";
}

/** Browsers hide from scripts why a request got no answer. Test requests find out some of it. */
async function reasonForSilence({ reason }: UploadError, url: string): Promise<string> {
  if (await answers(url, { headers: { "content-type": "application/json" } })) {
    return "It answers now: the connection broke, maybe at a limit on size or time of a proxy in front.";
  }
  if (!(await answers(url, { mode: "no-cors" }))) {
    return "Nothing answers there: is it running, is its address right and its certificate trusted, and does the page's Content-Security-Policy (connect-src) allow it?";
  }
  if (reason === "NETWORK") {
    return "CORS: something answers there, but not as Sluice, which pages of any origin may read. Is `endpoint` the address of something else, or does a proxy in front answer in Sluice's place?";
  }
  const { origin } = location;
  return `CORS: it answers, but pages of ${origin} may not read that. uploadTokenHandler takes cors: { origins: ["${origin}"] }; anything else has to answer OPTIONS and POST with Access-Control-Allow-Origin, and to allow the header content-type.`;
}

async function answers(url: string, init: RequestInit): Promise<boolean> {
  try {
    await fetch(url, { ...init, cache: "no-store", credentials: "omit" });
    return true;
  } catch {
    return false;
  }
}
