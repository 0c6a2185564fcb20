import { createHmac, timingSafeEqual } from "node:crypto";
import { settings } from "./settings.ts";

/** Your application keeps these in a database, with the passwords hashed. */
const passwords: ReadonlyMap<string, string> = new Map([
  ["ada", "difference"],
  ["grace", "compiler"],
]);

/** Lifetime of a session in seconds. */
const lifetimeSeconds = 8 * 3600;

/** Handles the sign-in form: sets a signed cookie and redirects to the page. */
export async function signIn(request: Request): Promise<Response> {
  // Another site could sign its visitors in under an account of its own, and would then get what they upload.
  if (!isOwnPage(request)) return new Response("Sign in on the page itself.\n", { status: 403 });
  const form = await request.formData();
  const user = String(form.get("user"));
  const password = passwords.get(user);
  if (password === undefined || !isEqual(password, String(form.get("password")))) {
    return seeOther("/?wrong");
  }
  const content = `${user}.${Math.floor(Date.now() / 1000) + lifetimeSeconds}`;
  return seeOther("/", `${content}.${sign(content)}`, lifetimeSeconds);
}

/** Handles the button that signs out. */
export async function signOut(request: Request): Promise<Response> {
  if (!isOwnPage(request)) return new Response("Sign out on the page itself.\n", { status: 403 });
  return seeOther("/", "", 0);
}

/** Returns the user who sent the request, if they are signed in. */
export function userOf({ headers }: { readonly headers: Pick<Headers, "get"> }): string | undefined {
  const cookies = headers.get("Cookie") ?? "";
  const [, user = "", expires = "", signature = ""] = /(?:^|;\s*)session=([^.;]+)\.(\d+)\.([^.;]+)/.exec(cookies) ?? [];
  const valid = isEqual(sign(`${user}.${expires}`), signature) && Number(expires) > Date.now() / 1000;
  return valid ? user : undefined;
}

function isOwnPage(request: Request): boolean {
  return (request.headers.get("Sec-Fetch-Site") ?? "same-origin") === "same-origin";
}

/** @param session what the cookie is to hold from now on, for so many seconds */
function seeOther(path: string, session?: string, seconds?: number): Response {
  const headers = new Headers({ Location: path });
  if (session !== undefined) {
    headers.set("Set-Cookie", `session=${session}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax`);
  }
  return new Response(null, { status: 303, headers });
}

function sign(content: string): string {
  return createHmac("sha256", settings.sessionSecret).update(content).digest("base64url");
}

/** Compares two texts in constant time, so that the time doesn't show where they differ. */
function isEqual(one: string, other: string): boolean {
  const [a, b] = [sign(one), sign(other)].map((text) => Buffer.from(text)) as [Buffer, Buffer];
  return timingSafeEqual(a, b);
}
