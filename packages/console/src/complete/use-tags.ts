import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { call } from "../api/call.ts";

/** Tags of the library that begin so. @param isWanted false where nobody would see them */
export function useTags(beginning: string, isWanted: boolean, limit = 8): readonly string[] {
  const { data } = useQuery({
    queryKey: ["tags", beginning, limit],
    queryFn: async ({ signal }) =>
      (await call("GET /v1/files/tags", { query: { beginning, limit } }, signal)).body.tags,
    enabled: isWanted,
    placeholderData: keepPreviousData,
  });
  return isWanted ? (data ?? []) : [];
}
