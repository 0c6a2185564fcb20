import { previewSides } from "@sluice/protocol";
import { useQuery } from "@tanstack/react-query";
import { call } from "../api/call.ts";
import { queries } from "../api/queries.ts";
import { useMayChange } from "../door/session.ts";
import { here, type LibraryFile } from "../library/library-file.ts";

/** The ids that one request asks for. */
const maxAtOnce = 100;
/**
 * A link works for ten minutes at least. After this time, the next change that is told of asks for a new one: no clock
 * does, so that the session of a page that nobody uses can end.
 */
const freshMs = 8 * 60_000;

interface Asking {
  readonly versionId: string;
  readonly settle: (url: string | undefined) => void;
  readonly fail: (error: unknown) => void;
}

let asked: Asking[] = [];

/** Asks for a link together with all others that are asked for at the same time. @returns undefined for a lost version */
function askForLink(versionId: string): Promise<string | undefined> {
  return new Promise((settle, fail) => {
    asked.push({ versionId, settle, fail });
    if (asked.length === 1) setTimeout(askForAll, 0);
  });
}

function askForAll(): void {
  const waiting = asked;
  asked = [];
  for (let start = 0; start < waiting.length; start += maxAtOnce) {
    void askForSome(waiting.slice(start, start + maxAtOnce));
  }
}

async function askForSome(some: readonly Asking[]): Promise<void> {
  try {
    const versionIds = some.map(({ versionId }) => versionId);
    const { body } = await call("POST /_sluice/previews", { body: { versionIds } });
    const links = new Map(body.previews.map(({ versionId, url }) => [versionId, url]));
    for (const { versionId, settle } of some) settle(links.get(versionId));
  } catch (error) {
    for (const { fail } of some) fail(error);
  }
}

/** Whether everybody may load the file by its own address. */
export function isOpen({ isPrivateFile, isPublished }: Pick<LibraryFile, "isPrivateFile" | "isPublished">): boolean {
  return isPublished && !isPrivateFile;
}

/**
 * A link that shows a version which is private or a draft. Keys that may only read get none.
 * @param versionId undefined where no link is wanted
 * @returns undefined while there is none; null where there will be none
 */
export function usePreviewLink(versionId: string | undefined): string | null | undefined {
  const mayAsk = useMayChange();
  const { data, isError } = useQuery({
    queryKey: ["preview link", versionId],
    enabled: versionId !== undefined && mayAsk,
    staleTime: freshMs,
    gcTime: freshMs,
    queryFn: async () => (await askForLink(versionId ?? "")) ?? null,
  });
  if (!mayAsk || (isError && data === undefined)) return null;
  return typeof data === "string" ? here(data) : data;
}

/** Asks for another link, where one is shown. @returns after the answer, whatever it is */
export function renewLink(versionId: string): Promise<void> {
  return queries.refetchQueries({ queryKey: ["preview link", versionId], type: "active" });
}

/** @param side pixels of the screen */
export function sidedLink(link: string, side: number): string {
  return `${link}&side=${previewSides.find((made) => made >= side) ?? previewSides.at(-1)}`;
}

/** @param page of a PDF, counted from 1 */
export function pageLink(link: string, side: number, page: number): string {
  return `${sidedLink(link, side)}&page=${page}`;
}
