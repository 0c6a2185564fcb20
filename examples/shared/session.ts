import { createHmac, timingSafeEqual } from "node:crypto";
import { settings } from "./settings.ts";

/** Yours are in a database, their passwords hashed. */
const passwords: ReadonlyMap<string, string> = new Map([
  ["ada", "difference"],
  ["grace", "compiler"],
]);

/** Seconds. */
const lifetime = 8 * 3600;

/** Takes the sign-in form, sets a signed cookie and goes back to the page. */
export async function signIn(request: Request): Promise<Response> {
  // Another site could sign its visitors in as somebody of its own, who would then get what they upload.
  const site = request.headers.get("Sec-Fetch-Site") ?? "same-origin";
  if (site !== "same-origin") {
    return new Response("Sign in on the page itself.\n", { status: 403 });
  }
  const form = await request.formData();
  const user = String(form.get("user"));
  const password = passwords.get(user);
  if (password === undefined || !isEqual(password, String(form.get("password")))) {
    return new Response("There is no such user with this password.\n", { status: 401 });
  }
  const content = `${user}.${Math.floor(Date.now() / 1000) + lifetime}`;
  const cookie = `session=${content}.${sign(content)}; Path=/; Max-Age=${lifetime}; HttpOnly; SameSite=Lax`;
  return new Response(null, { status: 303, headers: { Location: "/", "Set-Cookie": cookie } });
}

/** Who sent the request, if they are signed in. */
export function userOf(request: Request): string | undefined {
  const cookies = request.headers.get("Cookie") ?? "";
  const [, user = "", expires = "", signature = ""] = /(?:^|;\s*)session=([^.;]+)\.(\d+)\.([^.;]+)/.exec(cookies) ?? [];
  const valid = isEqual(sign(`${user}.${expires}`), signature) && Number(expires) > Date.now() / 1000;
  return valid ? user : undefined;
}

function sign(content: string): string {
  return createHmac("sha256", settings.sessionSecret).update(content).digest("base64url");
}

/** In a time that doesn't tell where the two differ. */
function isEqual(one: string, other: string): boolean {
  const [a, b] = [sign(one), sign(other)].map((text) => Buffer.from(text)) as [Buffer, Buffer];
  return timingSafeEqual(a, b);
}
