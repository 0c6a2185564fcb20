import { byId, jsonText, setHidden, setText } from "./dom.ts";
import type { Flow } from "./flow.ts";

interface DecodedToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * Decodes the header and claims of a token, which anybody can read: it is signed, not encrypted. Nothing is verified
 * here.
 */
export function decodeToken(token: string): DecodedToken {
  const [header = "", claims = ""] = token.split(".");
  return { header: decodePart(header), claims: decodePart(claims) };
}

function decodePart(part: string): Readonly<Record<string, unknown>> {
  const bytes = Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (byte) => byte.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** Fills the page's four steps with what happened to this upload. Everything from outside is inserted as text. */
export function showFlow(flow: Flow): void {
  const { file, request, tokenAnswer, token, parameters, result, error } = flow;
  setText("flow-of", `What happened to ${file.name}:`);
  setText("token-request", jsonText(request));
  setHidden("ask-details", request === undefined);
  setHidden("token-details", token === undefined);
  if (token !== undefined) showToken(token);
  setText("form-fields", formText(flow));
  setHidden("form-details", token === undefined);
  const isTokenRefused = error !== undefined && token === undefined;
  showRefusal("token-refusal", isTokenRefused ? error : undefined);
  showRefusal("upload-refusal", isTokenRefused ? undefined : error);
  const answer = result ?? (isTokenRefused ? tokenAnswer : error?.response);
  setText("answer", jsonText(answer));
  setText("answer-status", result ? "200" : String(error?.status ?? ""));
  setHidden("answer-details", answer === undefined || isTokenRefused);
  setHidden("replay", token === undefined || parameters === undefined);
  showRefusal("replay-refusal", undefined);
}

interface Told {
  readonly reason: string;
  readonly message: string;
  readonly help?: string | undefined;
  readonly status?: number | undefined;
}

/** Shows a refusal in the server's words. Undefined removes it. */
export function showRefusal(id: string, refusal: Told | undefined): void {
  const place = byId(id, HTMLElement);
  place.hidden = refusal === undefined;
  place.replaceChildren();
  if (refusal === undefined) return;
  const { status = "", reason, message, help = "" } = refusal;
  const tag = Object.assign(document.createElement("span"), { className: "tag", textContent: `${status} ${reason}` });
  const what = Object.assign(document.createElement("strong"), { textContent: message });
  place.replaceChildren(tag, what, document.createTextNode(` ${help}`));
}

function showToken(token: string): void {
  const { header, claims } = decodeToken(token);
  const until = new Date(Number(claims.exp) * 1000).toLocaleTimeString();
  const seconds = Number(claims.exp) - Number(claims.iat);
  setText(
    "token-note",
    `Valid for ${seconds} seconds, until ${until}. Anyone can read it, but only the private key can sign it.`,
  );
  setText("token-header", jsonText(header));
  setText("token-claims", jsonText(claims));
  setText("token-text", token);
}

function formText({ file, token, parameters }: Flow): string {
  const fields = Object.entries({ token, ...parameters, file: `${file.name}, ${file.size} bytes` });
  return fields.map(([name, value]) => `${name}: ${value}`).join("\n");
}
