import { userOf } from "./session.ts";
import { settings } from "./settings.ts";

export interface Picture {
  readonly name: string;
  /** It takes a transformation in its query: `square-of.ts`. */
  readonly url: string;
}

/** The newest pictures of the user: what is in their folder. The private key stays in the backend. */
export async function picturesOf(user: string): Promise<readonly Picture[]> {
  const query = new URLSearchParams({ path: `/users/${user}`, fileType: "image", sort: "DESC_CREATED", limit: "50" });
  const headers = { Authorization: `Basic ${btoa(`${settings.keys.privateKey}:`)}` };
  const answer = await fetch(`${settings.sluiceUrl}/v1/files?${query}`, { headers });
  if (!answer.ok) throw new Error(`Sluice answered ${answer.status}: ${await answer.text()}`);
  const files: readonly Picture[] = await answer.json();
  return files.map(({ name, url }) => ({ name, url }));
}

/** The route that the page asks. */
export async function listPictures(request: Request): Promise<Response> {
  const user = userOf(request);
  if (user === undefined) return new Response("Sign in first.\n", { status: 401 });
  return Response.json(await picturesOf(user), { headers: { "Cache-Control": "no-store" } });
}
