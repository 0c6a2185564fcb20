import { useQuery } from "@tanstack/react-query";
import { call } from "../api/call.ts";
import { asProblem, type Problem } from "../api/problem.ts";
import { type QueryProblem, queryProblemIn } from "./search-query.ts";

interface FoundProblem {
  readonly mistake: QueryProblem | undefined;
  /** Whether the mistake is still being looked for. */
  readonly isAsking: boolean;
}

/**
 * The mistake in what was typed, once a list was refused for its query. The list's query has more in it than was typed,
 * and its refusal may speak of that, so the server is asked about the typed text alone.
 */
export function useQueryProblem(typed: string | undefined, refusal: Problem | undefined): FoundProblem {
  const isWrong = typed !== undefined && refusal?.reason === "SEARCH_QUERY_INVALID";
  const { data, isPending } = useQuery({
    queryKey: ["query problem", typed],
    enabled: isWrong,
    queryFn: async ({ signal }) => {
      const query = { searchQuery: String(typed).trim(), limit: 1 } as const;
      const refused = await call("GET /v1/files", { query }, signal).then(
        () => undefined,
        (error: unknown) => asProblem(error),
      );
      return queryProblemIn(refused?.help) ?? null;
    },
  });
  if (!isWrong) return { mistake: undefined, isAsking: false };
  // In the list's query, a parenthesis stands before what was typed.
  return { mistake: data ?? queryProblemIn(refusal?.help, 1), isAsking: isPending };
}
