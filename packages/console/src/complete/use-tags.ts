import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../api/call.ts";

/** A request begins once nobody has typed for this time. */
const typingMs = 200;

/** Tags of the library that begin so. @param isWanted false where nobody would see them */
export function useTags(beginning: string, isWanted: boolean, limit = 8): readonly string[] {
  const client = useQueryClient();
  const [settled] = useDebouncedValue(beginning, typingMs);
  const { data } = useQuery({
    queryKey: ["tags", settled, limit],
    queryFn: async ({ signal }) =>
      knownTags(settled) ??
      (await call("GET /v1/files/tags", { query: { beginning: settled, limit } }, signal)).body.tags,
    enabled: isWanted && beginning === settled,
    placeholderData: keepPreviousData,
  });
  if (!isWanted) return [];
  // While the request is due, what is known already narrows down to what still fits.
  return beginning === settled ? (data ?? []) : fitting(data ?? [], beginning);

  /** The tags, where a shorter beginning was asked for before and had no further ones. */
  function knownTags(text: string): readonly string[] | undefined {
    for (let length = text.length - 1; length > 0; length--) {
      const key = ["tags", text.slice(0, length), limit];
      const state = client.getQueryState<readonly string[]>(key);
      const isFresh = state?.data !== undefined && !state.isInvalidated && Date.now() - state.dataUpdatedAt < freshMs;
      if (isFresh && Number(state.data?.length) < limit) return fitting(state.data ?? [], text);
    }
    return undefined;
  }
}

/** What was asked for this long ago answers for longer beginnings. */
const freshMs = 30_000;

/** As the server compares them: without regard to capitals. */
function fitting(tags: readonly string[], beginning: string): readonly string[] {
  const lower = beginning.toLowerCase();
  return tags.filter((tag) => tag.toLowerCase().startsWith(lower));
}
