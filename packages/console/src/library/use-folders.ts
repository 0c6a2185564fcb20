import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { call } from "../api/call.ts";
import type { LibraryFolder } from "./library-file.ts";

const pageSize = 500;
/** Of a folder with more pages of folders than this, the rest is not listed; a search finds it. */
const maxPages = 20;

const foldersKey = (path: string) => ["folders", path] as const;

/** The folders in a folder, by name. Long lists arrive page by page. */
export function useFolders(path: string, isWanted = true) {
  const query = useInfiniteQuery({
    queryKey: foldersKey(path),
    enabled: isWanted,
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam: cursor, signal }) => {
      const page = { path, type: "folder", sort: "ASC_NAME", limit: pageSize, ...(cursor !== undefined && { cursor }) };
      const { body, headers } = await call("GET /v1/files", { query: page as never }, signal);
      return { folders: body as readonly LibraryFolder[], next: headers.get("x-next-cursor") ?? undefined };
    },
    getNextPageParam: ({ next }, pages) => (pages.length < maxPages ? next : undefined),
  });
  const { hasNextPage, isFetching, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const folders = useMemo(() => query.data?.pages.flatMap(({ folders }) => folders), [query.data]);
  return { folders, isWhole: query.data !== undefined && !hasNextPage, error: query.error, refetch: query.refetch };
}
