import { basic } from "./upload.ts";

/** The members of a listed file that the tests read. */
export interface ListedFile {
  readonly fileId: string;
  readonly filePath: string;
  readonly url: string;
}

/** Every file of the account. */
export async function listFiles(url: string, authorization = basic): Promise<ListedFile[]> {
  const answer = await fetch(`${url}/v1/files?limit=1000`, { headers: { authorization } });
  if (!answer.ok) throw new Error(`GET /v1/files answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as ListedFile[];
}

/** Fetches the bytes as they were uploaded. The server may have moved to another port since it gave the file's URL. */
export async function fetchOriginal(serverUrl: string, fileUrl: string): Promise<Buffer> {
  const { pathname } = new URL(fileUrl);
  const answer = await fetch(`${serverUrl}${pathname}?tr=orig-true`);
  if (!answer.ok) throw new Error(`GET ${pathname} answered ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}
